"""The list of threads: what waits for a person, what the service did by itself, what was not sent.

Danger stands first. Every list is narrowed by who may read the thread; nothing here shows words of
somebody whom the reader may not see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import false, func, or_, select

from app import clock, phones
from app.access import User
from app.db import db
from app.links.tokens import without_tokens
from app.messaging import registry
from app.messaging.follow_up import words_for
from app.messaging.models import Outbox, Reply
from app.messaging.names import Names, Person
from app.messaging.states import NOT_REACHED
from app.messaging.threads import NUMBER
from app.paging import PAGE, Asked, Part, part_of, placed
from app.tasks.models import Task

# Tasks that a thread answers; `change_asked` and `not_sent` are about an appointment.
KINDS = ("danger", "reply", "number", "ring", "change_asked", "not_sent")
MOST = 50
NOT_SENT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Line:
    """One thread in a list."""

    kind: str
    id: int
    name: str
    at: datetime
    said: str
    tags: Sequence[str] = ()
    danger: bool = False


@dataclass(frozen=True)
class Held:
    """One text that did not reach its person, and why."""

    kind: str
    id: int
    name: str
    at: datetime
    what: str
    reason: str


def waiting(user: User) -> list[Line]:
    """The threads in which something waits for a person: danger first, then by when it is due."""
    lines: dict[Person, Line] = {}
    tasks = db.session.scalars(
        select(Task)
        .where(Task.closed_at.is_(None), Task.kind.in_(KINDS))
        .order_by(Task.urgent.desc(), Task.due_at, Task.id)
    ).all()
    people = concerned(tasks)
    names = Names(user, people.values())
    latest = latest_replies(set(people.values()))
    for task in tasks:
        person = people.get(task.id)
        name = names.name(person) if person else None
        if person is None or name is None:
            continue
        held = lines.get(person)
        tags = [*(held.tags if held else ()), task.kind]
        reply = latest.get(person)
        lines[person] = Line(
            *person,
            name=name,
            at=reply.received_at if reply else task.created_at,
            said=reply.body if reply else task.words,
            tags=list(dict.fromkeys(tags)),
            danger=task.kind == "danger" or bool(held and held.danger),
        )
    return sorted(lines.values(), key=lambda line: not line.danger)


def concerned(tasks: Iterable[Task]) -> dict[int, Person]:
    """Whose thread each task belongs to: a person's, or that of whom a text about it went to."""
    found: dict[int, Person] = {}
    things: dict[tuple[str, int], list[Task]] = {}
    for task in tasks:
        if task.about_kind in (*registry.recipients, NUMBER):
            found[task.id] = (task.about_kind, task.about_id)
        else:
            things.setdefault((task.about_kind, task.about_id), []).append(task)
    ids = {about_id for _, about_id in things}
    answered = db.session.execute(
        select(Reply.about_kind, Reply.about_id, Reply.person_kind, Reply.person_id)
        .where(Reply.about_id.in_(ids), Reply.person_id.is_not(None))
        .order_by(Reply.id)
    )
    texted = db.session.execute(
        select(Outbox.about_kind, Outbox.about_id, Outbox.recipient_kind, Outbox.recipient_id)
        .where(Outbox.about_id.in_(ids), Outbox.recipient_kind != "staff", Outbox.channel == "text")
        .order_by(Outbox.id)
    )
    for rows in (texted.all(), answered.all()):
        for about_kind, about_id, kind, person_id in rows:
            for task in things.get((str(about_kind), about_id or 0), ()):
                if kind and person_id and may_concern(task, kind):
                    found[task.id] = (kind, person_id)
    return found


def may_concern(task: Task, kind: str) -> bool:
    """Whether a task about a thing of both sides is this side's: a family's, or a peer parent's."""
    if (task.family_id is None) == (task.peer_id is None):
        return True
    return kind == ("carer" if task.family_id else "peer")


def latest_replies(people: set[Person]) -> dict[Person, Reply]:
    """The last reply of each person, or of each unknown number."""
    known_ids = [i for kind, i in people if kind != NUMBER]
    unknown_ids = [i for kind, i in people if kind == NUMBER]
    last = (
        select(func.max(Reply.id))
        .where(Reply.person_id.in_(known_ids))
        .group_by(Reply.person_kind, Reply.person_id)
    )
    known = db.session.scalars(select(Reply).where(Reply.id.in_(last)))
    unknown = db.session.scalars(select(Reply).where(Reply.id.in_(unknown_ids)))
    return {
        **{(reply.person_kind or "", reply.person_id or 0): reply for reply in known},
        **{(NUMBER, reply.id): reply for reply in unknown},
    }


