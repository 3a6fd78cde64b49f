"""What keeps a family's time from being confirmed, however it is said: inside `confirm()`, by the
button of staff, by a text's "1" and by the link. And what nobody can explain away.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.leaving import leave_staff
from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.places.keep_places import close_place
from app.risk.models import Assessment
from app.scheduling.answer import confirm
from app.scheduling.book import Booking, book
from app.scheduling.cancel import cancel
from app.scheduling.in_doubt import explain
from app.scheduling.interpreters import close_interpreter
from app.scheduling.models import Appointment
from app.scheduling.recheck import ask_to_look, clear_check
from app.settings import store
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.messaging.steps import arrive, read_all
from tests.programmes.course import VIDEO_DAY, agreed, at, one, paired, says, started
from tests.scheduling.reading import words
from tests.scheduling.rules_broken import (
    NOON,
    Numbers,
    at_the_hub,
    away,
    closed,
    home_forgotten,
    home_raised,
    interpreter,
    nobody_else,
    other_home,
    with_interpreter,
    with_kerensa,
)
from tests.scheduling.test_every_rule import kept
from tests.scheduling.test_link_pages import token_for

SignIn = Callable[[Staff], FlaskClient]


def level(name: str) -> Callable[[Cast], None]:
    def assessed(cast: Cast) -> None:
        rows = select(Assessment).where(Assessment.place_id == cast.hannah.home_id)
        row = db.session.scalars(rows).one()
        row.level, row.approved_at = name, NOW
        db.session.commit()

    return assessed


def cover_ends_at_noon(cast: Cast) -> None:
    transact(lambda: store.change_setting("cover_until", 12 * 60, by=cast.morwenna, at=NOW))


def tamsin_leaves(cast: Cast) -> None:
    transact(lambda: leave_staff(cast.tamsin, hand_to=cast.kerensa, by=cast.morwenna, at=NOW))


def hub_closes(cast: Cast) -> None:
    transact(lambda: close_place(cast.hub, by=cast.morwenna, at=NOW))


def interpreter_leaves(cast: Cast) -> None:
    transact(lambda: close_interpreter(interpreter(), by=cast.morwenna, at=NOW))


@dataclass(frozen=True)
class Hindrance:
    """What `happens` to a booked visit at `start`, and the sentence that staff read. `for_good`:
    nobody may set it aside, so it cannot be explained either."""

    name: str
    says: str
    happens: Callable[[Cast], object]
    there: Callable[[Cast], Numbers] = nobody_else
    start: datetime = NOON
    for_good: bool = True
    kind: str = "goals_visit"

    def booked(self, cast: Cast) -> Appointment:
        says(cast)
        here: Numbers = {"place_id": cast.hannah.home_id, **self.there(cast)}
        minutes = 45 if self.kind == "video_session" else 60
        wanted = Booking(self.kind, cast.hannah.id, cast.tamsin.id, self.start, minutes, **here)
        row = transact(lambda: book(wanted, by=cast.jago, at=NOW))
        self.happens(cast)
        return one(row.id)


EVERY_HINDRANCE = (
    Hindrance("thinking", "This family has not said yes.", lambda cast: says(cast, "thinking")),
    Hindrance("not assessed", "This home has not been assessed", home_forgotten),
    Hindrance("high", "This home needs two workers", level("high")),
    Hindrance("no visits", "There are no visits to this home", level("no_home_visits")),
    Hindrance("dark", "between sunrise and sunset", home_raised, start=at(VIDEO_DAY, 15, 30)),
    Hindrance("cover", "Home visits end 60 minutes before duty cover does", cover_ends_at_noon),
    Hindrance("moved", "The family has moved from this address.", other_home),
    Hindrance("left", "Tamsin Nance does not work here any more.", tamsin_leaves),
    Hindrance("away", "Tamsin Nance is away then.", away("tamsin"), for_good=False),
    Hindrance("second", "Kerensa Tregenza is away then.", away("kerensa"), with_kerensa,
              for_good=False),
    Hindrance("closed", "Truro Family Hub is closed then.", closed, at_the_hub, for_good=False),
    Hindrance("shut", "Truro Family Hub is closed for good.", hub_closes, at_the_hub,
              for_good=False),
    Hindrance("interpreter", "Oksana does not interpret any more.", interpreter_leaves,
              with_interpreter, for_good=False),
)  # fmt: skip
CONSENT = Hindrance(
    "consent", "Consent to film is not on record", lambda cast: None, kind="video_session",
    for_good=False,
)  # fmt: skip
every_hindrance = pytest.mark.parametrize(
    "hindrance", [*EVERY_HINDRANCE, CONSENT], ids=lambda one: one.name
)
for_good = pytest.mark.parametrize(
    "hindrance", [one for one in EVERY_HINDRANCE if one.for_good], ids=lambda one: one.name
)
explainable = pytest.mark.parametrize(
    "hindrance", [one for one in EVERY_HINDRANCE if not one.for_good], ids=lambda one: one.name
)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@every_hindrance
def test_it_is_not_confirmed(cast: Cast, hindrance: Hindrance) -> None:
    row = hindrance.booked(cast)
    before = kept()

    with pytest.raises(DomainError, match=hindrance.says):
        transact(lambda: confirm(one(row.id), by=cast.jago, at=NOW, how="phone"))

    assert kept() == before


@pytest.mark.one_database
@every_hindrance
def test_the_button_of_staff_does_not_confirm_it(
    cast: Cast, sign_in: SignIn, hindrance: Hindrance
) -> None:
    row = hindrance.booked(cast)
    before = kept()

    form = {"version": row.version, "how": "phone", "override_reason": "They said so"}
    answer = sign_in(cast.morwenna).post(f"/appointments/{row.id}/keep", data=form)

    assert answer.status_code == 409
    assert hindrance.says in words(answer)
    assert "There is a problem" in words(answer)
    assert kept() == before


@pytest.mark.one_database
@every_hindrance
def test_what_the_family_says_is_noted_for_a_person(
    cast: Cast, client: FlaskClient, hindrance: Hindrance
) -> None:
    row = hindrance.booked(cast)
    number, link = row.id, "/a/" + token_for(row)

    def by_link() -> None:
        assert client.post(link, data={"do": "keep"}).status_code == 303

    def by_text() -> None:
        arrive(142, "1")
        read_all()

    for says_so in (by_link, by_text):
        says_so()
        assert one(number).status == "booked"
        (noted,) = db.session.scalars(select(Task).where(Task.words.startswith("They keep Tue")))
        assert hindrance.says in noted.words
        db.session.delete(noted)
        db.session.commit()


@pytest.mark.one_database
@for_good
def test_it_cannot_be_explained_away(cast: Cast, sign_in: SignIn, hindrance: Hindrance) -> None:
    row = hindrance.booked(cast)
    transact(lambda: ask_to_look(one(row.id), "In doubt.", at=NOW, kind="in_doubt"))
    task = db.session.scalars(select(Task).where(Task.words == "In doubt.")).one()
    browser, before = sign_in(cast.morwenna), kept()

    form = {"version": row.version, "words": "It will be fine", "outcome": "It will be fine"}
    answers = [
        browser.post(address, data=form)
        for address in (f"/appointments/{row.id}/stands", f"/tasks/{task.id}")
    ]

    assert [answer.status_code for answer in answers] == [409, 422]
    for answer in answers:
        assert hindrance.says in words(answer)
    assert kept() == before


@explainable
def test_what_is_explained_may_be_kept(cast: Cast, hindrance: Hindrance) -> None:
    row = hindrance.booked(cast)

    transact(lambda: explain(one(row.id), "It is arranged", by=cast.jago, at=NOW))
    transact(lambda: confirm(one(row.id), by=cast.jago, at=NOW, how="phone"))

    assert one(row.id).status == "confirmed"


@pytest.mark.one_database
@for_good
def test_what_was_imported_is_not_let_stand(
    cast: Cast, sign_in: SignIn, hindrance: Hindrance
) -> None:
    row = hindrance.booked(cast)
    row.to_check, row.status, row.reasons = True, "provisional", [["imported", "Look at it."]]
    db.session.commit()
    before = kept()

    form = {"version": row.version}
    answer = sign_in(cast.morwenna).post(f"/appointments/{row.id}/check-done", data=form)

    assert answer.status_code == 409
    assert hindrance.says in words(answer)
    assert kept() == before
    with pytest.raises(DomainError, match=hindrance.says):
        transact(lambda: clear_check(one(row.id), by=cast.morwenna, at=NOW))


def test_once_it_may_be_kept_nothing_is_left_to_look_at(cast: Cast) -> None:
    row = CONSENT.booked(cast)
    transact(lambda: ask_to_look(one(row.id), "In doubt.", at=NOW, kind="in_doubt"))
    transact(lambda: ask_to_look(one(row.id), "They keep it.", at=NOW))
    agreed(cast)

    transact(lambda: confirm(one(row.id), by=cast.jago, at=NOW, how="phone"))

    assert one(row.id).status == "confirmed"
    assert db.session.scalars(select(Task).where(Task.closed_at.is_(None))).all() == []


def over(cast: Cast, row: Appointment) -> datetime:
    return row.ends_at


def cancelled(cast: Cast, row: Appointment) -> datetime:
    transact(lambda: cancel(row, "child_ill", by=cast.jago, at=NOW))
    return NOW


@pytest.mark.one_database
@pytest.mark.parametrize("become", [over, cancelled])
def test_what_is_over_or_cancelled_is_not_confirmed_and_asks_nobody(
    cast: Cast,
    client: FlaskClient,
    sign_in: SignIn,
    become: Callable[[Cast, Appointment], datetime],
) -> None:
    row = CONSENT.booked(cast)
    number, link = row.id, "/a/" + token_for(row)
    agreed(cast)
    then = become(cast, one(number))
    before = kept()

    with time_machine.travel(then, tick=False):
        with pytest.raises(DomainError):
            transact(lambda: confirm(one(number), by=cast.jago, at=then, how="phone"))
        client.post(link, data={"do": "keep"})
        form = {"version": one(number).version}
        assert sign_in(cast.jago).post(f"/appointments/{number}/keep", data=form).status_code == 409
        arrive(142, "1", then)
        read_all(then)

    assert kept()["appointment"] == before["appointment"]
    noted = select(Task).where(Task.words.startswith("They keep"))
    assert db.session.scalars(noted).all() == []


def test_a_review_without_its_clips_is_not_confirmed(cast: Cast) -> None:
    _video, review = paired(cast, started(cast))
    before = kept()

    with pytest.raises(DomainError, match="this one is provisional"):
        transact(lambda: confirm(one(review), by=cast.jago, at=NOW, how="phone"))

    assert kept() == before
