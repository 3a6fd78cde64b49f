"""From a time that somebody chose to what is booked, and the same unsaved for the page that shows
what would be sent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.errors import DomainError
from app.places.models import Place
from app.scheduling.book import Booking, ask_for, book
from app.scheduling.booking_form import BookingWanted
from app.scheduling.check import refusals_at
from app.scheduling.chosen import Chosen
from app.scheduling.hooks import CycleShown, cycles
from app.scheduling.kinds import kinds
from app.scheduling.models import Appointment
from app.scheduling.search import PAIR, Wish, doubled
from app.scheduling.wanted import Refusal
from app.settings import store


def bookings_of(
    wanted: BookingWanted, chosen: Sequence[Chosen], **said: Any
) -> tuple[Booking, ...]:
    """What is to be booked: one, or a video session and its review. `said` is what was asked on
    the last page."""
    wish, rules = wanted.wish(), store.current()
    of_pair = ("video_session", "shared_review")
    return tuple(
        booking_of(wanted, wish, kind, wish.length(kind, rules), one, said)
        for kind, one in zip(of_pair if wish.kind == PAIR else (wish.kind,), chosen, strict=True)
    )


def booking_of(
    wanted: BookingWanted, wish: Wish, kind: str, minutes: int, one: Chosen, said: dict[str, Any]
) -> Booking:
    """One appointment of a wish at a time that was chosen. A pair shares one form: each has its own
    `once`, and only the video session an activity.
    """
    of_a_cycle = kind in ("video_session", "shared_review")
    own = dict(said)
    if kind != "video_session":
        own.pop("activity", None)
    once = own.pop("once", None)
    return Booking(
        kind=kind,
        family_id=wish.family_id,
        staff_id=one.staff_id,
        starts_at=one.starts_at,
        minutes=minutes,
        how=wish.how,
        place_id=wish.place_id,
        second_id=one.second_id,
        interpreter_id=wish.interpreter_id,
        carer_id=wish.carer_id,
        cycle_id=wanted.cycle.id if of_a_cycle and wanted.cycle else None,
        once=f"{once}:{kind}" if once else None,
        **own,
    )


def drafts_of(wanted: BookingWanted, bookings: Sequence[Booking]) -> list[Appointment]:
    """The appointments as they would be, with their people, and never added to the session."""
    ids = {number for b in bookings for number in (b.staff_id, b.second_id) if number}
    here = select(Staff).where(Staff.id.in_(ids), Staff.left_at.is_(None))
    people = {person.id: person for person in db.session.scalars(here)}
    if set(people) != ids:
        raise DomainError("Choose who goes: nobody of that name works here now.", "slot")
    place = wanted.place or (wanted.family.home if bookings[0].place_id else None)
    return [draft_of(wanted, booking, people, place) for booking in bookings]


def draft_of(
    wanted: BookingWanted, booking: Booking, people: dict[int, Staff], place: Place | None
) -> Appointment:
    """One appointment as it would be, provisional where its kind has reasons for that."""
    minutes = booking.minutes * doubled(wanted.wish())
    carer = next((c for c in wanted.family.present_carers if c.id == booking.carer_id), None)
    draft = Appointment(
        kind=booking.kind,
        family_id=booking.family_id,
        carer_id=booking.carer_id,
        staff_id=booking.staff_id,
        second_id=booking.second_id,
        place_id=booking.place_id,
        how=booking.how,
        starts_at=booking.starts_at,
        ends_at=booking.starts_at + timedelta(minutes=minutes),
        cycle_id=booking.cycle_id,
        status="provisional",
    )
    draft.family, draft.carer, draft.place = wanted.family, carer, place
    draft.staff = people[booking.staff_id]
    draft.second = people.get(booking.second_id or 0)
    with db.session.no_autoflush:
        if not kinds[booking.kind].provisional(draft):
            draft.status = "booked"
    return draft


def broken_rules(bookings: Sequence[Booking], *, at: datetime) -> tuple[Refusal, ...]:
    """Every rule that these bookings break as they stand; hard ones first."""
    found: list[Refusal] = []
    for booking in bookings:
        minutes = booking.minutes * (2 if booking.interpreter_id else 1)
        _, refusals = refusals_at(
            ask_for(booking, minutes), booking.starts_at, booking.second_id, store.current(), at=at
        )
        found += refusals
    return tuple(sorted(found, key=lambda refusal: refusal.soft))


def book_all(
    bookings: Sequence[Booking], cycle: CycleShown | None, *, by: Any, at: datetime
) -> list[Appointment]:
    """Book what one form asks for, all or nothing: a pair as a pair, a second film of a cycle as
    such."""
    if len(bookings) == 2 and cycle is not None:
        return list(cycles["book_pair"](cycle.id, *bookings, by=by, at=at))
    first = bookings[0]
    if first.kind == "video_session" and cycle is not None and first.kind not in cycle.lacks:
        return [cycles["repeat_video"](cycle.id, first, by=by, at=at)]
    return [book(booking, by=by, at=at) for booking in bookings]
