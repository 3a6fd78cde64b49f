"""Which steps of the ladder are due for one visit, and how it stands.

Pure: what is known of a visit, the rules and the time come in as values. Minutes are elapsed ones,
so a change of the clocks neither hastens nor delays an alarm.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from app.settings.rules import Rules

NOT_IN, REMIND_OUT, BUDDY, MANAGER, ALL_MANAGERS, HELP = (
    "not_in", "remind_out", "buddy", "manager", "all_managers", "help",
)  # fmt: skip
ALARMS = (NOT_IN, BUDDY, MANAGER, ALL_MANAGERS, HELP)  # a reminder is not yet an alarm
NEARLY_OUT = timedelta(minutes=10)

# How a visit stands.
NOT_STARTED, EXPECTED, INSIDE, DUE_OUT, LATE_IN, LATE_OUT, CALLS, CLOSED = (
    "not_started", "expected", "inside", "due_out", "late_in", "late_out", "calls", "closed",
)  # fmt: skip
RED = (LATE_IN, LATE_OUT, CALLS)


class Step(NamedTuple):
    """A step: its name, the time that was (or would be) missed, and when it is due."""

    name: str
    expected: datetime
    at: datetime


@dataclass(frozen=True)
class Sight:
    """What is known of one worker at one visit. `raised` holds (step, expected) of each alarm."""

    level: str
    due_in: datetime
    due_out: datetime
    checked_in_at: datetime | None = None
    closed: bool = False
    raised: frozenset[tuple[str, datetime]] = frozenset()


def ladder(sight: Sight, rules: Rules) -> tuple[Step, ...]:
    """Every step from now to the end, in the order in which they fall due.

    Minutes after the start: not checked in. After the (extended) end: remind, buddy, duty manager,
    all managers. Sooner wherever the level is not known to be standard: raised and high by
    DESIGN.md section 6, and a home that nobody has assessed like them.
    """
    quick = sight.level != "standard"
    after_end = (
        (REMIND_OUT, 0),
        (BUDDY, rules.overdue_buddy_minutes),
        (MANAGER, rules.overdue_manager_minutes_raised if quick else rules.overdue_manager_minutes),
        (ALL_MANAGERS, rules.overdue_all_minutes_raised if quick else rules.overdue_all_minutes),
    )
    steps = [
        Step(name, sight.due_out, sight.due_out + timedelta(minutes=minutes))
        for name, minutes in after_end
    ]
    if sight.checked_in_at is None:
        late = timedelta(minutes=rules.check_in_late_minutes)
        steps.append(Step(NOT_IN, sight.due_in, sight.due_in + late))
    return tuple(sorted(steps, key=lambda step: step.at))


def due_steps(sight: Sight, rules: Rules, now: datetime) -> tuple[Step, ...]:
    """The steps to be raised now: each once for the time that was missed.

    Somebody's having taken an alarm does not stop the next step: only a check-out, a longer stay or
    a person's closing does. After a gap of the service's own every step that was missed is due.
    """
    if sight.closed:
        return ()
    return tuple(
        step
        for step in ladder(sight, rules)
        if step.at <= now and (step.name, step.expected) not in sight.raised
    )


def is_live(name: str, expected: datetime, sight: Sight) -> bool:
    """Whether an alarm still speaks of what is so: answered ones (checked in late, stays longer)
    are past."""
    if sight.closed:
        return False
    if name == NOT_IN:
        return sight.checked_in_at is None and expected == sight.due_in
    return name == HELP or expected == sight.due_out


def standing(sight: Sight, rules: Rules, now: datetime) -> str:
    """How the visit stands, told by the clock and not by alarms: red even while the watch itself
    has stopped."""
    if sight.closed:
        return CLOSED
    if any(name == HELP for name, _ in sight.raised):
        return CALLS
    if now >= sight.due_out + timedelta(minutes=rules.overdue_buddy_minutes):
        return LATE_OUT
    if sight.checked_in_at is None:
        if now >= sight.due_in + timedelta(minutes=rules.check_in_late_minutes):
            return LATE_IN
        return EXPECTED if now >= sight.due_in else NOT_STARTED
    return DUE_OUT if now >= sight.due_out - NEARLY_OUT else INSIDE


def minutes_over(sight: Sight, rules: Rules, now: datetime) -> int:
    """Whole minutes since they should have been in (where that is what is missed) or out."""
    missed = sight.due_in if standing(sight, rules, now) == LATE_IN else sight.due_out
    return max(0, int((now - missed).total_seconds() // 60))
