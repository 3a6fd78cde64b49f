"""When texts may go, and when those about one appointment are due.

Pure: rules, safe times and the calendar of working days come in as values. Everything is reckoned
on London wall time, so "10:00 on the working day before" stays 10:00 across a clock change. A
text about a change moves later into the allowed hours, a reminder only earlier; where no room is
left the plan says so, and a person rings.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app import clock
from app.settings.rules import Rules
from app.windows import DAY, Minutes, Windows, instant

IsWorkingDay = Callable[[date], bool]

# How far to look for an allowed moment: further than anything is booked (horizon_weeks <= 52).
LOOK_DAYS = 366
# A reminder moved to the end of a window leaves a late worker this long before it shuts.
SPARE = timedelta(minutes=15)
# Bank holidays that may fall on a Saturday are kept then too, though the day off comes later; the
# movable ones never do.
_KEPT_ON_SATURDAYS = {(1, 1), (12, 25), (12, 26)}
NO_ROOM = "There is no safe time for a text before the appointment: ring instead"


@dataclass(frozen=True)
class Planned:
    """One text, due then and useless from `expires_at` on.

    With `cannot`, a sentence for staff, there is no text: a call is due instead.
    """

    purpose: str
    due_at: datetime
    expires_at: datetime
    cannot: str | None = None


def texts_for(
    starts_at: datetime,
    booked_at: datetime,
    *,
    kind: str,
    rules: Rules,
    safe_times: Windows | None,
    is_working_day: IsWorkingDay,
    was: datetime | None = None,
    announce: bool = True,
    same_day_decision: bool = False,
) -> list[Planned]:
    """The texts about an appointment booked, or moved from `was`, at `booked_at`, as they are due.

    One at once (none with `announce` false: an imported booking); one at 10:00 five days before,
    left out when booked later than that; one at 10:00 on the working day before. Never two within
    12 hours. A reminder whose safe times leave no moment for it becomes a call; an early one is
    only left out. Purposes of a conversation begin with "conversation_".
    """
    plan: list[Planned] = []
    free_from = booked_at
    if announce:
        # A move is told before the old time, or somebody waits in vain; a booking like a reminder.
        before = starts_at if was or same_day_decision else _too_late(starts_at, rules)
        told = text_at_once(
            "moved" if was else "booked",
            booked_at,
            min(before, was) if was and was > booked_at else before,
            safe_times,
            rules,
            is_working_day,
            same_day_decision=same_day_decision,
        )
        plan = [told]
        if not told.cannot:
            free_from = told.due_at + timedelta(hours=rules.texts_apart_hours)
    for text in _reminders(starts_at, free_from, safe_times, rules, is_working_day):
        if not (text.cannot and plan and plan[0].cannot):  # one call is enough
            plan.append(text)
    prefix = "conversation_" if kind == "conversation" else ""
    return [replace(text, purpose=prefix + text.purpose) for text in plan]


def _reminders(
    starts_at: datetime,
    free_from: datetime,
    safe_times: Windows | None,
    rules: Rules,
    is_working_day: IsWorkingDay,
) -> list[Planned]:
    def reminder(purpose: str, day: date, expires_at: datetime) -> Planned | None:
        usual = instant(day, rules.reminder_at)
        if usual < free_from:
            return None
        due = latest_allowed_before(usual, safe_times, rules, is_working_day, not_before=free_from)
        return Planned(purpose, due or usual, expires_at, None if due else NO_ROOM)

    too_late = _too_late(starts_at, rules)
    last = reminder(
        "reminder",
        _working_day_before(starts_at, rules.reminder_working_days, is_working_day),
        too_late,
    )
    if last and not last.cannot:
        too_late = last.due_at - timedelta(hours=rules.texts_apart_hours)
    early = reminder("reminder_early", _days_before(starts_at, rules.early_reminder_days), too_late)
    if early and (early.cannot or early.due_at > too_late):
        early = None
    return [text for text in (early, last) if text]


def text_at_once(
    purpose: str,
    at: datetime,
    before: datetime,
    safe_times: Windows | None,
    rules: Rules,
    is_working_day: IsWorkingDay,
    *,
    same_day_decision: bool = False,
) -> Planned:
    """A text due at `at` or as soon after as it may go; from `before` on it is useless."""
    due = next_allowed(
        at, safe_times, rules, is_working_day, same_day_decision=same_day_decision, before=before
    )
    return Planned(purpose, due or at, before, None if due else NO_ROOM)


def next_allowed(
    at: datetime,
    safe_times: Windows | None,
    rules: Rules,
    is_working_day: IsWorkingDay,
    *,
    same_day_decision: bool = False,
    before: datetime | None = None,
) -> datetime | None:
    """The first moment from `at` on at which a text may go, earlier than `before`; None if none.

    A text may go within the person's safe times (None: no limit of their own), between 09:00 and
    19:00, on any day but Sundays and bank holidays. A person's decision for a same-day change lifts
    the hours and the days; it never lifts the safe times.
    """
    day = clock.london(at).date()
    for ahead in range(LOOK_DAYS):
        for start, end in _stretches(
            day + timedelta(days=ahead), safe_times, rules, is_working_day, same_day_decision
        ):
            moment = max(at, start)
            if moment < end:
                return moment if before is None or moment < before else None
    return None


def latest_allowed_before(
    at: datetime,
    safe_times: Windows | None,
    rules: Rules,
    is_working_day: IsWorkingDay,
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """`at` where a text may go then, else a good moment before it; None where that is too early.

    Good is the same time of day on the last day that allows any text, else a quarter of an hour
    before its last stretch ends (its start, when it is shorter). Too early: before `not_before`.
    """
    there = clock.london(at)
    for back in range(LOOK_DAYS):
        day = there.date() - timedelta(days=back)
        wanted = instant(day, there.hour * 60 + there.minute) if back else at
        moments = [
            wanted if start <= wanted < end else max(start, end - SPARE)
            for start, end in _stretches(day, safe_times, rules, is_working_day, False)
            if start <= at
        ]
        if moments:
            moment = wanted if wanted in moments else moments[-1]
            return moment if not_before is None or moment >= not_before else None
    return None


def _stretches(
    day: date,
    safe_times: Windows | None,
    rules: Rules,
    is_working_day: IsWorkingDay,
    same_day_decision: bool,
) -> list[tuple[datetime, datetime]]:
    """The stretches of a day in which a text may go, as instants."""
    hours: Minutes = (0, DAY)
    if not same_day_decision:
        if not _is_text_day(day, is_working_day):
            return []
        hours = (rules.texts_from, rules.texts_until)
    safe = safe_times.on(day) if safe_times is not None else ((0, DAY),)
    both = [(max(start, hours[0]), min(end, hours[1])) for start, end in safe]
    return [(instant(day, start), instant(day, end)) for start, end in both if start < end]


def _is_text_day(day: date, is_working_day: IsWorkingDay) -> bool:
    if day.weekday() == 5:
        return (day.month, day.day) not in _KEPT_ON_SATURDAYS
    return day.weekday() < 5 and is_working_day(day)


def _too_late(starts_at: datetime, rules: Rules) -> datetime:
    return starts_at - timedelta(minutes=rules.too_late_minutes)


def _working_day_before(starts_at: datetime, count: int, is_working_day: IsWorkingDay) -> date:
    for days in range(1, LOOK_DAYS):
        day = _days_before(starts_at, days)
        count -= is_working_day(day)
        if count == 0:
            return day
    raise ValueError("there is no working day in the year before")


def _days_before(starts_at: datetime, days: int) -> date:
    return clock.london(starts_at).date() - timedelta(days=days)
