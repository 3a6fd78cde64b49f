"""Readers of dates, months, clock times and lengths of time, as a council clerk writes them.

Days come first (15/10/26 is 15 October 2026), times are London wall times. Nothing here knows
today: where a year is left out, `near` says which date to stay close to.
"""

import re
from datetime import date, time, timedelta

from app.spreadsheets.values import NUMBERS, Unclear, fold
from app.windows import WEEKDAYS

MONTHS = ["january", "february", "march", "april", "may", "june", "july"]
MONTHS += ["august", "september", "october", "november", "december"]
FULL_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_WEEKDAY = r"(mon|tues?|wed(?:nes)?|weds|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?"
_YEAR = r"(\d{4}|\d{2})"
_NAME = r"([a-z]{3,9})\.?"
SHORTEST, LONGEST = 5, 480  # minutes that an appointment can last: below and above is a slip


def read_date(text: str, *, near: date | None = None) -> date:
    """A date in any of the usual ways; a date that does not exist is refused with a sentence.

    A weekday must be the right one. Without a year, the date closest to `near` is meant (with a
    weekday: the closest that falls on it); without `near` it is refused.
    """
    words, weekday = _without_weekday(fold(text))
    words = re.sub(r"[t ,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?z?$", "", words)
    words = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", words)
    words = re.sub(r"\bof\b|[,']", " ", words).strip(" .")
    year, month, day = _parts(" ".join(words.split()))
    if year is None:
        return _closest(day, month, weekday, near)
    found = _date(year, month, day)
    if weekday is not None and found.weekday() != weekday:
        raise Unclear(
            f"{found.day} {found:%B %Y} is a {FULL_DAYS[found.weekday()]}, "
            f"not a {FULL_DAYS[weekday]}"
        )
    return found


def month_comes_first(text: str) -> bool:
    """Whether a date in numbers can only have its month first, as 12/25/2026."""
    first, second = _in_numbers(text)
    return first <= 12 < second <= 31


def could_be_month_first(text: str) -> bool:
    """Whether a date in numbers could be read with its month first and be another day."""
    first, second = _in_numbers(text)
    return first <= 12 and second <= 12 and first != second


def _in_numbers(text: str) -> tuple[int, int]:
    """The first two numbers of a date that is all numbers and ends with its year; else 0 and 0."""
    match = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\b", fold(text))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def time_in(text: str) -> str:
    """The clock time that stands in a cell of dates ('2027-03-11 10:00:00'); '' where none does,
    and for midnight, which is how a spreadsheet shows a bare day.
    """
    match = re.search(r"[t ,](\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?z?$", fold(text))
    return match[1] if match and match[1] not in ("00:00", "0:00") else ""


def read_month_alone(text: str) -> date | None:
    """The first day of a month with its year ('March 2025', '03/2025'); None for all else."""
    words = fold(text)
    if match := re.fullmatch(rf"{_NAME}[ /-]*{_YEAR}", words):
        return date(_year(match[2]) or 0, _month(match[1]), 1)
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", words):
        return _date(int(match[2]), int(match[1]), 1)
    return None


def names_year(text: str) -> bool:
    """Whether a date that can be read has its year written."""
    try:
        read_date(text)
    except Unclear:
        return False
    return True


def read_month(text: str, *, near: date) -> date:
    """A month, or a date in it, as its first day or that date: 'Feb 2027', 'early March', '02/27'.

    Without a year the month is the next one that is not over at `near`.
    """
    words = re.sub(r"^(early|mid|late|end of|start of|beginning of)[ -]+", "", fold(text))
    words = words.replace("'", " ").replace(",", " ").strip()
    if match := re.fullmatch(rf"{_NAME}[ /-]*{_YEAR}?", words):
        month = _month(match[1])
        return date(_year(match[2]) or near.year + (month < near.month), month, 1)
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", words):
        return _date(int(match[2]), int(match[1]), 1)
    return read_date(text, near=near)


def _without_weekday(words: str) -> tuple[str, int | None]:
    match = re.match(_WEEKDAY, words)
    if not match:
        return words, None
    weekday = [name.lower() for name in WEEKDAYS].index(match[1][:3])
    return words[match.end() :].strip(" -"), weekday