def done_by_the_service(user: User, at: datetime) -> list[Line]:
    """Replies of today that the service acted on by itself, the newest first: nothing is silent."""
    since = clock.midnight(clock.london(at).date())
    replies = db.session.scalars(
        select(Reply)
        .where(Reply.received_at >= since, Reply.reader.not_in(("person", "danger")))
        .order_by(Reply.id.desc())
        .limit(MOST)
    ).all()
    people = [(reply.person_kind or NUMBER, reply.person_id or reply.id) for reply in replies]
    return list(lines_of(replies, Names(user, people)))


def everything(user: User, asked: Asked) -> Part[Line]:
    """A page of the threads, those with the newest text in either direction first (sort "at": the
    oldest), of people whose name or number holds what was typed.
    """
    out = select(
        Outbox.recipient_kind.label("kind"),
        Outbox.recipient_id.label("id"),
        Outbox.sent_at.label("at"),
        Outbox.body.label("said"),
    ).where(Outbox.channel == "text", Outbox.sent_at.is_not(None))
    back = select(Reply.person_kind, Reply.person_id, Reply.received_at, Reply.body).where(
        Reply.person_id.is_not(None)
    )
    both = out.union_all(back).subquery()
    threads = select(both.c.kind, both.c.id, func.max(both.c.at).label("at")).group_by(
        both.c.kind, both.c.id
    )
    if asked.words:
        threads = threads.where(
            or_(
                false(),
                *(
                    (both.c.kind == kind) & both.c.id.in_(find(asked.words))
                    for kind, find in registry.named.items()
                ),
            )
        )
    total = db.session.scalar(select(func.count()).select_from(threads.subquery())) or 0
    page, pages = placed(asked.page, total)
    last = func.max(both.c.at)
    newest = (
        threads.order_by(last if asked.sort == "at" else last.desc(), both.c.kind, both.c.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
        .subquery()
    )
    same = (newest.c.kind == both.c.kind) & (newest.c.id == both.c.id) & (newest.c.at == both.c.at)
    rows = db.session.execute(
        select(both.c.kind, both.c.id, both.c.at, both.c.said)
        .join(newest, same)
        .order_by(both.c.at if asked.sort == "at" else both.c.at.desc())
    ).all()
    names = Names(user, [(row.kind, row.id) for row in rows])
    lines: dict[Person, Line] = {}
    for kind, person_id, at, said in rows:
        if (name := names.name((kind, person_id))) is not None:
            words = without_tokens(said or "")
            lines.setdefault((kind, person_id), Line(kind, person_id, name, at, words))
    return Part(list(lines.values()), page, pages, total)


def not_sent(user: User, at: datetime, page: int = 1) -> Part[Held]:
    """A page of the texts of the last two weeks that did not reach their person, the newest first,
    with why.
    """
    part = part_of(
        select(Outbox)
        .where(
            Outbox.channel == "text",
            Outbox.state.in_(NOT_REACHED),
            Outbox.final_at >= at - NOT_SENT_FOR,
        )
        .order_by(Outbox.final_at.desc(), Outbox.id.desc()),
        page,
    )
    names = Names(user, [(row.recipient_kind, row.recipient_id) for row in part.rows])
    held = [
        Held(
            row.recipient_kind,
            row.recipient_id,
            name,
            row.final_at or row.due_at,
            words_for(row),
            row.reason or "No reason is stored.",
        )
        for row in part.rows
        if (name := names.name((row.recipient_kind, row.recipient_id))) is not None
    ]
    # Somebody who may read only some threads is told of no others, by no number either.
    total = part.total if len(held) == len(part.rows) else len(held)
    return Part(held, part.page, part.pages, total)


def lines_of(replies: Iterable[Reply], names: Names) -> Iterable[Line]:
    for reply in replies:
        person = (reply.person_kind or NUMBER, reply.person_id or reply.id)
        if (name := names.name(person)) is None:
            continue
        if person[0] == NUMBER:
            name = f"{name}: {phones.shown(reply.from_number)}"
        said = f"“{reply.body}”: {reply.outcome}"
        yield Line(*person, name, reply.received_at, said)
