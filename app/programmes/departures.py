"""Why a date of a programme departs from its rhythm, in words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from app import clock
from app.scheduling.wanted import DayFound, Found, Slot
from app.times import WEEKDAYS, staff_date

# What took the last start of a date, as it completes "Tue 8 Dec: …".
WHY = {
    "past": "it is past",
    "level": "nobody visits this home",
    "notice": "too little notice",
    "horizon": "too far ahead",
    "bank_holiday": "a bank holiday",
    "hours": "{name} does not work then",
    "absence": "{name} is away",
    "place_hours": "the place is closed",
    "place_closed": "the place is closed",
    "busy": "{name}’s own calendar is full",
    "family_times": "outside the family’s times",
    "other_times": "outside the interpreter’s times",
    "cover": "no duty cover",
    "daylight": "too dark",
}
FULL = "no time is free"
AFTER = {"video_session": "after the review", "shared_review": "after its video"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What the rhythm would have: the date before, the target, the usual weekday and time."""

    kind: str
    before: date | None
    target: date
    habit: tuple[int, time] | None
    name: str


def departures(asked: Asked, slot: Slot, found: Found) -> tuple[str, ...]:
    """One sentence for another day than the rhythm's, one for another time than is usual."""
    day = clock.london(slot.starts_at).date()
    days = {each.day: each for each in found.days}
    return (*_another_day(asked, slot, found, days), *_another_time(asked, day, slot, found))


def gap_words(kind: str, days: int) -> str:
    """'9 days after its video'."""
    return f"{days} {'day' if days == 1 else 'days'} {AFTER[kind]}"


def _another_day(
    asked: Asked, slot: Slot, found: Found, days: Mapping[date, DayFound]
) -> Iterator[str]:
    day = clock.london(slot.starts_at).date()
    if asked.before is None or day == asked.target:
        return
    words = gap_words(asked.kind, (day - asked.before).days)
    blocked = list(_blocked(asked.target, day, days))
    if blocked:
        yield f"{words}: {_why(blocked[0], days, asked.name)}"
    elif asked.habit and asked.habit[0] == day.weekday() != asked.target.weekday():
        yield f"{words}: to keep {WEEKDAYS[day.weekday()]}s"
    elif (more := _least_driving(asked.target, found) - slot.added_travel) > 0:
        yield f"{words}: {more} minutes less driving than on {staff_date(asked.target)}"
    else:
        yield f"{words}: it fits better with what comes before and after"


def _least_driving(day: date, found: Found) -> int:
    """The least added driving of a date's slots; 0 where it has none."""
    on_day = (s.added_travel for s in found.slots if clock.london(s.starts_at).date() == day)
    return min(on_day, default=0)


def _blocked(target: date, day: date, days: Mapping[date, DayFound]) -> Iterator[DayFound]:
    """The weekdays from the target towards the day, as long as nothing is free on them."""
    step = ONE_DAY if day > target else -ONE_DAY
    while target != day:
        one = days.get(target)
        if one is not None and one.free:
            return
        if one is not None and target.weekday() < 5:
            yield one
        target += step


SPANS = ("absence", "bank_holiday", "place_closed")  # what is told from its first to its last day


def _run(blocked: DayFound, days: Mapping[date, DayFound]) -> tuple[date, date]:
    """The first and last weekday of the unbroken run that one rule took around a date."""
    ends = []
    for step in (-ONE_DAY, ONE_DAY):
        last = day = blocked.day
        while (
            (one := days.get(day))
            and not one.free
            and one.code == blocked.code
            or (day.weekday() > 4 and day in days)
        ):
            last = day if day.weekday() < 5 else last
            day += step
        ends.append(last)
    return ends[0], ends[1]


def _why(blocked: DayFound, days: Mapping[date, DayFound], name: str) -> str:
    """'Tue 8 to Fri 11 Dec, Tamsin is away'."""
    spans = blocked.code in SPANS
    first, last = _run(blocked, days) if spans else (blocked.day, blocked.day)
    span = staff_date(first)
    if last != first:
        alike = (first.month, first.year) == (last.month, last.year)
        span = f"{span[:-4] if alike else span} to {staff_date(last)}"
    return f"{span}, {WHY.get(blocked.code or '', FULL).format(name=name)}"


def _another_time(asked: Asked, day: date, slot: Slot, found: Found) -> Iterator[str]:
    there = clock.london(slot.starts_at).time()
    if asked.habit is None or there == asked.habit[1]:
        return
    usual = f"{asked.habit[1]:%H:%M}"
    at_usual = [
        one
        for one in found.slots
        if clock.london(one.starts_at).date() == day
        and clock.london(one.starts_at).time() == asked.habit[1]
    ]
    if not at_usual:
        yield f"{usual} is not free that day"
    elif slot.preferred and not at_usual[0].preferred:
        yield f"Not {usual}: the family likes this time better"
    else:
        yield f"Not {usual}: less driving"
