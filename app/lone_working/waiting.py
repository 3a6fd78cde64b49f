"""What lone working leaves waiting for a person: alarms, homes to look at again, days without a
duty manager on which somebody visits.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.db import db
from app.families.models import Family
from app.lone_working import frame
from app.places.models import Place
from app.risk.duty import cover
from app.risk.levels import assessments_of
from app.risk.standing import standing_of
from app.scheduling.models import LIVE, Appointment
from app.settings import store
from app.tasks.waiting import Item
from app.times import for_staff, staff_date, staff_time
from app.windows import Span, instant

ROTA_AHEAD = 14  # days
LOOK_AHEAD = 14  # days before a home must be looked at again


def waiting(at: datetime) -> list[Item]:
    """Alarms first, then homes, then gaps of the rota; only homes where somebody is to visit."""
    return [*alarms(at), *homes_to_look_at(at), *gaps_with_visits(at)]


def alarms(at: datetime) -> list[Item]:
    return [
        Item(
            kind="alarm",
            why=f"{line.who} {line.state_words}. {line.taken_words}",
            due_at=line.missed_at,
            since=line.missed_at,
            endpoint="lone_working.board",
            button="Lone working",
            about=line.who,
            urgent=True,
        )
        for line in frame.overdue(at)
    ]


def homes_to_look_at(at: datetime) -> list[Item]:
    """Homes with a visit to come whose assessment ends before it, or soon: two statements."""
    rows = db.session.execute(
        select(
            Place.id.label("place_id"),
            Family.id.label("family_id"),
            Family.reference,
            Appointment.starts_at,
            Appointment.staff_id,
        )
        .join(Family, Family.home_id == Place.id)
        .join(Appointment, Appointment.place_id == Place.id)
        .where(Appointment.status.in_(LIVE), Appointment.ends_at > at)
        .order_by(Appointment.starts_at)
    ).all()
    first = {row.place_id: row for row in reversed(rows)}
    if not first:
        return []
    known = assessments_of(first)
    soon = clock.london(at).date() + timedelta(days=LOOK_AHEAD)
    items = []
    for place_id, row in first.items():
        held, waits = standing_of(known.get(place_id, []))
        if waits is not None:  # a manager has it on the list already
            continue
        visit_on = clock.london(row.starts_at).date()
        if held is None or held.look_again_on < max(soon, visit_on):
            items.append(look_item(held.look_again_on if held else None, row, at))
    return items


def look_item(ends_on: date | None, row: Any, at: datetime) -> Item:
    visit = for_staff(row.starts_at)
    if ends_on is None:
        why, due_at = f"Nobody has assessed this home. The next visit is on {visit}.", row.starts_at
    else:
        until = staff_date(ends_on)
        why = f"The home’s assessment holds until {until}. The next visit is on {visit}."
        due_at = min(row.starts_at, instant(ends_on, 17 * 60))
    return Item(
        kind="look_again",
        why=why,
        due_at=due_at,
        since=at,
        endpoint="risk.home",
        button="Look again" if ends_on else "Assess the home",
        values={"reference": row.reference},
        family_id=row.family_id,
        owner_id=row.staff_id,
    )


def gaps_with_visits(at: datetime) -> list[Item]:
    """Stretches of the next 14 days with a home visit and nobody on duty as manager."""
    today = clock.london(at).date()
    last = today + timedelta(days=ROTA_AHEAD)
    visits = home_visits(at, instant(last, 1440))
    if not visits:
        return []
    covered = cover(today, last, store.current())
    found: dict[date, list[Span]] = {}
    for starts_at, ends_at in visits:
        if not any(start <= starts_at and ends_at <= end for start, end in covered):
            found.setdefault(clock.london(starts_at).date(), []).append((starts_at, ends_at))
    return [gap_item(day, spans, at) for day, spans in found.items()]


def home_visits(at: datetime, until: datetime) -> Sequence[Span]:
    rows = db.session.execute(
        select(Appointment.starts_at, Appointment.ends_at)
        .join(Place, Place.id == Appointment.place_id)
        .where(
            Place.kind == "home",
            Appointment.status.in_(LIVE),
            Appointment.ends_at > at,
            Appointment.starts_at < until,
        )
        .order_by(Appointment.starts_at)
    )
    return [(starts_at, ends_at) for starts_at, ends_at in rows]


def gap_item(day: date, spans: Sequence[Span], at: datetime) -> Item:
    number = f"{len(spans)} home visits" if len(spans) > 1 else "a home visit"
    first = staff_time(spans[0][0])
    return Item(
        kind="duty_gap",
        why=f"Nobody is duty manager for {number} on {staff_date(day)}, from {first}.",
        due_at=instant(day, 0) if instant(day, 0) > at else spans[0][0],
        since=at,
        endpoint="risk.rota",
        button="Open the rota",
        about="Duty rota",
    )
