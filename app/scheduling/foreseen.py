"""What the texts about appointments that wait would say when they go, as things are now.

The words are made by the functions of the claim (`text_purposes.py`), with a link's place held and
nothing written. Of two reminders of one person's day the one that goes first speaks for both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import and_, or_, select

from app.db import db
from app.messaging.models import Outbox
from app.messaging.registry import Due, Foreseen
from app.messaging.wordings import NoWording
from app.pages import public_address
from app.scheduling import same_day
from app.scheduling.models import Appointment
from app.scheduling.queries import with_people
from app.scheduling.text_purposes import (
    BASES,
    REMINDERS,
    gets_link,
    said_of,
    said_of_two,
    why_unwanted,
)
from app.times import staff_time

LINK = "x" * 22  # as long as a link's token, so that the text is fitted as it will be
PREFIX = "conversation_"


def foresee_texts(dues: Sequence[Due]) -> dict[int, Foreseen]:
    """What each of these rows about appointments would say: three statements. Of what is no text
    about an appointment (an invitation) nothing.
    """
    texts = [due for due in dues if base_of(due.row) in BASES]
    if not texts:
        return {}
    beside = reminders_of({(due.person.kind, due.row.recipient_id) for due in texts})
    read = appointments({due.row.about_id for due in texts} | {row.about_id for row in beside})
    found, introduced = {}, set()
    for due in sorted(texts, key=lambda due: (due.goes_at, due.row.id)):
        if due.person.number in introduced:
            due = replace(due, person=replace(due.person, introduced=True))
        found[due.row.id] = said = foresee(due, beside, read)
        if not said.unsent:
            introduced.add(due.person.number)
    return found


def base_of(row: Outbox) -> str:
    return row.purpose.removeprefix(PREFIX)


def foresee(due: Due, beside: Sequence[Outbox], read: Mapping[int, Appointment]) -> Foreseen:
    row, base = due.row, base_of(due.row)
    appointment = read.get(row.about_id)
    if why := why_unwanted(base, row, appointment, due.person, due.goes_at):
        return Foreseen(unsent=why)
    assert appointment is not None, "why_unwanted() has looked"
    try:
        if base in REMINDERS:
            return reminder(due, appointment, [r for r in beside if is_sibling(r, row)], read)
        return one(due, appointment)
    except NoWording:
        return Foreseen(unsent=f"Nothing may be said about this in {due.person.wording} wording.")


def reminder(
    due: Due, appointment: Appointment, siblings: list[Outbox], read: Mapping[int, Appointment]
) -> Foreseen:
    if same_day.said_by(siblings, appointment):
        return Foreseen(unsent=same_day.SAID)
    other, speaks = same_day.shared_with(due.row, appointment, siblings, read.get, now=due.now)
    if other is None:
        return one(due, appointment)
    said = said_of_two(due.row, appointment, other, due.person, due.goes_at)
    if speaks:
        return Foreseen(said.body, language=said.language)
    why = f"In one text with the appointment at {staff_time(other.starts_at)} of that day."
    return Foreseen(said.body, why, said.language)


def one(due: Due, appointment: Appointment) -> Foreseen:
    """The words of one appointment's text, where a link would stand only its place."""
    link = None
    if gets_link(appointment, due.person):
        link = public_address("appointment_links.show", token=LINK)
    name = due.row.purpose
    said = said_of(name, due.row, appointment, due.person, due.goes_at, link)
    return Foreseen(said.body.replace(LINK, "…"), language=said.language)


def is_sibling(other: Outbox, row: Outbox) -> bool:
    """Whether it is the same reminder to the same person about another appointment."""
    same = (other.recipient_kind, other.recipient_id) == (row.recipient_kind, row.recipient_id)
    return same and base_of(other) == base_of(row) and other.about_id != row.about_id


def reminders_of(people: set[tuple[str, int]]) -> Sequence[Outbox]:
    """The reminders of these people that wait, or that went and may have spoken for others."""
    names = [name for base in REMINDERS for name in (base, PREFIX + base)]
    return db.session.scalars(
        select(Outbox)
        .where(
            Outbox.about_kind == "appointment",
            Outbox.purpose.in_(names),
            or_(
                *(
                    and_(Outbox.recipient_kind == kind, Outbox.recipient_id == person_id)
                    for kind, person_id in people
                )
            ),
        )
        .order_by(Outbox.id.desc())
        .limit(200)
    ).all()


def appointments(ids: set[int]) -> dict[int, Appointment]:
    rows = db.session.scalars(
        select(Appointment).where(Appointment.id.in_(ids)).options(*with_people())
    ).all()
    return {row.id: row for row in rows}