def _parts(words: str) -> tuple[int | None, int, int]:
    """Year (None where it is left out), month and day."""
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", words):
        return int(match[1]), int(match[2]), int(match[3])
    if match := re.fullmatch(rf"(\d{{1,2}}) ?[-/. ] ?(\d{{1,2}})(?: ?[-/. ] ?{_YEAR})?", words):
        return _year(match[3]), int(match[2]), int(match[1])
    if match := re.fullmatch(rf"(\d{{1,2}})[ /.-]*{_NAME}(?:[ /.-]*{_YEAR})?", words):
        return _year(match[3]), _month(match[2]), int(match[1])
    if match := re.fullmatch(rf"{_NAME}[ /.-]*(\d{{1,2}})(?:[ /.-]+{_YEAR})?", words):
        return _year(match[3]), _month(match[1]), int(match[2])
    if match := re.fullmatch(r"(20\d{2})(\d{2})(\d{2})", words):
        return int(match[1]), int(match[2]), int(match[3])
    if re.fullmatch(r"(3[6-9]|4\d|5[0-4])\d{3}", words):
        # A spreadsheet's own number for a day, shown where the column lost its format.
        day = date(1899, 12, 30) + timedelta(days=int(words))
        return day.year, day.month, day.day
    raise Unclear("this is not a date")


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    year = int(written) + (2000 if len(written) == 2 else 0)
    if not 1900 <= year <= 2100:
        raise Unclear(f"the year {written} cannot be right")
    return year


