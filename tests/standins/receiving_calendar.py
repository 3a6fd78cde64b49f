"""Somebody's calendar program: it keeps one state for each UID, whatever comes when and how often.

As RFC 5546 section 2.1.5 has it: what has a higher SEQUENCE is newer, then what has a later
DTSTAMP; anything older changes nothing. Reads with vobject, which shares no line with our writer.
"""

import email
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.policy import default
from functools import cache

import vobject


@dataclass(frozen=True)
class Kept:
    """What the calendar shows of one appointment."""

    sequence: int
    stamp: datetime
    cancelled: bool
    starts_at: datetime
    summary: str


@dataclass
class ReceivingCalendar:
    address: str
    events: dict[str, Kept] = field(default_factory=dict)

    def receive(self, mail: bytes) -> None:
        to, uid, new = read(mail)
        if to != self.address:
            return
        old = self.events.get(uid)
        if old is None or (new.sequence, new.stamp) > (old.sequence, old.stamp):
            self.events[uid] = new

    @property
    def standing(self) -> list[datetime]:
        return sorted(one.starts_at for one in self.events.values() if not one.cancelled)


@cache
def read(mail: bytes) -> tuple[str, str, Kept]:
    """To whom, which UID, and what is to be shown."""
    message = email.message_from_bytes(mail, policy=default)
    (to,) = message["To"].addresses
    (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    calendar = vobject.readOne(part.get_content())
    assert calendar.method.value == part["Content-Type"].params["method"]
    event = calendar.vevent
    kept = Kept(
        int(event.sequence.value),
        event.dtstamp.value,
        calendar.method.value == "CANCEL",
        event.dtstart.value.astimezone(UTC),
        event.summary.value,
    )
    return to.addr_spec, event.uid.value, kept
