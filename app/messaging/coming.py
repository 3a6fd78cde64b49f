"""What is still to go: when each message would go by the rules as they are now, in which words, or
why it would not. Nothing is changed by looking: no link is made, no row is touched.

The rules are the claim's own (`verdicts.py`); the words come from those who make them
(`registry.foresight`), for several rows at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.access import User
from app.db import db
from app.messaging import blocks, registry
from app.messaging.follow_up import is_reminder, words_for
from app.messaging.models import ALARM, NumberBlock, Outbox
from app.messaging.names import Names
from app.messaging.registry import Due, Foreseen, Recipient, channel_of
from app.messaging.states import HANDED_OVER
from app.messaging.verdicts import (
    TOO_LATE,
    Later,
    NotSent,
    email_held,
    instead_of_texts,
    phone_refusal,
    time_held,
    too_soon,
)
from app.settings.store import current

GONE = "This person is not on record any more."


@dataclass(frozen=True)
class Coming:
    """One message that waits. `goes_at` None: as things are it will not go, and `why` says why.

    With a `why` and a time it goes in one text with another.
    """

    row: Outbox
    to: str
    channel: str
    what: str
    goes_at: datetime | None
    words: str
    why: str
    language: str | None = None


def coming(rows: Iterable[Outbox], at: datetime) -> list[Coming]:
    """These waiting rows as they would go, the next first; a fixed number of statements for each
    person and each kind of thing that they are about.
    """
    waiting = sorted(rows, key=lambda row: (row.due_at, row.id))
    people = {key: known(*key) for key in {(r.recipient_kind, r.recipient_id) for r in waiting}}
    numbers = {person.number for person in people.values() if person and person.number}
    stopped = blocks.blocks_of(numbers) if numbers else {}
    found: dict[int, Coming] = {}
    dues: list[Due] = []
    for row in waiting:
        person = people[row.recipient_kind, row.recipient_id]
        block = stopped.get(person.number or "") if person else None
        when = when_it_goes(row, person, block, at)
        if isinstance(when, str) or person is None:
            found[row.id] = line(row, person, why=str(when))
        else:
            dues.append(Due(row, person, when))
    lately = texted_lately([due for due in dues if is_reminder(due.row)])
    foreseen = foresee(dues)
    for due in dues:
        last, apart = lately.get(told(due.row)), timedelta(hours=current().texts_apart_hours)
        if last and is_reminder(due.row) and last > due.goes_at - apart:
            found[due.row.id] = line(due.row, due.person, why=too_soon(current()))
        else:
            said = foreseen.get(due.row.id, Foreseen())
            found[due.row.id] = line(
                due.row, due.person, due.goes_at, said.words, said.unsent, said.language
            )
    return [found[row.id] for row in waiting]


def as_if_now(row: Outbox, at: datetime) -> Coming:
    """One of them as it would go if a person sent it now: outside the hours for texts too, never
    outside the person's own safe times.
    """
    person = known(row.recipient_kind, row.recipient_id)
    numbers = {person.number} if person and person.number else set()
    block = next(iter(blocks.blocks_of(numbers).values()), None) if numbers else None
    when = when_it_goes(row, person, block, at, now=True)
    if isinstance(when, str) or person is None:
        return line(row, person, why=str(when))
    said = foresee([Due(row, person, when, now=True)]).get(row.id, Foreseen())
    return line(row, person, when, said.words, said.unsent, said.language)


def line(
    row: Outbox,
    person: Recipient | None,
    goes_at: datetime | None = None,
    words: str = "",
    why: str = "",
    language: str | None = None,
) -> Coming:
    name = person.name if person else "Somebody"
    channel = channel_of(row, person) if person else row.channel
    return Coming(row, name, channel, words_for(row), goes_at, words, why, language)


def known(kind: str, person_id: int) -> Recipient | None:
    return registry.recipient(kind, person_id) if kind in registry.recipients else None


def when_it_goes(
    row: Outbox,
    person: Recipient | None,
    block: NumberBlock | None,
    at: datetime,
    *,
    now: bool = False,
) -> datetime | str:
    """The instant at which a row would go (by a person's decision `now`), or why it would not."""
    if person is None:
        return GONE
    if row.purpose not in registry.purposes:
        return "The service does not know this kind of message any more."
    purpose, when = registry.purposes[row.purpose], at if now else max(row.due_at, at)
    if purpose.expires and when >= row.expires_at:
        return TOO_LATE
    channel = channel_of(row, person)
    if channel == "email" and not purpose.by_email:
        held = email_held(person)
        return held.reason if held else when
    if channel == "text" and (why := phone_refusal(person, block, purpose)):
        return why
    verdict = None if purpose.urgent else time_held(row, person, current(), when, now=now)
    if isinstance(verdict, NotSent):
        return verdict.reason
    return verdict.at if isinstance(verdict, Later) else when


def told(row: Outbox) -> tuple[str, int, str, int]:
    """About what a row tells whom."""
    return (row.about_kind, row.about_id, row.recipient_kind, row.recipient_id)


def texted_lately(reminders: Sequence[Due]) -> dict[tuple[str, int, str, int], datetime]:
    """When the last text went about what these reminders are about: one statement."""
    if not reminders:
        return {}
    what = (Outbox.about_kind, Outbox.about_id, Outbox.recipient_kind, Outbox.recipient_id)
    found = db.session.execute(
        select(*what, func.max(Outbox.sent_at))
        .where(
            Outbox.about_id.in_({due.row.about_id for due in reminders}),
            Outbox.about_kind.in_({due.row.about_kind for due in reminders}),
            or_(Outbox.channel == "text", Outbox.purpose.in_(instead_of_texts())),
            Outbox.state.in_(HANDED_OVER),
            Outbox.sent_at.is_not(None),
        )
        .group_by(*what)
    )
    return {(kind, number, whom, who): at for kind, number, whom, who, at in found if at}


def foresee(dues: Sequence[Due]) -> dict[int, Foreseen]:
    """What each would say, asked of those who know what it is about."""
    found: dict[int, Foreseen] = {}
    for kind in {due.row.about_kind for due in dues}:
        of_kind = [due for due in dues if due.row.about_kind == kind]
        if kind in registry.foresight:
            found |= registry.foresight[kind](of_kind)
    return found


def deciders(lines: Iterable[Coming], user: User) -> set[int]:
    """The ids of the rows about which this user may decide: those of people whose thread they may
    read. Alarms are left to the board of lone working.
    """
    rows = [line.row for line in lines if line.row.lane != ALARM]
    names = Names(user, [(row.recipient_kind, row.recipient_id) for row in rows])
    return {row.id for row in rows if names.name((row.recipient_kind, row.recipient_id))}
