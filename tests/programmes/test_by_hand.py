"""Choice, consent and review are kept by the acts: requests made by hand get no further than forms,
and neither do replies and link pages.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.messaging import inbound
from app.messaging.models import Outbox, Reply
from app.programmes.models import Programme
from app.programmes.queries import open_programme
from app.scheduling.answer import keep
from app.scheduling.chosen import Chosen
from app.scheduling.models import Appointment, Reservation
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import (
    REVIEW_DAY,
    TODAY,
    VIDEO_DAY,
    agreed,
    at,
    cycle,
    goal,
    one,
    paired,
    people,
    says,
    started,
)
from tests.programmes.pages import typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sent(cast: Cast, kind: str, **more: object) -> dict[str, object]:
    """What the pages of booking hand on, written by hand."""
    minutes = {"goals_visit": 60, "video_session": 45, "shared_review": 60, "pair": 45}[kind]
    return {
        "kind": kind, "minutes": minutes, "who": cast.tamsin.id, "where": "home",
        "carer": people(cast.hannah)[0][1], "time": Chosen(at(VIDEO_DAY, 10), cast.tamsin.id,
        None).value, **more,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["goals_visit", "video_session", "shared_review"])
@pytest.mark.parametrize("step", [None, "wants_to_talk", "thinking", "not_now", "no"])
def test_a_hand_made_booking_before_the_yes_books_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, kind: str, step: str | None
) -> None:
    if step:
        says(cast, step)

    for person in (cast.jago, cast.tamsin, cast.morwenna):
        answer = sign_in(person).post(
            "/families/F1042/book/check",
            query_string=sent(cast, kind),
            data={"once": "by-hand", "override_reason": "The manager says so"},
        )
        assert answer.status_code in (409, 422)
        assert "has not said yes" in words_of(answer)
    assert db.session.scalars(select(Appointment)).all() == []
    assert db.session.scalars(select(Reservation)).all() == []
    assert db.session.scalars(select(Outbox)).all() == []


def test_a_yes_that_a_worker_passes_on_opens_nothing(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    data = {"step": "yes", "how": "worker", "on": typed(TODAY)}

    assert jago.post("/families/F1042/choice", data=data).status_code == 422

    started_one = jago.post(
        "/families/F1042/programme", data={"practitioner": cast.tamsin.id, "planned_cycles": "3"}
    )
    assert started_one.status_code == 422
    assert open_programme(cast.hannah.id) is None


@pytest.mark.parametrize("step", ["withdrew", "no", "not_now"])
def test_stopping_cancels_what_is_booked_and_holds_back_its_texts(
    app: Flask, cast: Cast, sign_in: SignIn, step: str
) -> None:
    programme = started(cast)
    agreed(cast)
    filming, reviewing = paired(cast, programme)
    jago = sign_in(cast.jago)

    answer = jago.post(
        "/families/F1042/choice",
        data={
            "step": step, "how": "phone", "on": typed(TODAY),
            "ask_again_on": typed(date(2027, 3, 1)) if step == "not_now" else ["", "", ""],
        },
    )  # fmt: skip

    assert answer.status_code == 302
    assert {one(filming).status, one(reviewing).status} == {"cancelled"}
    assert db.session.scalars(select(Reservation)).all() == []
    texts = db.session.execute(select(Outbox.state, Outbox.reason).where(Outbox.channel == "text"))
    assert {(state, bool(reason)) for state, reason in texts} == {("cancelled", True)}
    ended = db.session.get_one(Programme, programme.id, populate_existing=True)
    assert (ended.ending == "family_chose") == (step != "not_now")
    page = words_of(jago.get("/families/F1042"))
    assert "govuk-tag--red" not in page
    again = jago.post(
        "/families/F1042/book/check",
        query_string=sent(cast, "video_session", cycle=cycle(programme).id),
        data={"once": "after"},
    )
    assert again.status_code in (409, 422)


def test_a_video_is_booked_without_consent_and_kept_by_nobody(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    goal(cast, programme)
    filming, _ = paired(cast, programme)
    tamsin = sign_in(cast.tamsin)
    assert one(filming).status == "booked"
    page = words_of(tamsin.get("/families/F1042"))
    assert "ask Hannah and Leo whether they may be filmed" in page
    assert "Consent to film is not on record for Hannah and Leo" in words_of(
        tamsin.get(f"/appointments/{filming}")
    )

    by_hand = tamsin.post(f"/appointments/{filming}/keep", data={"version": "1"})
    assert by_hand.status_code == 409
    transact(lambda: keep(one(filming), by="carer:1", at=NOW, how="link"))
    db.session.add(
        Reply(
            provider_id="SM1", from_number="+447700900142", to_number="+447700900000", body="1",
            received_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    transact(lambda: inbound.read_next(at=NOW))

    assert one(filming).status == "booked"
    tasks = " ".join(db.session.scalars(select(Task.words)))
    assert "cannot be confirmed yet" in tasks
    agreed(cast)
    kept = tamsin.post(f"/appointments/{filming}/keep", data={"version": str(one(filming).version)})
    assert kept.status_code == 302
    assert one(filming).status == "confirmed"


def test_a_review_waits_for_its_clips_whoever_asks(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    programme = started(cast)
    agreed(cast)
    _, reviewing = paired(cast, programme)
    tamsin = sign_in(cast.tamsin)

    answer = tamsin.post(f"/appointments/{reviewing}/keep", data={"version": "1"})

    assert answer.status_code == 409
    assert one(reviewing).status == "provisional"
    assert not db.session.scalars(
        select(Outbox).where(Outbox.about_id == reviewing, Outbox.channel == "text")
    ).all()
    typed = {"words": "Done", "version": str(cycle(programme).version)}
    assert tamsin.post("/cycles/1/review", data=typed).status_code == 422
    assert REVIEW_DAY.strftime("%-d Dec") in words_of(tamsin.get("/families/F1042"))


def test_an_imported_review_is_given_its_cycle(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    programme = started(cast)
    filming, _ = paired(cast, programme)
    row = one(filming)
    row.cycle_id = None
    db.session.commit()
    tamsin = sign_in(cast.tamsin)
    path = f"/appointments/{filming}/cycle"
    assert "Choose its cycle" in words_of(tamsin.get(f"/appointments/{filming}"))

    assert tamsin.post(path, data={"version": str(row.version)}).status_code == 422
    assert tamsin.post(path, data={"cycle": "999"}).status_code == 422
    assert tamsin.post(path, data={"cycle": "1", "version": "9"}).status_code == 409
    assert one(filming).cycle_id is None
    answer = tamsin.post(path, data={"cycle": "1", "version": str(row.version)})
    assert answer.location == f"/appointments/{filming}"
    assert one(filming).cycle_id == cycle(programme).id
