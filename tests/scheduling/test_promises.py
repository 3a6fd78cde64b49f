"""What booking and moving never do, whoever calls the acts and whatever a hand-made form sends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.families.models import Carer
from app.messaging.models import Outbox, SimulatedMessage
from app.risk.models import Assessment
from app.scheduling.book import Booking, book
from app.scheduling.cancel import cancel
from app.scheduling.chosen import Chosen
from app.scheduling.models import KINDS, Appointment, Reservation
from app.scheduling.move import Change, move
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.messaging.steps import work
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted

SignIn = Callable[[Staff], FlaskClient]
WHY = "Somebody said that it would be fine"
TIME = at(VIDEO_DAY, 10)


def made(booking: Booking, by: object) -> Appointment:
    return transact(lambda: book(booking, by=by, at=NOW))


def level(cast: Cast, name: str | None) -> None:
    """The home's level; None: it was not assessed."""
    rows = select(Assessment).where(Assessment.place_id == cast.hannah.home_id)
    for row in db.session.scalars(rows):
        if name is None:
            db.session.delete(row)
        else:
            row.level, row.approved_at = name, NOW
    db.session.commit()


def nothing_is_held() -> bool:
    return db.session.scalars(select(Reservation)).all() == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"conversation", "follow_up"}))
@pytest.mark.parametrize("step", [None, "wants_to_talk", "thinking", "not_now", "no", "withdrew"])
@pytest.mark.one_database
def test_no_visit_is_booked_without_the_familys_own_yes(
    cast: Cast, kind: str, step: str | None
) -> None:
    for said in ["yes", step] if step == "withdrew" else [step] if step else []:
        says(cast, said)
    asked = replace(wanted(cast, kind, TIME), override_reason=WHY)

    with pytest.raises(DomainError, match="has not said yes"):
        made(asked, cast.morwenna)

    assert nothing_is_held()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (None, "not been assessed"),
        ("high", "Two workers are needed"),
        ("no_home_visits", "no visits to this home"),
    ],
)
def test_no_lone_visit_to_a_home_whose_level_forbids_it_whatever_the_reason(
    cast: Cast, name: str | None, sentence: str
) -> None:
    says(cast)
    level(cast, name)
    asked = replace(wanted(cast, "goals_visit", TIME), override_reason=WHY)

    with pytest.raises(DomainError, match=sentence):
        made(asked, cast.morwenna)

    assert nothing_is_held()


def test_a_high_home_is_visited_by_two_and_a_venue_by_one(cast: Cast) -> None:
    says(cast)
    level(cast, "high")
    alone = wanted(cast, "goals_visit", TIME)

    two = made(replace(alone, starts_at=at(VIDEO_DAY, 12), second_id=cast.kerensa.id), cast.jago)
    later = at(VIDEO_DAY + timedelta(1), 10)
    one_at_the_hub = made(replace(alone, starts_at=later, place_id=cast.hub.id), cast.jago)

    assert two.risk_level == "high"
    assert one_at_the_hub.risk_level is None


def test_the_second_worker_is_not_the_first(cast: Cast) -> None:
    says(cast)
    level(cast, "high")
    asked = wanted(cast, "goals_visit", TIME)

    with pytest.raises(DomainError):
        made(replace(asked, second_id=cast.tamsin.id), cast.jago)

    assert nothing_is_held()


def test_moving_meets_the_same_rules(cast: Cast, goals: Appointment) -> None:
    later = Change(starts_at=at(VIDEO_DAY + timedelta(2), 10), override_reason=WHY)

    def moved() -> None:
        transact(lambda: move(one(goals.id), later, by=cast.morwenna, at=NOW))

    level(cast, None)
    with pytest.raises(DomainError, match="not been assessed"):
        moved()
    level_again = Assessment(
        place_id=cast.hannah.home_id, level="high", looked_on=NOW.date(), approved_at=NOW,
        look_again_on=NOW.date() + timedelta(180), created_at=NOW,
    )  # fmt: skip
    db.session.add(level_again)
    db.session.commit()
    with pytest.raises(DomainError, match="Two workers are needed"):
        moved()

    assert one(goals.id).starts_at == TIME


def test_a_practitioner_books_only_for_their_own_families(cast: Cast) -> None:
    says(cast)
    noon = wanted(cast, "goals_visit", at(VIDEO_DAY, 12))
    asked = replace(noon, staff_id=cast.kerensa.id)

    with pytest.raises(DomainError, match="not on record"):
        made(asked, cast.kerensa)
    assert nothing_is_held()

    assert made(asked, cast.jago).staff_id == cast.kerensa.id


def test_a_closed_family_is_booked_for_by_managers_only(cast: Cast) -> None:
    says(cast)
    cast.hannah.closed_to_matchers = True
    db.session.commit()
    asked = wanted(cast, "goals_visit", TIME)

    with pytest.raises(DomainError, match="not on record"):
        made(asked, cast.jago)

    assert made(asked, cast.morwenna).id


@pytest.mark.parametrize(
    ("answer", "sentence"), [("no", "not safe"), ("not_asked", "not asked"), (None, "mobile")]
)
def test_who_may_not_be_texted_gets_no_text_each_has_a_reason_and_a_person_rings(
    cast: Cast,
    monday: time_machine.Traveller,
    answer: str | None,
    sentence: str,
) -> None:
    says(cast)
    carer = db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()
    carer.safe_to_text = answer or "yes"
    carer.mobile = carer.mobile if answer else None
    db.session.commit()
    made(wanted(cast, "goals_visit", TIME), cast.jago)

    for when in (NOW, at(VIDEO_DAY - timedelta(5), 10), at(VIDEO_DAY - timedelta(1), 10)):
        monday.move_to(when)
        work(when)

    rows = db.session.scalars(select(Outbox).where(Outbox.channel == "text")).all()
    assert {row.state for row in rows} == {"suppressed"}
    assert all(sentence in (row.reason or "").lower() for row in rows), [r.reason for r in rows]
    sent = db.session.scalars(
        select(SimulatedMessage).where(SimulatedMessage.channel == "text")
    ).all()
    assert sent == []
    assert db.session.scalars(select(Task.kind)).all() == ["ring"]


@pytest.mark.one_database
@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("name", [None, "high", "no_home_visits"])
def test_a_hand_made_form_meets_the_same_refusals(
    cast: Cast, sign_in: SignIn, name: str | None
) -> None:
    says(cast)
    level(cast, name)
    sent = {"kind": "goals_visit", "minutes": 60, "who": cast.tamsin.id, "where": "home",
            "time": Chosen(TIME, cast.tamsin.id, None).value}  # fmt: skip
    form = {"version": cast.hannah.version, "override_reason": WHY}

    answer = sign_in(cast.jago).post("/families/F1042/book/check", query_string=sent, data=form)

    assert answer.status_code in (409, 422)
    assert nothing_is_held()


def test_nobody_is_told_that_what_is_over_was_cancelled(cast: Cast) -> None:
    says(cast)
    visit = made(wanted(cast, "goals_visit", TIME), cast.jago)
    before = db.session.scalars(select(Outbox.purpose)).all()

    transact(lambda: cancel(visit, "other", by=cast.jago, at=TIME + timedelta(days=1)))

    assert db.session.scalars(select(Task)).all() == []
    assert set(db.session.scalars(select(Outbox.purpose)).all()) <= {*before, "invitation"}
