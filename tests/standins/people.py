"""People whom the tests of messaging text: made of their numbers, known to no other package.

The recipient's id is the end of the phone number, so a process started beside a test knows the
same people.
"""

from dataclasses import replace
from datetime import datetime

from app.messaging import registry
from app.messaging.free_text import FREE_TEXT, PURPOSE
from app.messaging.inbound import read_danger, read_stop, read_wrong_number
from app.messaging.models import Outbox, Reply
from app.messaging.registry import Message, Purpose, Reading, Recipient


def person(kind: str, end: int, /, **more: object) -> Recipient:
    plain = Recipient(
        kind=kind,
        id=end,
        name=f"{kind.title()} {end}",
        number=f"+447700900{end:03d}",
        email=None,
        refusal=None,
        email_refusal="No e-mail is wanted.",
        wording="full",
        link_ok=True,
        safe_times=None,
        family_id=end if kind == "carer" else None,
        peer_id=end if kind == "peer" else None,
    )
    return replace(plain, **more)


class People:
    """Everybody: anybody exists unless `gone`; `change` makes one different."""

    def __init__(self) -> None:
        self.changed: dict[tuple[str, int], Recipient] = {}
        self.gone: set[tuple[str, int]] = set()
        self.unwanted: dict[tuple[str, int], str] = {}
        self.owners: dict[str, list[tuple[str, int, str, int | None]]] = {}

    def find(self, kind: str, number: int) -> Recipient | None:
        if (kind, number) in self.gone:
            return None
        return self.changed.get((kind, number)) or person(kind, number)

    def change(self, kind: str, end: int, /, **more: object) -> None:
        self.changed[kind, end] = person(kind, end, **more)

    def own(self, number: str) -> list[tuple[str, int, str, int | None]]:
        if number in self.owners:
            return self.owners[number]
        if not number.startswith("+447700900") or len(number) != 13:
            return []
        found = self.find("carer", int(number[-3:]))
        return [("carer", found.id, found.name, found.family_id)] if found else []

    def is_unwanted(self, row: Outbox, _: Recipient, __: datetime) -> str | None:
        return self.unwanted.get((row.about_kind, row.about_id))


def words(row: Outbox, recipient: Recipient, _: datetime) -> Message:
    said = registry.payload(row, "words", f"{row.purpose} {row.about_id}")
    if said == "broken":
        raise RuntimeError("a purpose with a fault")
    email = None
    if row.channel == "email":
        email = (
            f"From: Service <service@example.org>\r\nTo: {recipient.email}\r\n"
            f"Message-ID: <{row.id}@example.org>\r\nSubject: x\r\n\r\n{said}\r\n"
        ).encode()
    return Message(said, email=email)


def read_keep(reply: Reply, _: datetime) -> Reading | None:
    """Stands for scheduling's reader."""
    if reply.body == "broken":
        raise RuntimeError("a reader with a fault")
    number = int(reply.from_number[-3:]) if reply.from_number[-3:].isdigit() else None
    if reply.body == "1":
        return Reading("appointment", "confirmed", "carer", number, "appointment", 1)
    return None


def fill(people: People) -> None:
    """Fill messaging's tables as wiring does."""
    clear()
    for kind in ("carer", "peer", "staff"):
        registry.recipients.add(kind, lambda number, kind=kind: people.find(kind, number))
        registry.visible.add(kind, lambda _number, _user: True)
    made = {"unwanted": people.is_unwanted, "make": words}
    registry.purposes.add("booked", Purpose(**made, words="booking"))
    registry.purposes.add("reminder", Purpose(**made, words="reminder", reminder=True))
    registry.purposes.add(
        "alarm", Purpose(**made, words="alarm", urgent=True, alarm=True, expires=False)
    )
    registry.purposes.add("letter", Purpose(**made, words="invitation"))
    registry.purposes.add(PURPOSE, FREE_TEXT)
    registry.owners.add("everybody", people.own)
    registry.readers.add("danger", read_danger)
    registry.readers.add("wrong number", read_wrong_number)
    registry.readers.add("stop", read_stop)
    registry.readers.add("appointment", read_keep)


def clear() -> None:
    for table in (
        registry.recipients,
        registry.purposes,
        registry.readers,
        registry.owners,
        registry.visible,
        registry.on_danger,
        registry.surroundings,
        registry.readable,
        registry.foresight,
    ):
        table.clear()
