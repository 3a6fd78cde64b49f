"""Why a booking of the team's file is only provisional: every rule that it breaks, in sentences.

The rules of slots are scheduling's own; here is what the file leaves open besides. A booking was
agreed before it came here, so the notice that a new one needs is not asked of it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import clock
from app.accounts.models import Staff
from app.enquiries.queries import has_said_yes
from app.errors import DomainError
from app.scheduling.conditions import room_for
from app.scheduling.facts import Ask, Facts, read_facts
from app.scheduling.kinds import Reason, kinds
from app.scheduling.models import KINDS, Appointment
from app.scheduling.refusals import check_slot
from app.settings import store
from app.settings.rules import Rules, lengths
from app.spreadsheets.rows import BookingRow
from app.working_days import bank_holidays

# What the reservation rule itself refuses, and what a booking that was agreed long ago may break.
NOT_REASONS = frozenset({"past", "notice", "held", "family_held"})
# What is free instead is true today: a reason is kept until somebody has looked.
FREE_INSTEAD = re.compile(r" (?:\d\d:\d\d is free|Nothing else is free that day)\.$")


@dataclass(frozen=True)
class Booked:
    """What a booking needs to know of its family. `practitioner` is the family's own, if here."""

    id: int
    carer_id: int | None
    home_id: int | None
    preferred_id: int | None
    prefers_school: bool
    practitioner: Staff | None
    ended: bool


@dataclass(frozen=True)
class Meeting:
    """How and where a booking takes place; `missing` says what the file leaves open about it."""

    how: str
    place_id: int | None = None
    missing: str | None = None


@dataclass(frozen=True)
class Checked:
    """Why somebody has to look, the room that is free, and the home's level."""

    reasons: tuple[Reason, ...]
    room_id: int | None = None
    risk_level: str | None = None


def check_booking(
    row: BookingRow,
    family: Booked,
    staff_id: int,
    meeting: Meeting,
    rules: Rules,
    *,
    unsure_reference: bool,
    cycle_id: int | None,
    at: datetime,
) -> Checked:
    """Every reason why a booking to come does not count as booked yet; none where it does."""
    reasons = [
        *what_is_open(row, family, meeting, unsure_reference),
        *about_kind(row, family, staff_id, cycle_id),
    ]
    ask = Ask(
        kind=row.kind,
        family_id=family.id,
        minutes=row.minutes,
        staff_ids=(staff_id,),
        second_ids=(),
        how=meeting.how if meeting.missing is None else "phone",
        place_id=meeting.place_id,
    )
    day = clock.london(row.starts_at).date()
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    try:
        facts = read_facts(ask, first, last, rules, on=day)
    except DomainError as error:
        return Checked((*reasons, ("place", error.message)))
    refusals = check_slot(
        facts.wanted, facts.workers[0], None, row.starts_at, rules,
        now=at, bank_holidays=bank_holidays(first, last), relax=frozenset({"notice"}),
        overrides=facts.drives,
    )  # fmt: skip
    reasons += [
        (refusal.code, FREE_INSTEAD.sub("", refusal.staff))
        for refusal in refusals
        if refusal.code not in NOT_REASONS
    ]
    return Checked(tuple(reasons), room_of(facts, row), level_of(facts))


def room_of(facts: Facts, row: BookingRow) -> int | None:
    return room_for(facts.wanted, row.starts_at, row.ends_at) if facts.wanted.rooms else None


def level_of(facts: Facts) -> str | None:
    return facts.wanted.level if facts.wanted.at_home else None


def what_is_open(
    row: BookingRow, family: Booked, meeting: Meeting, unsure_reference: bool
) -> list[Reason]:
    """What the row itself leaves open: whose it is, whether it stands, where, what was not read."""
    reasons: list[Reason] = [
        ("unclear", f"{words[:1].upper()}{words[1:]}.") for words in row.doubts
    ]
    if unsure_reference:
        reasons.append(
            ("reference", f"Two families had the reference {row.reference}: check whose this is.")
        )
    if family.ended:
        reasons.append(("ended", "The file says that this family’s time with us has ended."))
    if row.status is None:
        reasons.append(("status", "The file does not say that it is booked."))
    elif row.status == "provisional":
        reasons.append(("status", "The file says that it is provisional."))
    elif row.status in ("done", "not_seen"):
        reasons.append(("status", "The file says how it went, and it is still to come."))
    if meeting.missing:
        reasons.append(("place", meeting.missing))
    return reasons


def about_kind(
    row: BookingRow, family: Booked, staff_id: int, cycle_id: int | None
) -> list[Reason]:
    """The family's yes, the length, the peer parent, and what the kind itself asks for."""
    reasons: list[Reason] = []
    kind = kinds[row.kind]
    if kind.needs_yes and not has_said_yes(family.id):
        reasons.append(("choice", "This family has not said yes. Record what they decided first."))
    least, most = lengths(row.kind, store.current())
    if not least <= row.minutes <= most:
        reasons.append(
            ("length", f"{KINDS[row.kind]}s take {least} to {most} minutes, not {row.minutes}.")
        )
    planned = Appointment(
        id=0, kind=row.kind, family_id=family.id, staff_id=staff_id, cycle_id=cycle_id,
        starts_at=row.starts_at, ends_at=row.ends_at, status="provisional",
    )  # fmt: skip
    own = kind.provisional(planned)
    if row.kind == "conversation" and not own:
        own = [("peer", "No peer parent is named. Choose one.")]
    return reasons + own
