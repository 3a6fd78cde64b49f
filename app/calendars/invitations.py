"""Invitations (iTIP REQUEST and CANCEL), feeds and single files (PUBLISH), as bytes.

Pure: says how, never what; the discreet summary is the caller's. RFC 5546: a REQUEST names one
organiser and its attendee, a PUBLISH no attendee; a CANCEL has STATUS:CANCELLED and a SEQUENCE
that the caller has raised, or calendars ignore it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from app import clock

Method = Literal["REQUEST", "CANCEL"]

PRODID = "-//Appointments//Calendar//EN"
REFRESH = "PT1H"
_ATOMS = r"[^\s\x00-\x20\x7f@<>()\[\]\"',;:\\]+"
_CONTROLS = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"
# One yearly pair and no RDATE: all that Outlook reads of a VTIMEZONE (MS-STANOICAL 2.2.47).
EUROPE_LONDON = b"""BEGIN:VTIMEZONE
TZID:Europe/London
X-LIC-LOCATION:Europe/London
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Entry:
    """One event of a feed; `stamp` is when its row last changed, never the time of reading."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    stamp: datetime
    location: str | None = None
    description: str | None = None
    cancelled: bool = False
    tentative: bool = False


def invitation(
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    summary: str,
    organiser_name: str,
    organiser_email: str,
    attendee_email: str,
    attendee_name: str | None,
    location: str | None,
    stamp: datetime,
    method: Method,
    description: str | None = None,
    *,
    tentative: bool = False,
    rsvp: bool = False,
) -> bytes:
    """An invitation to one person, or its cancellation; nobody else is named in it.

    The organiser must be a mailbox that is nobody's own, or its owner is shown no buttons. An
    answer is asked for (`rsvp`), and another time may be proposed, only where that mailbox is
    read. A naive time is refused.
    """
    entry = Entry(
        uid,
        sequence,
        starts_at,
        ends_at,
        summary,
        stamp,
        location,
        description,
        cancelled=method == "CANCEL",
        tentative=tentative,
    )
    event = _event(entry, _person(organiser_email, organiser_name))
    attendee = _person(attendee_email, attendee_name)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE" if rsvp else "FALSE"
    event.add("attendee", attendee)
    event.add("x-microsoft-disallow-counter", "FALSE" if rsvp else "TRUE")
    return _bytes(_calendar(method), [event])


def single_event(
    entry: Entry, organiser_name: str | None = None, organiser_email: str | None = None
) -> bytes:
    """A file to add to a calendar by hand, with no attendee.

    A PUBLISH must name its organiser (RFC 5546); without one this is a plain file without a
    method, which calendars open just as well and which names nobody.
    """
    if organiser_email is None:
        return _bytes(_calendar(None), [_event(entry, None)])
    organiser = _person(organiser_email, organiser_name)
    return _bytes(_calendar("PUBLISH"), [_event(entry, organiser)])


def feed(entries: Iterable[Entry], name: str, organiser_name: str, organiser_email: str) -> bytes:
    """A calendar to subscribe to; the same entries make the same bytes in whatever order they come.

    Cancelled entries stay as cancelled events. Readers refresh when they please (Outlook every
    3 to 24 hours), so a change on the day also needs an invitation.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("name", one_line(name))
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("refresh-interval", vText(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    organiser = _person(organiser_email, organiser_name)
    in_order = sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))
    return _bytes(calendar, [_event(entry, organiser) for entry in in_order])


def _calendar(method: str | None) -> Any:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _event(entry: Entry, organiser: Any) -> Any:
    starts_at, ends_at = _when(entry.starts_at), _when(entry.ends_at)
    if entry.ends_at <= entry.starts_at:
        raise ValueError("an event ends after it starts")
    event = Event()
    event.add("uid", one_line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", _aware(entry.stamp).astimezone(UTC))
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", one_line(entry.summary))
    event.add("status", _status(entry))
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    if entry.location:
        event.add("location", one_line(entry.location))
    if entry.description:
        event.add("description", _lines(entry.description))
    if organiser is not None:
        event.add("organizer", organiser)
    return event


def _status(entry: Entry) -> str:
    if entry.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.tentative else "CONFIRMED"


def _bytes(calendar: Any, events: list[Any]) -> bytes:
    calendar.add_component(Timezone.from_ical(EUROPE_LONDON))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _when(at: datetime) -> datetime:
    """London wall time; UTC in the second of autumn's hours, which a wall time cannot name."""
    there = clock.london(_aware(at))
    return there.astimezone(UTC) if there.fold else there


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot go into a calendar")
    return at


def _person(email: str, name: str | None) -> Any:
    person = vCalAddress(f"mailto:{mailbox(email)}")
    if name:
        # RFC 5545 has no way to write a double quote in a parameter.
        person.params["CN"] = one_line(name).replace('"', "'")
    return person


def mailbox(email: str) -> str:
    """The one plain address given, or ValueError: nothing else may reach a header or a calendar."""
    if not email.isascii() or not re.fullmatch(f"{_ATOMS}@{_ATOMS}", email):
        raise ValueError("not one e-mail address")
    return email


def one_line(text: str) -> str:
    """The text on one line: what somebody typed must not begin a line of its own."""
    return " ".join(re.sub(_CONTROLS, " ", text).split())


def _lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(one_line(line) for line in lines)
