"""What lone working leaves waiting for a person: alarms, homes to look at again, days without a
duty manager on which somebody visits.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from app import clock
from app.families.models import Family
from app.lone_working import frame
from app.places.models import Place
from app.prepared import only_from
from app.risk.duty import cover
from app.risk.models import Assessment
from app.risk.standing import standing_of
from app.risk.waiting import Known
from app.scheduling.models import Appointment, live_since
from app.settings import store
from app.tasks.causes import DAY_AGO, Cause, Rows, columns, items_of
from app.tasks.waiting import Item
from app.times import for_staff, staff_date, staff_time
from app.windows import Span, instant
from app.working_days import evening

ROTA_AHEAD = 14  # days
LOOK_AHEAD = 14  # days before a home must be looked at again


def waiting(at: datetime) -> list[Item]:
    """Alarms first, then homes, then gaps of the rota; only homes where somebody is to visit."""
    return [*alarms(at), *items_of(CAUSES, at)]


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


def visits_ahead() -> Select[Any]:
    """Visits to homes since yesterday and to come, once for each assessment of their home."""
    live = live_since(DAY_AGO).subquery()
    return (
        select(
            *columns(
                about_id=Place.id, family_id=Family.id, reference=Family.reference,
                owner_id=Appointment.staff_id, created_at=Appointment.starts_at,
                due_at=Appointment.ends_at, id=Assessment.id, kind=Assessment.level,
                day=Assessment.look_again_on, urgent=Assessment.approved_at.is_not(None),
            )
        )
        .select_from(live)
        .join(Appointment, Appointment.id == live.c.id)
        .join(Place, Place.id == only_from(Appointment.place_id))
        .outerjoin(Family, Family.home_id == Place.id)
        .outerjoin(Assessment, Assessment.place_id == Place.id)
        .where(Place.kind == "home")
    )  # fmt: skip


def before_visits(rows: Rows, at: datetime) -> Iterator[Item]:
    """What is over by now is left out here: asked of the database, it would look at every
    appointment there ever was.
    """
    ahead = [row for row in rows if row.due_at > at]
    yield from homes_to_look_at(ahead, at)
    yield from gaps_with_visits(ahead, at)


def homes_to_look_at(rows: Rows, at: datetime) -> Iterator[Item]:
    """Homes with a visit to come whose assessment ends before it, or soon."""
    soon = clock.london(at).date() + timedelta(days=LOOK_AHEAD)
    for _, known in sorted(of_first_visits(rows).items()):
        first = known[0]
        if first.reference is None:  # nobody lives there any more
            continue
        held, waits = standing_of(
            Known(row.kind, row.day, row.urgent) for row in known if row.id is not None
        )
        if waits is not None:  # a manager has it on the list already
            continue
        visit_on = clock.london(first.created_at).date()
        if held is None or held.look_again_on < max(soon, visit_on):
            yield look_item(held.look_again_on if held else None, first, at)


def of_first_visits(rows: Rows) -> dict[int, list[Any]]:
    """The rows of each home's first visit, by home: its assessments, oldest first."""
    found: dict[int, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.id or 0):
        known = found.get(row.about_id)
        if known is None or row.created_at < known[0].created_at:
            found[row.about_id] = [row]
        elif row.created_at == known[0].created_at:
            known.append(row)
    return found


def look_item(ends_on: date | None, row: Any, at: datetime) -> Item:
    """To look at a home; the visit is in doubt where the assessment ends before it."""
    visit = for_staff(row.created_at)
    if ends_on is None:
        why = f"Nobody has assessed this home. The next visit is on {visit}."
        due_at = row.created_at
    else:
        until = staff_date(ends_on)
        why = f"The home’s assessment holds until {until}. The next visit is on {visit}."
        due_at = min(row.created_at, evening(ends_on))
    lapses = ends_on is not None and ends_on < clock.london(row.created_at).date()
    return Item(
        kind="in_doubt" if lapses else "look_again",
        why=why,
        due_at=due_at,
        since=at,
        endpoint="risk.home",
        button="Look again" if ends_on else "Assess the home",
        values={"reference": row.reference},
        family_id=row.family_id,
        owner_id=row.owner_id,
    )


def gaps_with_visits(rows: Rows, at: datetime) -> list[Item]:
    """Stretches of the next 14 days with a home visit and nobody on duty as manager."""
    today = clock.london(at).date()
    last = today + timedelta(days=ROTA_AHEAD)
    until = instant(last, 1440)
    visits = {(row.created_at, row.due_at, row.about_id) for row in rows if row.created_at < until}
    near = [(start, end) for start, end, _ in sorted(visits)]
    if not near:
        return []
    covered = cover(today, last, store.current())
    found: dict[date, list[Span]] = {}
    for starts_at, ends_at in near:
        if not any(start <= starts_at and ends_at <= end for start, end in covered):
            found.setdefault(clock.london(starts_at).date(), []).append((starts_at, ends_at))
    return [gap_item(day, spans, at) for day, spans in found.items()]


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


CAUSES = (Cause("visits", visits_ahead, before_visits),)
