"""The busy times of somebody's own calendar, from its bytes. Pure, and written for bytes that
nobody vouches for: what would never end is refused before anything repeats.

Busy is what the calendar calls so: not an event that is cancelled, transparent, free or "working
elsewhere"; one that is tentative is. A day without hours is a London date; a time without a zone,
or with one that nobody knows, is London wall time. Only times leave this file, never a title.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import recurring_ical_events
from icalendar import Calendar

from app.calendars.addresses import Unreadable
from app.clock import LONDON

MOST_EVENTS = 5000  # in the file, and again of what they repeat to in the time that is asked for
RARE_ENOUGH = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")
MARGIN = timedelta(days=2)  # around what is asked for: a date has no zone while it is worked out
NOT_BUSY = ("FREE", "WORKINGELSEWHERE")
# What Outlook puts before the UID of an event that came in an invitation (MS-OXCICAL 2.1.3.1.1.20).
OUTLOOK, ITS_UID = "040000008200E00074C5B7101A82E008", b"vCal-Uid\x01\x00\x00\x00"
# A UID of this service: an appointment's own, and in whose calendar we put it (`invitations`).
OURS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-s[0-9]+")

NOT_A_CALENDAR = (
    "The address answers with something that is not a calendar. "
    "Copy the ICS link, not the HTML one."
)
TOO_MANY = f"The calendar has more than {MOST_EVENTS} events in the time that is looked at."
TOO_OFTEN = "An event in the calendar repeats more often than once a day, which is not read."
UNCLEAR = "The calendar has an event whose times cannot be made out."


class Busy(NamedTuple):
    """A busy time; `ours` is its UID, where the event came from this service."""

    starts_at: datetime
    ends_at: datetime
    ours: str | None = None


def busy_times(body: bytes, first: datetime, until: datetime) -> list[Busy]:
    """The busy times from `first` to `until`, cut there, in order and each once. Raises Unreadable.

    A calendar is read whole or not at all: half of it would show time as free that is not.
    """
    found = set()
    for calendar in calendars(body):
        for starts, ends, ours in (*of_events(calendar, first, until), *of_free_busy(calendar)):
            begins, over = max(instant(starts), first), min(instant(ends), until)
            if begins < over:
                found.add(Busy(begins, over, ours))
    if len(found) > MOST_EVENTS:
        raise Unreadable(TOO_MANY)
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.ours or ""))


def calendars(body: bytes) -> list[Any]:
    """The calendars of a file that is whole and holds no more events than can be read."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not re.match(rb"BEGIN:VCALENDAR\s", text, re.IGNORECASE):
        raise Unreadable(NOT_A_CALENDAR)
    if not re.search(rb"\nEND:VCALENDAR$", text, re.IGNORECASE):
        raise Unreadable("The calendar breaks off before its end.")
    if len(re.findall(rb"^BEGIN:VEVENT", text, re.IGNORECASE | re.MULTILINE)) > MOST_EVENTS:
        raise Unreadable(TOO_MANY)
    try:
        found = Calendar.from_ical(text, multiple=True)  # bytes: a str would be taken for a path
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError):
        raise Unreadable(NOT_A_CALENDAR) from None
    begun = len(re.findall(rb"^BEGIN:VCALENDAR", text, re.IGNORECASE | re.MULTILINE))
    if len(found) != begun or not all(isinstance(each, Calendar) for each in found):
        raise Unreadable(NOT_A_CALENDAR)  # what is opened and not closed would be left out
    return list(found)


def of_events(
    calendar: Any, first: datetime, until: datetime
) -> Iterator[tuple[date, date, str | None]]:
    """Start, end and UID of each time that an event takes place and makes somebody busy."""
    try:
        series = calendar.walk("VEVENT")
        refuse_endless(series)
        keep_all(series)
        query = recurring_ical_events.of(calendar, components=["VEVENT"])
        events = query.between(first - MARGIN, until + MARGIN)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        raise Unreadable(UNCLEAR) from None
    for event in events:
        if makes_busy(event):
            yield event.start, event.end, own_uid(str(event.get("UID", "")))


def refuse_endless(events: Iterable[Any]) -> None:
    """Raise Unreadable for a rule that could bring more than one a day, and for too many dates."""
    dates = 0
    for event in events:
        for name in ("RRULE", "EXRULE"):
            for rule in several(event.get(name)):
                frequency = [str(each).upper() for each in several(rule.get("FREQ"))]
                interval = [int(each) for each in several(rule.get("INTERVAL"))]
                if (
                    len(frequency) != 1
                    or frequency[0] not in RARE_ENOUGH
                    or any(each < 1 for each in interval)
                    or any(rule.get(part) for part in TOO_FINE)
                ):
                    raise Unreadable(TOO_OFTEN)
        for name in ("RDATE", "EXDATE"):
            dates += sum(len(each.dts) for each in several(event.get(name)))
    if dates > MOST_EVENTS:
        raise Unreadable(TOO_MANY)


def keep_all(events: Iterable[Any]) -> None:
    """Make busy what a strict reading would drop: a second event under a UID that is no newer
    version of the first (RFC 5545 allows none), and the last day of a rule that ends on a date."""
    seen = set()
    for number, event in enumerate(events):
        uid = str(event.get("UID", ""))
        one = uid, str(event.get("SEQUENCE", 0))
        if "RECURRENCE-ID" not in event:
            if one in seen and not own_uid(uid):
                event["UID"] = f"{uid} {number}"
            seen.add(one)
        for rule in several(event.get("RRULE")):
            ends = [each for each in several(rule.get("UNTIL")) if not isinstance(each, datetime)]
            if ends and isinstance(event.start, datetime):
                rule["UNTIL"] = [datetime.combine(max(ends), time.max)]


def several(value: Any) -> list[Any]:
    """What stands once or several times, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def makes_busy(event: Any) -> bool:
    status = str(event.get("STATUS", "")).upper()
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    transparent = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    return not (status == "CANCELLED" or transparent or shown in NOT_BUSY)


def of_free_busy(calendar: Any) -> Iterator[tuple[datetime, datetime, None]]:
    """The times of a calendar that says only when somebody is busy."""
    for component in calendar.walk("VFREEBUSY"):
        for times in several(component.get("FREEBUSY")):
            if str(times.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield times.start, times.end, None


def instant(at: date) -> datetime:
    """A date as its London midnight, a time without a zone as London's."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(0))
    if at.tzinfo is None:
        at = at.replace(tzinfo=LONDON)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Unreadable(UNCLEAR) from None


def own_uid(uid: str) -> str | None:
    """The UID of an event that came from here, also where Outlook has wrapped it."""
    if uid.upper().startswith(OUTLOOK):
        try:
            uid = bytes.fromhex(uid).partition(ITS_UID)[2].partition(b"\0")[0].decode("ascii")
        except ValueError:
            return None
    return uid if OURS.fullmatch(uid) else None
