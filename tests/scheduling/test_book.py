"""Booking: the act refuses what the rules forbid, holds everybody, and queues who is told."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import at_london
from app.db import db, transact
from app.enquiries.models import Choice
from app.errors import DomainError
from app.messaging.models import Outbox
from app.risk.models import Assessment
from app.scheduling.book import Booking, book
from app.scheduling.models import FAMILY, STAFF, Reservation
from tests.cast import NOW, Cast

TUESDAY = date(2026, 12, 1)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return at_london(day, time(hour, minute))


@pytest.fixture
def wanted(app: Flask, cast: Cast) -> Booking:
    said(cast, "yes")
    return Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
        starts_at=at(10), minutes=60, place_id=cast.hannah.home_id,
    )  # fmt: skip


def said(cast: Cast, step: str) -> None:
    db.session.add(
        Choice(
            family_id=cast.hannah.id, step=step, on=date(2026, 10, 2), how="phone",
            recorded_by="staff:1", recorded_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()


def made(wanted: Booking, cast: Cast):
    return transact(lambda: book(wanted, by=cast.jago, at=NOW))


def test_holds_the_practitioner_and_the_family(wanted: Booking, cast: Cast) -> None:
    appointment = made(wanted, cast)

    rows = db.session.execute(select(Reservation.kind, Reservation.subject_id)).all()
    assert sorted(tuple(row) for row in rows) == [(STAFF, cast.tamsin.id), (FAMILY, cast.hannah.id)]
    assert appointment.status == "booked"


def test_queues_the_booking_text_and_both_reminders(wanted: Booking, cast: Cast) -> None:
    made(wanted, cast)

    rows = db.session.execute(
        select(Outbox.purpose, Outbox.due_at)
        .where(Outbox.channel == "text")
        .order_by(Outbox.due_at)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("booked", NOW),
        ("reminder_early", at(10, day=date(2026, 11, 26))),
        ("reminder", at(10, day=date(2026, 11, 30))),
    ]


def test_invites_the_practitioner(wanted: Booking, cast: Cast) -> None:
    made(wanted, cast)

    row = db.session.scalars(select(Outbox).where(Outbox.channel == "email")).one()
    assert (row.purpose, row.recipient_kind, row.recipient_id) == (
        "invitation",
        "staff",
        cast.tamsin.id,
    )


@pytest.mark.parametrize("step", ["thinking", "no", "withdrew", "not_now"])
def test_refuses_a_visit_without_the_familys_yes(wanted: Booking, cast: Cast, step: str) -> None:
    said(cast, step)

    with pytest.raises(DomainError, match="has not said yes"):
        made(wanted, cast)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"starts_at": NOW - timedelta(days=1)}, "has passed"),
        ({"starts_at": at(10, day=date(2026, 12, 25))}, "bank holiday"),
        ({"starts_at": at(10, 5)}, "every 15 minutes"),
        ({"minutes": 20}, "from 45 to 90"),
        ({"kind": "party"}, "what is to be booked"),
        ({"place_id": None}, "where it takes place"),
        ({"place_id": 9999}, "closed or not on record"),
        ({"starts_at": at(7)}, "duty cover"),
    ],
)
def test_refuses_with_a_sentence_that_says_why(
    wanted: Booking, cast: Cast, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        made(replace(wanted, **change), cast)
    assert db.session.scalars(select(Reservation)).all() == []


def test_refuses_a_lone_visit_to_a_home_that_was_not_assessed(wanted: Booking, cast: Cast) -> None:
    db.session.query(Assessment).delete()
    db.session.commit()

    with pytest.raises(DomainError, match="not been assessed"):
        made(wanted, cast)


def test_an_override_keeps_its_reason_and_only_for_soft_rules(wanted: Booking, cast: Cast) -> None:
    soon = replace(wanted, starts_at=at(9, day=date(2026, 11, 24)))
    with pytest.raises(DomainError, match="Give a reason"):
        made(soon, cast)

    appointment = made(replace(soon, override_reason="The family asked for tomorrow"), cast)

    assert appointment.override_reason == "The family asked for tomorrow"


def test_the_same_form_twice_makes_one_appointment(wanted: Booking, cast: Cast) -> None:
    first = made(replace(wanted, once="abc"), cast)
    second = made(replace(wanted, once="abc"), cast)

    assert first.id == second.id


def test_refuses_a_time_that_somebody_else_took(wanted: Booking, cast: Cast) -> None:
    made(wanted, cast)

    with pytest.raises(DomainError, match="is free"):
        made(replace(wanted, starts_at=at(10, 30)), cast)
