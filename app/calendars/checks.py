"""What must be true of a calendar before it leaves, asked of the bytes themselves.

Pure, and apart from the library that wrote them. Calendars forgive little, and differently
(reference/messaging.md sections 3.2 to 3.5): a line too long, a time without its zone or a METHOD
that is not the mail's is read an hour wrong, or shown as a broken attachment. The words of `Broken`
name no person: they stand in a reason that is counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_LINE = 75  # octets without their end (RFC 5545 section 3.1)
STATUSES = {"REQUEST": ("CONFIRMED", "TENTATIVE"), "CANCEL": ("CANCELLED",)}
TIMES = ("DTSTART", "DTEND", "DTSTAMP")

_VALUE = r'(?:"[^"\x00-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*)'
_PARAMETER = rf";([A-Za-z0-9-]+)=({_VALUE}(?:,{_VALUE})*)"
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):([^\x00-\x08\x0a-\x1f\x7f]*)")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_WALL = re.compile(r"\d{8}T\d{6}")


class Broken(ValueError):
    """This must not be sent. The message says what is wrong with it."""


@dataclass(frozen=True)
class Line:
    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Part:
    """A component: its own lines, and the components inside."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def one(self, name: str) -> Line:
        found = self.all(name)
        if len(found) != 1:
            raise Broken(f"{self.name} has {len(found)} of {name} where it needs one")
        return found[0]


def check(calendar: bytes, method: str | None) -> None:
    """Raise Broken unless this is a calendar that others read right, with this METHOD (None: none).

    REQUEST and CANCEL are to one person: one event, one organiser, one attendee.
    """
    whole = whole_of(lines_of(calendar))
    whole.one("PRODID")
    if whole.one("VERSION").value != "2.0":
        raise Broken("its VERSION is not 2.0")
    if [line.value for line in whole.all("METHOD")] != ([method] if method else []):
        raise Broken(f"its METHOD is not {method}")
    for line in whole.all("REFRESH-INTERVAL"):
        if line.parameters.get("VALUE") != "DURATION":
            raise Broken("its REFRESH-INTERVAL does not say that it is a DURATION")
    zones = {zone_of(part) for part in whole.parts if part.name == "VTIMEZONE"}
    events = [part for part in whole.parts if part.name == "VEVENT"]
    uids = [event.one("UID").value for event in events]
    if len(set(uids)) != len(uids) or not all(uids):
        raise Broken("two of its events have one UID, or one has none")
    for event in events:
        check_event(event, zones)
        check_people(event, method)
    if method in STATUSES:
        check_message(events, method)


def zone_of(zone: Part) -> str:
    """The name of a time zone as Outlook reads one: by a yearly rule (MS-STANOICAL 2.2.47)."""
    if not zone.parts:
        raise Broken("a time zone of its own has no offsets")
    for change in zone.parts:
        change.one("RRULE")
        if change.all("RDATE"):
            raise Broken("a time zone of its own lists its changes, which Outlook does not read")
    return zone.one("TZID").value


def check_message(events: list[Part], method: str) -> None:
    """What only a message to one person needs (RFC 5546 sections 3.2.2 and 3.2.5)."""
    if len(events) != 1:
        raise Broken(f"a {method} is about one event, and this has {len(events)}")
    (event,) = events
    event.one("DTEND")
    event.one("SEQUENCE")
    if event.one("STATUS").value not in STATUSES[method]:
        raise Broken(f"its STATUS does not fit a {method}")


def check_event(event: Part, zones: set[str]) -> None:
    """A summary, a start, and times that name their zone or are UTC."""
    if not event.one("SUMMARY").value.strip():
        raise Broken("its SUMMARY is empty")
    if not _UTC.fullmatch(event.one("DTSTAMP").value):
        raise Broken("its DTSTAMP is not in UTC")
    event.one("DTSTART")
    for line in event.lines:
        if line.name in TIMES:
            check_time(line, zones)
        if line.name == "SEQUENCE" and not line.value.isdigit():
            raise Broken("its SEQUENCE is not a number")


def check_time(line: Line, zones: set[str]) -> None:
    zone = line.parameters.get("TZID")
    if zone is None and not _UTC.fullmatch(line.value):
        raise Broken(f"its {line.name} has no time zone")
    if zone is not None and not (_WALL.fullmatch(line.value) and zone in zones):
        raise Broken(f"its {line.name} names a time zone that it does not define")


def check_people(event: Part, method: str | None) -> None:
    """A message has an organiser, one to a person an attendee besides; a calendar for many names
    nobody.
    """
    attendees = event.all("ATTENDEE")
    if method:
        check_mailbox(event.one("ORGANIZER"))
    if method not in STATUSES:
        if attendees:
            raise Broken("it names an ATTENDEE, whom everybody who reads it would see")
        return
    attendee = event.one("ATTENDEE")
    check_mailbox(attendee)
    if "PARTSTAT" not in attendee.parameters:
        raise Broken("its ATTENDEE has no PARTSTAT")
    if attendee.value.lower() == event.one("ORGANIZER").value.lower():
        raise Broken("its ATTENDEE is its ORGANIZER, who is shown no buttons")


def check_mailbox(line: Line) -> None:
    if not re.fullmatch(r"mailto:[^\s@,;<>]+@[^\s@,;<>]+", line.value):
        raise Broken(f"its {line.name} is not one mailto: address")


def lines_of(calendar: bytes) -> Iterator[Line]:
    """The lines, unfolded and taken apart."""
    if not calendar.endswith(b"\r\n"):
        raise Broken("its last line does not end")
    physical = calendar[:-2].split(b"\r\n")
    for line in physical:
        if b"\r" in line or b"\n" in line:
            raise Broken("a line does not end in CR and LF")
        if len(line) > LONGEST_LINE:
            raise Broken(f"a line is longer than {LONGEST_LINE} octets")
    try:
        unfolded = calendar[:-2].replace(b"\r\n ", b"").decode()
    except UnicodeDecodeError:
        raise Broken("it is not UTF-8") from None
    for text in unfolded.split("\r\n"):
        yield line_of(text)


def line_of(text: str) -> Line:
    found = _LINE.fullmatch(text)
    if found is None:
        raise Broken("a line is not NAME:value")
    parameters = {
        name.upper(): value.strip('"') for name, value in re.findall(_PARAMETER, found[2])
    }
    return Line(found[1].upper(), parameters, found[5])


def whole_of(lines: Iterator[Line]) -> Part:
    """The one calendar that the lines make."""
    outside = Part("")
    nested = [outside]
    for line in lines:
        if line.name == "BEGIN":
            part = Part(line.value.upper())
            nested[-1].parts.append(part)
            nested.append(part)
        elif line.name == "END":
            if nested.pop().name != line.value.upper() or not nested:
                raise Broken("its parts do not end where they should")
        else:
            nested[-1].lines.append(line)
    if len(nested) != 1 or outside.lines or [p.name for p in outside.parts] != ["VCALENDAR"]:
        raise Broken("it is not one VCALENDAR")
    return outside.parts[0]
