"""The rows of a programme's table: each cycle's video session, clips, review and state, in words.
Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.programmes.cycles import (
    FILMED,
    PLANNED,
    REVIEWED,
    STATE_WORDS,
    CycleFacts,
    review_gap,
    review_of,
    state_of,
    video_of,
)
from app.programmes.models import Cycle
from app.scheduling.models import CANCEL_REASONS, FELL_THROUGH, STATUSES, Appointment
from app.settings.rules import Rules
from app.times import staff_date, wall

TRIES = {2: "second try", 3: "third try", 4: "fourth try"}


@dataclass(frozen=True)
class Visit:
    """An appointment as the table shows it: when, in what state, and a second line."""

    id: int
    starts_at: datetime
    status: str
    more: str = ""
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class CycleRow:
    """One cycle. `now`: the one in hand; `clips_missing`: filmed, and none chosen; `bookable`: both
    its appointments can be booked; `gap` is 'long' or 'late' where its review comes late.
    """

    id: int
    number: int
    now: bool
    state: str
    video: Visit | None
    clips: int
    clips_missing: bool
    review: Visit | None
    gap: str
    bookable: bool


def cycle_rows(
    cycles: Sequence[Cycle],
    facts: Mapping[int, CycleFacts],
    appointments: Sequence[Appointment],
    rules: Rules,
) -> list[CycleRow]:
    """A row for each cycle, in order; the first that is not reviewed is the one in hand."""
    by_id = {appointment.id: appointment for appointment in appointments}
    in_hand = next((cycle.id for cycle in cycles if cycle.reviewed_on is None), None)
    first_planned = next((c.id for c in cycles if state_of(facts[c.id]) == PLANNED), None)
    return [
        cycle_row(
            cycle, facts[cycle.id], by_id, rules,
            now=cycle.id == in_hand, bookable=cycle.id == first_planned,
        )
        for cycle in cycles
    ]  # fmt: skip


def cycle_row(
    cycle: Cycle,
    facts: CycleFacts,
    appointments: Mapping[int, Appointment],
    rules: Rules,
    *,
    now: bool,
    bookable: bool,
) -> CycleRow:
    state = state_of(facts)
    video, review = video_of(facts), review_of(facts)
    gap = review_gap(facts, rules)
    days = f"{gap[0]} {'day' if gap[0] == 1 else 'days'} after the video" if gap else ""
    return CycleRow(
        id=cycle.id,
        number=cycle.number,
        now=now,
        state=STATE_WORDS[state],
        video=visit_shown(appointments[video.id], tries(cycle, appointments)) if video else None,
        clips=facts.clips,
        clips_missing=state == FILMED,
        review=visit_shown(appointments[review.id], days) if review else None,
        gap=gap[1] if gap and state != REVIEWED else "",
        bookable=bookable,
    )


def visit_shown(appointment: Appointment, more: str = "") -> Visit:
    return Visit(
        id=appointment.id,
        starts_at=appointment.starts_at,
        status=STATUSES[appointment.status],
        more=more,
        reasons=[sentence for _, sentence in appointment.reasons],
    )


def tries(cycle: Cycle, appointments: Mapping[int, Appointment]) -> str:
    """'second try, child ill on 12 Nov': the video sessions of this cycle that did not happen."""
    of_cycle = [
        a for a in appointments.values() if a.cycle_id == cycle.id and a.kind == "video_session"
    ]
    failed = [a for a in of_cycle if a.status in FELL_THROUGH]
    if not failed or len(of_cycle) == len(failed):
        return ""
    last = max(failed, key=lambda a: a.starts_at)
    why = (
        "not seen"
        if last.status == "not_seen"
        else CANCEL_REASONS.get(last.cancel_reason or "", "cancelled").lower()
    )
    words = TRIES.get(len(of_cycle), f"try {len(of_cycle)}")
    return f"{words}, {why} on {staff_date(wall(last.starts_at).date())}"
