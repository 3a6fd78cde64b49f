"""Weekly wall-time windows: one pure type for working hours, safe times, free times, opening hours.

A window is a weekday and two London wall times, kept as minutes since midnight (1440 is the end
of the day). Windows become instants only when asked about a date, so they hold across clock
changes. `read_windows` understands the words in which people write such times; the words stand
in one table. Unknown times are `None` where a value is optional: unknown means *ask*, not *never*.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from app import clock

DAY = 24 * 60
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALL_WEEK = range(7)
WORK_WEEK = range(5)

Minutes = tuple[int, int]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Window:
    """One weekday's window, from and to in minutes since London midnight, and when it holds."""

    weekday: int
    start: int
    end: int
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.start < self.end <= DAY):
            raise ValueError(f"not a window: {self.weekday} {self.start}-{self.end}")

    def holds_on(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class Windows:
    """A week of windows, with exceptions for single dates (an empty exception is a day off)."""

    windows: tuple[Window, ...] = ()
    exceptions: tuple[tuple[date, tuple[Minutes, ...]], ...] = ()
    _by_day: dict[int, tuple[Window, ...]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    # The open stretches of the weekdays whose windows hold on every date, once they were asked for.
    _every_week: dict[int, tuple[Minutes, ...]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", tuple(sorted(self.windows, key=_in_order)))
        for weekday in ALL_WEEK:
            self._by_day[weekday] = tuple(w for w in self.windows if w.weekday == weekday)

    def __bool__(self) -> bool:
        return bool(self.windows or self.exceptions)

    def on(self, day: date) -> tuple[Minutes, ...]:
        """The open stretches of a date, merged and in order, in minutes since midnight."""
        for when, minutes in self.exceptions:
            if when == day:
                return merged(minutes)
        weekday = day.weekday()
        if weekday in self._every_week:
            return self._every_week[weekday]
        windows = self._by_day[weekday]
        found = merged((w.start, w.end) for w in windows if w.holds_on(day))
        if all(w.valid_from is None and w.valid_until is None for w in windows):
            self._every_week[weekday] = found
        return found

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.windows, self.exceptions))

    @property
    def same_every_week(self) -> bool:
        """Whether each week is like every other: no exceptions, nothing that begins or ends."""
        return not self.exceptions and all(
            w.valid_from is None and w.valid_until is None for w in self.windows
        )

    def spans(self, first: date, last: date) -> list[Span]:
        """The open stretches from `first` to `last` inclusive as instants (aware UTC)."""
        return [
            (instant(day, start), instant(day, end))
            for day in days(first, last)
            for start, end in self.on(day)
        ]

    def cover(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether one open stretch holds the whole of `starts_at` to `ends_at` (same London
        day).
        """
        begins, ends = clock.london(starts_at), clock.london(ends_at)
        start = begins.hour * 60 + begins.minute
        end = ends.hour * 60 + ends.minute + (ends.date() - begins.date()).days * DAY
        return any(s <= start and end <= e for s, e in self.on(begins.date()))

    def common(self, other: "Windows") -> "Windows":
        """The times that lie in both."""
        both = [
            (one, two, max(one.start, two.start), min(one.end, two.end))
            for one in self.windows
            for two in other._by_day[one.weekday]
        ]
        shared = [
            Window(one.weekday, start, end, _latest(one, two), _earliest(one, two))
            for one, two, start, end in both
            if start < end
        ]
        odd = sorted({day for day, _ in (*self.exceptions, *other.exceptions)})
        return Windows(
            tuple(shared), tuple((day, overlaps(self.on(day), other.on(day))) for day in odd)
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "windows": [
                [w.weekday, w.start, w.end, _iso(w.valid_from), _iso(w.valid_until)]
                for w in self.windows
            ],
            "exceptions": [[d.isoformat(), [list(m) for m in ms]] for d, ms in self.exceptions],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Windows":
        """Equal times are one value in a process: what was worked out about them is kept."""
        exceptions = [(d, tuple(map(tuple, ms))) for d, ms in stored.get("exceptions", ())]
        return _made_of(tuple(map(tuple, stored["windows"])), tuple(exceptions))

    def words(self) -> str:
        """As staff read it: 'Mon to Thu 09:30–14:30, Sat 10:00–13:00'."""
        groups: list[tuple[list[int], str]] = []
        for weekday in ALL_WEEK:
            times = " and ".join(
                f"{wall(s)}–{wall(e)}"
                for s, e in merged((w.start, w.end) for w in self._by_day[weekday])
            )
            if not times:
                continue
            if groups and groups[-1][1] == times and groups[-1][0][-1] == weekday - 1:
                groups[-1][0].append(weekday)
            else:
                groups.append(([weekday], times))
        if not groups:
            return "never"
        return ", ".join(f"{_run(weekdays)} {times}" for weekdays, times in groups)


def _in_order(window: Window) -> tuple[int, int, int, date, date]:
    first, last = window.valid_from or date.min, window.valid_until or date.max
    return window.weekday, window.start, window.end, first, last


def _latest(one: Window, two: Window) -> date | None:
    return max((day for day in (one.valid_from, two.valid_from) if day), default=None)


def _earliest(one: Window, two: Window) -> date | None:
    return min((day for day in (one.valid_until, two.valid_until) if day), default=None)


@lru_cache(maxsize=4096)
def _made_of(windows: tuple[Any, ...], exceptions: tuple[Any, ...]) -> Windows:
    return Windows(
        tuple(Window(d, s, e, _day(f), _day(u)) for d, s, e, f, u in windows),
        tuple((date.fromisoformat(d), stretches) for d, stretches in exceptions),
    )


def overlaps(some: Iterable[Minutes], others: Iterable[Minutes]) -> tuple[Minutes, ...]:
    """What two sets of stretches have in common."""
    kept = list(others)
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in kept]
    return tuple(stretch for stretch in both if stretch[0] < stretch[1])


def merged(stretches: Iterable[Minutes]) -> tuple[Minutes, ...]:
    """Stretches of minutes in order, with those that meet or overlap joined."""
    joined: list[Minutes] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def days(first: date, last: date) -> Iterable[date]:
    """Every date from `first` to `last` inclusive."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@lru_cache(maxsize=8192)
def instant(day: date, minutes: int) -> datetime:
    """The instant of a wall time given as minutes since midnight; a skipped time moves on."""
    later, minute = divmod(minutes, DAY)
    wall_time = datetime.combine(day + timedelta(days=later), datetime.min.time()) + timedelta(
        minutes=minute
    )
    return wall_time.replace(tzinfo=clock.LONDON).astimezone(UTC)


def wall(minutes: int) -> str:
    """Minutes since midnight as staff read them: '09:30', and '24:00' for the end of the day."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


# What people write for stretches of a day, in minutes since midnight. The two that DESIGN.md
# section 6 fixes are school hours and evenings; the others are the plain sense of the words.
WORDS_FOR_TIMES: dict[str, Minutes] = {
    "school hours": (9 * 60 + 30, 14 * 60 + 30),
    "school time": (9 * 60 + 30, 14 * 60 + 30),
    "after school": (15 * 60 + 30, 18 * 60),
    "mornings": (9 * 60, 12 * 60),
    "morning": (9 * 60, 12 * 60),
    "am": (9 * 60, 12 * 60),
    "afternoons": (12 * 60, 17 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "pm": (12 * 60, 17 * 60),
    "evenings": (17 * 60, 20 * 60),
    "evening": (17 * 60, 20 * 60),
    "eves": (17 * 60, 20 * 60),
    "eve": (17 * 60, 20 * 60),
    "lunchtimes": (12 * 60, 14 * 60),
    "lunchtime": (12 * 60, 14 * 60),
    "any": (9 * 60, 20 * 60),
    "any time": (9 * 60, 20 * 60),
    "anytime": (9 * 60, 20 * 60),
    "all day": (9 * 60, 20 * 60),
    "daytime": (9 * 60, 17 * 60),
}
# Words that fix the days as well.
WORDS_FOR_DAYS: dict[str, range] = {
    "weekdays": WORK_WEEK,
    "weekday": WORK_WEEK,
    "weekends": range(5, 7),
    "weekend": range(5, 7),
    "every day": ALL_WEEK,
    "everyday": ALL_WEEK,
    "daily": ALL_WEEK,
}
EARLIEST, LATEST = 9 * 60, 20 * 60  # "after 10" ends at 20:00, "before 2" begins at 09:00

_DAY = r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?s?"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?"
_DASH = r"\s*(?:-|–|—|to|until|till)\s*"


class UnclearTimes(ValueError):
    """The words could not be read as times of a week; the message says which."""


def read_windows(text: str, *, usual_days: Iterable[int] = ALL_WEEK) -> Windows:
    """Read times of a week as people write them; raises UnclearTimes for what cannot be read.

    Understands lists with commas, semicolons and new lines: 'Mon-Fri 9:30-14:30', 'school hours',
    'evenings after 7', 'Tue Thu evenings', 'Mon, Wed 10-12', 'Fri pm', 'weekdays am', 'weekends',
    'not Weds', 'after 10', 'before 2pm', 'any'. Times without days hold on `usual_days`; school
    hours on Monday to Friday only.
    """
    cleaned = re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip().lower().rstrip(".")
    if not cleaned:
        raise UnclearTimes("there are no times to read")
    found: list[Window] = []
    barred: set[int] = set()
    waiting: list[int] = []
    last: list[int] = []
    for part in re.split(r"[;,\n]|\band\b(?=\s*(?:" + _DAY + r"|\d))", cleaned):
        part = part.strip()
        if not part:
            continue
        if match := re.fullmatch(r"(?:not|never|no|except)\s+(.+)", part):
            barred.update(_weekdays(match[1], part))
            continue
        weekdays, rest = _leading_days(part)
        weekdays, rest = (weekdays, rest) if weekdays else _trailing_days(part)
        if weekdays and not rest:
            waiting += weekdays  # 'Mon, Wed 10-12': days that wait for their time
            continue
        start, end = _stretch(rest, part)
        on: Iterable[int] = [*waiting, *weekdays]
        if not on and found and rest[:1].isdigit():
            on = last  # 'Mon 9-12, 1-5': a second time holds on the days of the first
        elif not on:
            on = usual_days
        if "school" in rest:  # there is none at a weekend
            on = [weekday for weekday in on if weekday in WORK_WEEK]
        last = list(on)
        found += [Window(weekday, start, end) for weekday in dict.fromkeys(on)]
        waiting = []
    found += [Window(weekday, EARLIEST, LATEST) for weekday in dict.fromkeys(waiting)]
    if barred and not found:
        found = [Window(weekday, EARLIEST, LATEST) for weekday in usual_days]
    return Windows(tuple(dict.fromkeys(w for w in found if w.weekday not in barred)))


def _leading_days(part: str) -> tuple[list[int], str]:
    for words, weekdays in WORDS_FOR_DAYS.items():
        if re.match(rf"{words}\b", part):
            return list(weekdays), part[len(words) :].strip(" :")
    match = re.match(rf"({_DAY}(?:(?:{_DASH}|[\s/&+]+(?:and\s+)?){_DAY})*)\b[\s:]*", part)
    if not match:
        return [], part
    return _weekdays(match[1], part), part[match.end() :].strip()


def _trailing_days(part: str) -> tuple[list[int], str]:
    for words, weekdays in WORDS_FOR_DAYS.items():
        if part.endswith(f" {words}"):
            return list(weekdays), part.removesuffix(words).removesuffix(" on ").strip()
    match = re.search(rf"\s(?:on\s+)?({_DAY}(?:(?:{_DASH}|[\s/&+]+){_DAY})*)$", part)
    if not match:
        return [], part
    return _weekdays(match[1], part), part[: match.start()].strip()


def _weekdays(text: str, whole: str) -> list[int]:
    if text.strip() in WORDS_FOR_DAYS:
        return list(WORDS_FOR_DAYS[text.strip()])
    found: list[int] = []
    pieces = re.split(r"([\s/&+]*(?:-|–|—|\bto\b)[\s]*|[\s/&+]+)", text.strip())
    through = False
    for piece in pieces:
        word = piece.strip(" /&+")
        if re.fullmatch(r"(?:-|–|—|to)", word):
            through = True
        elif not word or word == "and":
            continue
        else:
            weekday = _weekday(word, whole)
            if through and found:
                step = found[-1]
                while step != weekday:
                    step = (step + 1) % 7
                    found.append(step)
            else:
                found.append(weekday)
            through = False
    return found


def _weekday(word: str, whole: str) -> int:
    for number, name in enumerate(WEEKDAYS):
        if re.fullmatch(_DAY, word) and word.startswith(name.lower()):
            return number
    raise UnclearTimes(f"“{whole}” names no day that can be read")


def _stretch(text: str, whole: str) -> Minutes:
    rest = text.strip()
    start, end = EARLIEST, LATEST
    for words in sorted(WORDS_FOR_TIMES, key=len, reverse=True):
        if match := re.match(rf"{words}\b", rest):
            start, end = WORDS_FOR_TIMES[words]
            rest = rest[match.end() :].strip()
            break
    evening = start >= 17 * 60
    if match := re.fullmatch(rf"(?:from|after)\s+({_CLOCK})", rest):
        start = read_clock(match[1], afternoon=end > 12 * 60)
    elif match := re.fullmatch(rf"(?:before|until|till|by)\s+({_CLOCK})", rest):
        end = read_clock(match[1], afternoon=True)
    elif match := re.fullmatch(rf"(?:from\s+)?({_CLOCK}){_DASH}({_CLOCK})", rest):
        start, end = _from_to(match[1], match[2], evening)
    elif rest:
        raise UnclearTimes(f"“{whole}” is not a time of the week that can be read")
    if not 0 <= start < end <= DAY:
        raise UnclearTimes(f"“{whole}” ends before it begins")
    return start, end


def _from_to(first: str, until: str, evening: bool) -> Minutes:
    """9-5 is 09:00 to 17:00, 1-3 and 1-3pm are 13:00 to 15:00: the night is never meant."""
    start, end = read_clock(first), read_clock(until)
    if end <= start and (start < 13 * 60 or first.strip().endswith("pm")):
        return start, end + 12 * 60
    if not first.strip().startswith("0") and not first.strip().endswith("m"):
        if until.strip().endswith("pm") and start + 12 * 60 < end:
            start += 12 * 60
        elif start < (9 if evening else 7) * 60 and end < 12 * 60 and not until.endswith("m"):
            start, end = start + 12 * 60, end + 12 * 60
    return start, end


def read_clock(text: str, *, afternoon: bool = False) -> int:
    """A clock time as minutes since midnight: '9', '9.30', '09:30', '2:15pm'.

    With `afternoon`, a bare hour from 1 to 8 is after noon, as in 'evenings after 7'.
    """
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.strip().lower())
    if not match:
        raise UnclearTimes(f"“{text.strip()}” is not a time")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] == "pm" and hour < 12:
        hour += 12
    elif match[3] == "am" and hour == 12:
        hour = 0
    elif not match[3] and afternoon and 1 <= hour <= 8 and match[1][0] != "0":
        hour += 12
    if hour > 23 or minute > 59:
        raise UnclearTimes(f"“{text.strip()}” is not a time")
    return hour * 60 + minute


def _run(weekdays: list[int]) -> str:
    if len(weekdays) > 2:
        return f"{WEEKDAYS[weekdays[0]]} to {WEEKDAYS[weekdays[-1]]}"
    return " and ".join(WEEKDAYS[w] for w in weekdays)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
