"""Dates and times in words: for texts, for families and peers (12-hour), for staff (24-hour).

Every function takes an aware instant and speaks of London wall time; none reads a clock. The table
of forms is reference/pages.md section 6.
"""

from datetime import date, datetime, timedelta

from app import clock

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MIDNIGHT = "00:00"
NEAR_DAYS = 7  # a weekday alone says which day only within a week


def wall(at: datetime) -> datetime:
    """The instant on a London clock; a naive datetime is refused, for nobody knows which it is."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be put into words")
    return clock.london(at)


def _hour(there: datetime) -> str:
    if there.minute == 0 and there.hour == 12:
        return "12 noon"
    minutes = f":{there.minute:02d}" if there.minute else ""
    return f"{there.hour % 12 or 12}{minutes}{'am' if there.hour < 12 else 'pm'}"


def _short(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def for_text(at: datetime) -> str:
    """As a text says it, in letters that cost one unit each: 'Tue 3 Mar 10am'."""
    return f"{date_for_text(at)} {_hour(wall(at))}"


def date_for_text(at: datetime, sent_on: date | None = None) -> str:
    """'Wed 25 Nov', and 'tomorrow, Wed 25 Nov' in a text sent on the day before (London dates)."""
    day = wall(at).date()
    if sent_on is not None and (day - sent_on).days == 1:
        return f"tomorrow, {_short(day)}"
    return _short(day)


def for_family(at: datetime) -> str:
    """'Tuesday 3 March at 2:30pm'."""
    return f"{for_family_date(at)} at {for_family_time(at)}"


def for_family_date(at: datetime | date) -> str:
    """'Tuesday 3 March': weekday and date, never a bare 'today'."""
    day = wall(at).date() if isinstance(at, datetime) else at
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def for_family_time(at: datetime) -> str:
    """'2:30pm', '2pm', '12 noon'."""
    return _hour(wall(at))


def for_family_range(starts_at: datetime, ends_at: datetime) -> str:
    """'10am to 11am'."""
    return f"{for_family_time(starts_at)} to {for_family_time(ends_at)}"


def for_staff(at: datetime, today: date | None = None) -> str:
    """'Tue 24 Nov 14:30'; with the year where `today` is given and is in another year."""
    return f"{staff_date(wall(at).date(), today)} {staff_time(at)}"


def staff_date(day: date, today: date | None = None) -> str:
    """'Tue 24 Nov'; with the year where `today` is given and is in another year."""
    year = f" {day.year}" if today is not None and today.year != day.year else ""
    return _short(day) + year


def staff_time(at: datetime) -> str:
    """'09:15'; in the hour that autumn repeats '01:30 (first)' and '01:30 (second)'."""
    there = wall(at)
    return f"{there.hour:02d}:{there.minute:02d}{_which(there) if there.hour == 1 else ''}"


def _which(there: datetime) -> str:
    """Which of the two it is, in the hour (from 1 o'clock) that autumn repeats."""
    repeated = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return (" (first)", " (second)")[there.fold] if repeated else ""


def staff_range(starts_at: datetime, ends_at: datetime) -> str:
    """'09:15–10:15', as in a table."""
    return f"{staff_time(starts_at)}–{staff_time(ends_at)}"


def staff_span(starts_at: datetime, ends_at: datetime, today: date | None = None) -> str:
    """'Mon 30 Nov to Thu 3 Dec', 'Tue 1 Dec, 13:00 to 17:00', 'Tue 1 Dec from 13:00': midnights are
    not said.
    """
    begins, ends = staff_time(starts_at), staff_time(ends_at)
    first, last = wall(starts_at).date(), wall(ends_at).date()
    if ends == MIDNIGHT:
        last, ends = last - timedelta(days=1), ""
    begins = "" if begins == MIDNIGHT else begins
    start, end = staff_date(first, today), staff_date(last, today)
    if first != last:
        return f"{start}{' ' + begins if begins else ''} to {end}{' ' + ends if ends else ''}"
    if begins and ends:
        return f"{start}, {begins} to {ends}"
    if begins or ends:
        return f"{start} {'from ' + begins if begins else 'until ' + ends}"
    return start


def span_on(starts_at: datetime, ends_at: datetime, day: date, next_day: date) -> str:
    """When on a date something is that may take longer: '13:00–14:00', or 'all day'."""
    first, last = clock.midnight(day), clock.midnight(next_day)
    if starts_at <= first and ends_at >= last:
        return "all day"
    return staff_range(max(starts_at, first), min(ends_at, last))


def near(at: datetime, now: datetime) -> str:
    """'Today 12:00'; 'Wed 09:52' less than a week from `now`, either way; else the date."""
    day, today = wall(at).date(), wall(now).date()
    if day == today:
        return f"Today {staff_time(at)}"
    if abs((day - today).days) < NEAR_DAYS:
        return f"{WEEKDAYS[day.weekday()][:3]} {staff_time(at)}"
    return staff_date(day, today)


def near_inside(at: datetime, now: datetime) -> str:
    """The same inside a sentence: 'today 12:00'."""
    return near(at, now).replace("Today", "today")


def how_long(minutes: int) -> str:
    """'45 minutes', '1 hour', '2 hours 5 minutes'; a negative length is refused."""
    if minutes < 0:
        raise ValueError("a length of time is never negative")
    hours, rest = divmod(minutes, 60)
    words = [_counted(hours, "hour")] if hours else []
    if rest or not hours:
        words.append(_counted(rest, "minute"))
    return " ".join(words)


def age_words(born_on: date | None, today: date) -> str:
    """'7 months' under two years, '2 years' after; 'due Feb 2027' before birth.

    Months and years are completed ones: a child born on the 31st is a month older when a later
    month begins without a 31st. Not known (None) is said so, never guessed.
    """
    if born_on is None:
        return "age not known"
    if born_on > today:
        return f"due {MONTHS[born_on.month - 1][:3]} {born_on.year}"
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    months -= today.day < born_on.day
    if months < 1:
        return "under 1 month"
    return _counted(months, "month") if months < 24 else _counted(months // 12, "year")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