def _month(name: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        if month.startswith(name) or name == "sept" and number == 9:
            return number
    raise Unclear("this is not a date")


def _date(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise Unclear(f"there is no month {month}: dates are read with the day first")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear(f"there is no {day} {MONTHS[month - 1].title()} {year}") from None


def _closest(day: int, month: int, weekday: int | None, near: date | None) -> date:
    if near is None:
        raise Unclear("the year is missing")
    found: list[date] = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            found.append(_date(year, month, day))
        except Unclear:
            if year == near.year:
                missing = year
    if weekday is not None:
        found = [each for each in found if each.weekday() == weekday]
        if not found:
            raise Unclear(f"no {day} {MONTHS[month - 1].title()} near is a {FULL_DAYS[weekday]}")
    if not found:
        _date(missing, month, day)
    return min(found, key=lambda each: abs(each - near))


_PAST = {"half": 30, "quarter": 15, "twenty": 20, "ten": 10, "five": 5}


def read_time(text: str) -> time:
    """A clock time: '10.00', '2:15pm', '9', '1430', '14:30hrs', 'noon', 'half past 2', '0.4375'.

    A bare 1 to 6 is after noon (nobody is visited at night) unless it is written '01:30'; a bare 7
    could be either and is refused; '9.3' is 9.30 and '0.4375' 10:30 as a spreadsheet keeps them.
    """
    words = fold(text).removeprefix("at ").strip()
    if re.fullmatch(r"0\.\d+", words):
        return _part_of_a_day(float(words))
    words = _spoken(words)
    words = re.sub(r"([ap])\.? ?m\.?$", r"\1m", words)
    words = re.sub(r" ?(hrs?|hours|h|o'clock)\.?$", "", words)
    if words in ("noon", "midday", "12 noon", "12noon", "12 midday"):
        return time(12)
    if match := re.fullmatch(r"([01]?\d|2[0-3])([0-5]\d)( ?[ap]m)?", words):
        words = f"{match[1]}:{match[2]}{match[3] or ''}"
    words = re.sub(r"^(\d{1,2})[.]([1-4])$", r"\1:\g<2>0", words)
    match = re.fullmatch(r"(\d{1,2})(?: ?[:.h; ] ?(\d{2})(?::\d{2}(?:\.\d+)?)?)? ?([ap]m)?", words)
    if not match:
        raise Unclear("this is not a time")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = _twelve_hour(hour, match[3])
    elif 1 <= hour <= 6 and match[1][0] != "0":
        hour += 12
    elif words.startswith("7"):
        raise Unclear("7 could be the morning or the evening")
    if hour > 23 or minute > 59:
        raise Unclear("there is no such time")
    return time(hour, minute)


def _part_of_a_day(part: float) -> time:
    """A spreadsheet's own number for a time, where the column lost its format."""
    minutes = round(part * 1440)
    if abs(part * 1440 - minutes) > 0.1 or minutes % 5 or minutes < 7 * 60:
        raise Unclear("this is not a time")
    return time(minutes // 60, minutes % 60)


def _spoken(words: str) -> str:
    """'half past 2' as '2:30', 'quarter to three pm' as '2:45pm'; other words as they are."""
    match = re.fullmatch(
        rf"(?:a )?({'|'.join(_PAST)}) (past|to) (\d{{1,2}}|[a-z]+?)( ?[ap]\.?m\.?)?", words
    )
    if not match:
        return words
    hour = NUMBERS.get(match[3], int(match[3]) if match[3].isdigit() else 0)
    minutes = _PAST[match[1]]
    if not 1 <= hour <= 12 or (match[2] == "to" and match[1] == "half"):
        return words
    if match[2] == "to":
        hour, minutes = (hour - 1 or 12), 60 - minutes
    return f"{hour}:{minutes:02d}{match[4] or ''}"


def _twelve_hour(hour: int, half: str) -> int:
    if half == "am" and hour > 12:
        raise Unclear("there is no such time")
    if hour > 12:
        return hour
    return hour % 12 + (12 if half == "pm" else 0)


def read_time_and_minutes(text: str) -> tuple[time, int | None]:
    """A start, and the minutes where the end is written too: '10:00-11:00' is 10:00 and 60."""
    parts = re.split(r"\s*(?:-|\bto\b|\buntil\b|\btill\b)\s*", fold(text))
    if len(parts) != 2:
        return read_time(text), None
    if parts[1].endswith("pm") and re.fullmatch(r"\d{1,2}([:.]\d\d)?", parts[0]):
        starts, ends = read_time(f"{parts[0]}pm"), read_time(parts[1])
        if starts > ends:
            starts = read_time(parts[0])
    else:
        starts, ends = read_time(parts[0]), read_time(parts[1])
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    if not SHORTEST <= minutes <= LONGEST:
        raise Unclear("the time ends before it begins")
    return starts, minutes


_HOURS = r"(?:(\d{1,2}(?:\.\d{1,2})?) ?h(?:(?:ou)?rs?)?\.?)?"
_MINUTES = r"(?: ?(?:and )?(\d{1,3}) ?(?:m(?:ins?|inutes?)?\.?)?)?"
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}


def read_minutes(text: str) -> int:
    """A length of time in minutes: '60', '45 mins', '1h', '1.5h', '1hr 30', '1:30', 'half an hour'.

    A number of 4 or less means hours; the least is 5 minutes and the most 8 hours.
    """
    words = re.sub(r"\.0+$", "", fold(text).strip(" ."))
    words = re.sub(r"(\d?) ?([½¼¾])", lambda m: f"{m[1] or 0}{_HALVES[m[2]]}", words)
    words = re.sub(r"^(half an|½) hour$", "30", words)
    words = re.sub(r"^(a|an) (?=h)", "1 ", words)
    words = re.sub(r"^([a-z]+)(?= ?(h|m))", lambda m: str(NUMBERS.get(m[1], m[1])), words)
    match = re.fullmatch(rf"{_HOURS}{_MINUTES}", words)
    if match and words:
        minutes = round(float(match[1] or 0) * 60) + int(match[2] or 0)
        if not match[1] and int(match[2]) <= 4:
            minutes *= 60
    elif match := re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", words):
        minutes = int(match[1]) * 60 + int(match[2])
    elif match := re.fullmatch(r"([1-4])\.(\d{1,2})", words):
        minutes = round(float(words) * 60)
    else:
        raise Unclear("this is not a length of time")
    if not SHORTEST <= minutes <= LONGEST:
        raise Unclear("an appointment lasts from 5 minutes to 8 hours")
    return minutes
