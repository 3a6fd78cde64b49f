"""Another provider of texts is one class with `send` and `find`: everything else goes on as it is,
with nothing but these two touched.
"""

from datetime import timedelta

import pytest
from flask import Flask

from app.messaging import channels
from app.messaging.transports import Lost, Outcome, Parcel, Trace
from tests.cast import NOW
from tests.messaging.steps import reconcile, stored, work


class Pigeons:
    """A third provider: what it answers is set by the test, what it was given is kept."""

    paced = False

    def __init__(self) -> None:
        self.answers: list[Outcome] = []
        self.carried: dict[str, Parcel] = {}
        self.lost: list[Lost] = []

    def send(self, parcel: Parcel) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Outcome("accepted")
        if answer.kind in ("accepted", "unknown"):
            self.carried[f"P{len(self.carried) + 1}"] = parcel
        return answer if answer.kind != "accepted" else Outcome("accepted", sid=self.last())

    def find(self, lost: Lost) -> Trace:
        self.lost.append(lost)
        sid = next((s for s, p in self.carried.items() if p.row_id == lost.row_id), None)
        return Trace("found", sid=sid, status="delivered") if sid else Trace("absent")

    def last(self) -> str:
        return list(self.carried)[-1]


@pytest.fixture
def pigeons(app: Flask) -> Pigeons:
    made = Pigeons()
    app.extensions["transports"] = {"text": made, "email": made}
    return made


def test_a_text_goes_by_it_with_its_words_and_its_id(pigeons: Pigeons, queue) -> None:
    row_id = queue(1)
    work()

    row, parcel = stored(row_id), pigeons.carried["P1"]
    assert (row.state, row.provider_id) == ("accepted", "P1")
    assert (parcel.to, parcel.body) == ("+447700900001", row.body)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Outcome("again", "busy"), "ready"),
        (Outcome("refused", "nobody has this number"), "failed"),
        (Outcome("unknown", "no answer"), "unknown"),
    ],
)
def test_each_of_its_answers_is_understood(pigeons: Pigeons, queue, answer, state) -> None:
    pigeons.answers = [answer]
    row_id = queue(1)
    work()

    assert stored(row_id).state == state


def test_its_refusal_of_us_stops_the_channel(pigeons: Pigeons, queue) -> None:
    pigeons.answers = [Outcome("stopped", "the loft does not know us")]
    row_id = queue(1)
    work()

    rest = channels.channel("text")
    assert rest is not None
    assert rest.stopped
    assert stored(row_id).state == "ready"


@pytest.mark.parametrize(("carried", "state"), [(True, "delivered"), (False, "ready")])
def test_what_it_did_not_answer_is_looked_for_there(
    pigeons: Pigeons, queue, carried, state
) -> None:
    pigeons.answers = [Outcome("unknown", "no answer")]
    row_id = queue(1)
    work()
    if not carried:
        pigeons.carried.clear()
    reconcile(NOW + timedelta(hours=1))

    assert [lost.row_id for lost in pigeons.lost] == [row_id]
    assert stored(row_id).state == state
