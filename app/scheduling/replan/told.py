"""What would be sent if a line of a plan were approved, for a page of many lines: who may be texted
is read once for all of them, and the words are made by `will_be_sent`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.families.recipient import carer_recipients
from app.messaging.outbox import texted_among
from app.messaging.registry import Recipient
from app.peers.recipient import as_recipient as peer_as_recipient
from app.places.models import Place
from app.scheduling.models import Appointment
from app.scheduling.replan.facts import Facts
from app.scheduling.replan.table import Option
from app.scheduling.telling import told_people
from app.scheduling.unheard import Unheard, heard_of, unheard
from app.scheduling.will_be_sent import Line, as_moved, invitations, texts
from app.times import for_staff

Person = tuple[str, int]


@dataclass(frozen=True)
class Telling:
    """Who would be told of what, for the visits of one broken day."""

    facts: Facts
    recipients: dict[Person, Recipient]
    waiting: Unheard
    at: datetime

    @classmethod
    def of(cls, rows: Iterable[Appointment], facts: Facts, at: datetime) -> "Telling":
        rows = list(rows)
        found: dict[Person, Recipient] = {}
        carers = {row.carer.id: row.carer for row in rows if row.carer}
        found |= {("carer", n): one for n, one in carer_recipients(carers.values()).items()}
        peers = {row.peer.id: row.peer for row in rows if row.peer}
        if peers:
            texted = texted_among(peer.mobile for peer in peers.values() if peer.mobile)
            for number, peer in peers.items():
                found["peer", number] = peer_as_recipient(peer, peer.mobile in texted)
        return cls(facts, found, unheard([row.id for row in rows]), at)

    def lines(self, row: Appointment, option: Option) -> list[Line]:
        """The texts and invitations after a move, from an appointment that is not stored."""
        moved = self.moved(row, option)
        return [*self.texts(row, moved, in_words=True), *invitations(moved, "moved", self.at)]

    def texts(self, row: Appointment, moved: Appointment, *, in_words: bool) -> list[Line]:
        return [
            line
            for person in (told_people(moved) if row.tell else ())
            if person in self.recipients
            for line in texts(
                moved, self.recipients[person], "moved", self.at,
                heard_of(moved, person, row.starts_at, self.waiting), in_words=in_words,
            )
        ]  # fmt: skip

    def moved(self, row: Appointment, option: Option) -> Appointment:
        staff, place = self.facts.staff, row.place
        if option.place_id != row.place_id and option.place_id is not None:
            there = self.facts.places[option.place_id]
            place = Place(id=there.id, kind=there.kind, name=there.name)
        return as_moved(
            row, option.starts_at, option.ends_at, staff=staff[option.staff_id],
            second=staff[option.second_id] if option.second_id else None, place=place,
        )  # fmt: skip

    def short(self, row: Appointment, option: Option) -> str:
        """In a few words: who is texted when about the change, and who is rung."""
        said = []
        for line in self.texts(row, self.moved(row, option), in_words=False):
            if line.due_at is None:
                said.append(f"{line.to}: {line.what[0].lower()}{line.what[1:]}")
            elif line.news:
                when = "now" if line.due_at <= self.at else for_staff(line.due_at)
                said.append(f"{line.to} is texted {when}.")
        return " ".join(said) or "Nobody is told."
