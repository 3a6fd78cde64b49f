"""Everything said with one person, by text and by telephone, in the order in which it happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Literal

from sqlalchemy import ColumnElement, false, or_, select

from app import clock, phones, times
from app.access import ARRANGERS, User
from app.db import db
from app.links.tokens import without_tokens
from app.messaging import blocks, registry
from app.messaging.calls import RUNG, calls_with
from app.messaging.follow_up import words_for
from app.messaging.models import CALL_OUTCOMES, Call, NumberBlock, Outbox, Reply
from app.messaging.registry import Recipient
from app.messaging.states import NOT_REACHED, STATE_WORDS, WAITING
from app.tasks.models import Task

NUMBER = "number"  # an unknown one: its thread is called by its first text
MOST = 200

Way = Literal["in", "out", "held", "call"]


@dataclass(frozen=True)
class Entry:
    """One thing said. `bold` leads the line under it ('Not sent at 10:00:'); `language` is that of
    the words where it is known.
    """

    at: datetime
    way: Way
    heading: str
    words: str
    foot: str
    bold: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Day:
    day: date
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Thread:
    """One person's thread, or an unknown number's (`person` None)."""

    kind: str
    id: int
    name: str
    number: str | None
    person: Recipient | None
    block: NumberBlock | None
    days: Sequence[Day]
    planned: Sequence[Outbox]
    tasks: Sequence[Task]


def may_read(kind: str, person_id: int, user: User) -> bool:
    """Whether a member of staff may read a thread; an unknown number's only those who arrange."""
    if kind == NUMBER:
        return user.role in ARRANGERS
    return kind in registry.visible and registry.visible[kind](person_id, user)


def thread(kind: str, person_id: int, user: User) -> Thread | None:
    """The thread with a person, or None where there is none that this user may read."""
    if not may_read(kind, person_id, user):
        return None
    if kind == NUMBER:
        return unknown_thread(person_id)
    if kind not in registry.recipients:
        return None
    person = registry.recipient(kind, person_id)
    if person is None:
        return None
    ids = {person_id, person.id}
    rows = rows_to(kind, ids)
    entries = [
        *(sent(row) for row in rows if row.state not in (*WAITING, "sending")),
        *(said(reply, person.name) for reply in replies_of(kind, ids)),
        *(called(call) for i in ids for call in calls_with((kind, i))),
    ]
    return Thread(
        kind=kind,
        id=person_id,
        name=person.name,
        number=person.number,
        person=person,
        block=blocks.block_of(person.number) if person.number else None,
        days=by_day(entries),
        planned=sorted((r for r in rows if r.state in WAITING), key=lambda r: r.due_at),
        tasks=tasks_about(kind, ids, person),
    )


def unknown_thread(first_id: int) -> Thread | None:
    first = db.session.get(Reply, first_id)
    if first is None or first.person_id is not None:
        return None
    replies = db.session.scalars(
        select(Reply)
        .where(Reply.from_number == first.from_number, Reply.person_id.is_(None))
        .order_by(Reply.id)
        .limit(MOST)
    ).all()
    first_id = replies[0].id
    return Thread(
        kind=NUMBER,
        id=first_id,
        name="Number not known",
        number=first.from_number,
        person=None,
        block=blocks.block_of(first.from_number),
        days=by_day([said(reply, phones.shown(reply.from_number)) for reply in replies]),
        planned=(),
        tasks=tasks_about(NUMBER, {first_id}),
    )


def rows_to(kind: str, ids: set[int]) -> Sequence[Outbox]:
    """The newest messages to a person."""
    return db.session.scalars(
        select(Outbox)
        .where(Outbox.recipient_kind == kind, Outbox.recipient_id.in_(ids))
        .order_by(Outbox.id.desc())
        .limit(MOST)
    ).all()


def replies_of(kind: str, ids: set[int]) -> Sequence[Reply]:
    return db.session.scalars(
        select(Reply)
        .where(Reply.person_kind == kind, Reply.person_id.in_(ids))
        .order_by(Reply.id.desc())
        .limit(MOST)
    ).all()


def tasks_about(kind: str, ids: set[int], person: Recipient | None = None) -> Sequence[Task]:
    """What is open about a person, or about what their own replies were about; and the requests to
    ring them, whatever made them, because a call settles those.
    """
    concerned = select(Reply.about_id).where(
        Reply.person_kind == kind,
        Reply.person_id.in_(ids),
        Reply.about_kind == Task.about_kind,
        Reply.about_id == Task.about_id,
    )
    return db.session.scalars(
        select(Task)
        .where(
            Task.closed_at.is_(None),
            or_(
                (Task.about_kind == kind) & Task.about_id.in_(ids),
                (Task.kind == "change_asked") & concerned.exists(),
                to_be_rung(person),
            ),
        )
        .order_by(Task.urgent.desc(), Task.due_at)
    ).all()


def to_be_rung(person: Recipient | None) -> ColumnElement[bool]:
    """Open requests to ring this person's family, or this peer parent."""
    if person is not None and person.family_id is not None:
        return Task.kind.in_(RUNG) & (Task.family_id == person.family_id)
    if person is not None and person.peer_id is not None:
        return Task.kind.in_(RUNG) & (Task.peer_id == person.peer_id) & Task.family_id.is_(None)
    return false()


def sent(row: Outbox, to: str = "") -> Entry:
    """A message that left us, or did not, with what became of it; `to` names whom it was for."""
    at = row.sent_at or row.final_at or row.due_at
    when, what = times.staff_time(at) + (f" to {to}" if to else ""), words_for(row)
    words = without_tokens(row.body or f"({what})")
    if row.state in NOT_REACHED:
        bold = STATE_WORDS[row.state]
        reason = row.reason or "No reason is stored."
        foot, lead = f" {reason}", f"{bold} at {when}:"
        return Entry(at, "held", f"{bold} at {when}", words, foot, lead, row.language)
    state = STATE_WORDS[row.state].lower()
    mail = "e-mail, " if row.channel == "email" else ""
    foot = f"{when}, {mail}{what}, {state}" + (f". {row.reason}" if row.reason else "")
    heading = f"E-mail at {when}" if mail else f"Sent at {when}"
    return Entry(at, "out", heading, words, foot, language=row.language)


def said(reply: Reply, name: str, *, who: str = "") -> Entry:
    """What somebody wrote; `who` leads the line under it, where a thread is of several people."""
    when = times.staff_time(reply.received_at)
    made = reply.outcome or "not read yet"
    heading = f"{name.split()[0] if not name[:1].isdigit() else name} replied at {when}"
    foot = f"{when}, {made}"
    return Entry(reply.received_at, "in", heading, reply.body, f"{who}, {foot}" if who else foot)


def called(call: Call, whom: str = "") -> Entry:
    """A call; `whom` names with whom it was."""
    when, whom = times.staff_time(call.at), f" with {whom}" if whom else ""
    outcome = CALL_OUTCOMES[call.outcome]
    return Entry(
        call.at,
        "call",
        f"Call{whom} at {when}",
        call.words or outcome,
        f"{when} call{whom}, {call.by}: {outcome}",
    )


def by_day(entries: Sequence[Entry]) -> list[Day]:
    ordered = sorted(entries, key=lambda entry: entry.at)
    days = groupby(ordered, key=lambda entry: clock.london(entry.at).date())
    return [Day(day, list(of_day)) for day, of_day in days]
