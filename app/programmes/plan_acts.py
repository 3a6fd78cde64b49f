"""From the table of a programme's dates to what is booked and moved, and what would be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.models import Staff
from app.db import db
from app.errors import DomainError
from app.programmes.cycles import Event, review_blocks, video_blocks
from app.programmes.dates import Line
from app.programmes.plan import Plan
from app.programmes.plan_rows import Date
from app.programmes.rhythm import VIDEO
from app.scheduling.booking import booking_of, drafts_of
from app.scheduling.chosen import read_chosen
from app.scheduling.models import Appointment
from app.scheduling.will_be_sent import INVITED, as_moved, lines_for
from app.scheduling.will_be_sent import Line as Sent


def wanted_dates(plan: Plan) -> list[Date]:
    """The dates that would be booked or moved, of the cycles that are used."""
    return [date for row in plan.rows if row.used for date in row.dates if date.changes]


def lines_of(
    plan: Plan,
    *,
    once: str | None = None,
    tell: bool = True,
    versions: dict[int, int] | None = None,
) -> list[Line]:
    """The table as the act takes it; `versions` are those at which what moves was looked at."""
    wish = plan.wanted.wish()
    lines = []
    for date in wanted_dates(plan):
        found = read_chosen(date.value)
        if found is None:
            raise DomainError("Choose a time.")
        said = {"once": f"{once}:{date.cycle_id}" if once else None, "tell": tell}
        booking = booking_of(
            plan.wanted, wish, date.kind, wish.length(date.kind, plan.rules), found[0], said
        )
        moves = date.stands.id if date.stands and date.moves else None
        version = (versions or {}).get(moves, 0) if moves else None
        lines.append(Line(date.cycle_id, booking, moves, version))
    return lines


@dataclass(frozen=True)
class Told:
    """What would be sent now: lines of the texts, how many dates the family hears nothing of yet,
    how many calendar invitations go out, and the names of the new dates that stand at once."""

    lines: Sequence[Sent]
    untold: int
    invitations: int
    now: frozenset[str] = frozenset()


def told_by(plan: Plan, lines: Sequence[Line], at: datetime) -> Told:
    """What would be sent if these were booked and moved now."""
    dated = {(date.cycle_id, date.kind): date for date in plan.dates}
    told: list[Sent] = []
    untold = invitations = 0
    standing = [line for line in lines if line.moves is not None]
    new = [line for line in lines if line.moves is None]
    first = [line for line in new if stands_at_once(plan, line)]
    drafts: list[tuple[Appointment, str, datetime | None]] = []
    if first:
        booked = drafts_of(plan.wanted, [line.booking for line in first])
        drafts += [(draft, "booked", None) for draft in booked]
    for line in standing:
        row = dated[line.cycle_id, line.booking.kind].stands
        assert row is not None, "it moves"
        drafts.append((moved(row, line), "moved", row.starts_at))
    untold += len(new) - len(first)
    for draft, event, was in drafts:
        sent = lines_for(draft, event, at=at, was=was)
        invitations += sum(one.how == INVITED for one in sent)
        if draft.status == "provisional":
            untold += 1
        else:
            told += [one for one in sent if one.how != INVITED]
    staff = db.session.get(Staff, plan.free.facts.workers[0].id)
    if staff is not None and staff.wants_invitations:
        invitations += len(new) - len(first)
    now = frozenset(dated[line.cycle_id, line.booking.kind].name for line in first)
    return Told(told, untold, invitations, now)


def stands_at_once(plan: Plan, line: Line) -> bool:
    """Whether a new date is booked, and the family told of it, at once."""
    facts = plan.facts[line.cycle_id]
    if line.booking.kind == VIDEO:
        return not video_blocks(list(plan.facts.values()), facts.number)
    starts_at = line.booking.starts_at
    event = Event(
        0, line.booking.kind, "provisional", starts_at,
        starts_at + timedelta(minutes=line.booking.minutes), line.booking.staff_id,
    )  # fmt: skip
    return not review_blocks(facts, event, plan.rules)


def moved(row: Appointment, line: Line) -> Appointment:
    """The appointment as it would be: at another time, and maybe with another second worker."""
    starts_at, second_id = line.booking.starts_at, line.booking.second_id
    second = row.second if second_id in (None, row.second_id) else db.session.get(Staff, second_id)
    return as_moved(
        row, starts_at, starts_at + timedelta(minutes=row.minutes),
        staff=row.staff, second=second, place=row.place,
    )  # fmt: skip
