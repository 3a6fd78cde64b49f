"""What people's calendar programs answer to an invitation, read from a mail of theirs.

Pure, and hostile mail is expected: whatever is not plainly an answer to one event by the person who
wrote is no answer. RFC 5546 section 3.2.3: a REPLY has one attendee with a PARTSTAT; a COUNTER asks
for another time. Who wrote is who the From says: good enough for what is shown to staff and changes
nothing else. Run it in a child process with limits (`answer_child.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from typing import Any

from icalendar import Calendar

MOST_BYTES = 200_000  # of a mail: an answer has some 5,000
MOST_PARTS = 50
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
COUNTER = "counter"


@dataclass(frozen=True)
class Answer:
    """`says` is accepted, declined, tentative or counter; `stamp` when it was given, if it says."""

    uid: str
    sequence: int
    attendee: str
    says: str
    stamp: datetime | None


def answers_in(mail: bytes) -> list[Answer]:
    """The answers in a mail; none in almost every mail. Raises whatever the parsers raise."""
    if len(mail) > MOST_BYTES:
        return []
    message = message_from_bytes(mail)
    sender = sender_of(message)
    found = []
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS or sender is None:
            break
        if part.get_content_type() == "text/calendar":
            found += [a for a in in_calendar(part.get_payload(decode=True)) if a.attendee == sender]
    return list(dict.fromkeys(found))


def sender_of(message: Message) -> str | None:
    """The one address that the mail says it is from, in lower case."""
    written = message.get_all("From") or []
    if len(written) != 1:
        return None
    return parseaddr(str(written[0]))[1].lower() or None


def in_calendar(content: Any) -> Iterator[Answer]:
    if not isinstance(content, bytes) or b"BEGIN:VCALENDAR" not in content.upper():
        return
    calendar: Any = Calendar.from_ical(content)
    method = str(calendar.get("METHOD", "")).upper()
    if method not in ("REPLY", "COUNTER"):
        return
    events = calendar.walk("VEVENT")
    if len(events) == 1 and (answer := answer_of(events[0], method)):
        yield answer


def answer_of(event: Any, method: str) -> Answer | None:
    """An answer about the whole of one event, by one attendee."""
    attendee, uid = event.get("ATTENDEE"), str(event.get("UID", ""))
    if attendee is None or isinstance(attendee, list) or not uid or "RECURRENCE-ID" in event:
        return None
    says = COUNTER if method == "COUNTER" else ANSWERS.get(partstat(attendee))
    if says is None:
        return None
    return Answer(
        uid=uid[:80],
        sequence=number_of(event.get("SEQUENCE", 0)),
        attendee=str(attendee).lower().removeprefix("mailto:").strip(),
        says=says,
        stamp=stamp_of(event.get("DTSTAMP")),
    )


def partstat(attendee: Any) -> str:
    return str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()


def number_of(value: Any) -> int:
    return int(value) if isinstance(value, int) and 0 <= value < 2**31 else 0


def stamp_of(value: Any) -> datetime | None:
    """An instant; a time without its zone is none."""
    at = getattr(value, "dt", None)
    if not isinstance(at, datetime) or at.tzinfo is None:
        return None
    return at.astimezone(UTC)
