"""Opening, closing and listing tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.tasks.causes import columns
from app.tasks.models import Task

# The kinds of stored tasks; their tags stand with those of everything else that waits.
KINDS = (
    "danger", "change_asked", "ring", "reply", "book_again", "to_check", "in_doubt", "number",
    "not_sent", "unanswered_offer", "next_offer", "debrief", "caseload", "other",
)  # fmt: skip


def open_task(
    kind: str,
    words: str,
    *,
    about: tuple[str, int],
    due_at: datetime,
    at: datetime,
    family_id: int | None = None,
    peer_id: int | None = None,
    owner_id: int | None = None,
    urgent: bool = False,
    whom: tuple[str, int] | None = None,
) -> Task:
    """Ask a person to do something. A second open task of one kind about one thing renews the
    first; with `whom`, one that concerns the same person: both sides of a conversation are rung.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    key = dedupe_key(kind, about, whom)
    task = open_by_key(key)
    if task is None:
        task = Task(
            kind=kind, about_kind=about[0], about_id=about[1], created_at=at, dedupe=key,
            words=words, due_at=due_at, urgent=urgent,
        )  # fmt: skip
        task = add_or_find(task, key)
    task.words, task.urgent = words, task.urgent or urgent
    task.due_at = min(task.due_at or due_at, due_at)
    task.family_id = family_id or task.family_id
    task.peer_id = peer_id or task.peer_id
    task.owner_id = owner_id or task.owner_id
    db.session.flush()
    return task


def dedupe_key(kind: str, about: tuple[str, int], whom: tuple[str, int] | None = None) -> str:
    """What an open task has to itself."""
    return ":".join(str(part) for part in (kind, *about, *(whom or ())))


def open_by_key(*keys: str) -> Task | None:
    return db.session.scalars(
        select(Task).where(Task.dedupe.in_(keys)), execution_options={"populate_existing": True}
    ).first()


def add_or_find(task: Task, key: str) -> Task:
    """The task added, or the one that another process has opened meanwhile."""
    db.session.flush()  # so that only this row can fail below
    try:
        with db.session.begin_nested():
            db.session.add(task)
    except IntegrityError:
        found = open_by_key(key)
        if found is None:
            raise
        return found
    return task


def close_task(task: Task, outcome: str, *, by: Any, at: datetime) -> None:
    """Close a task with what came of it; a closed one is refused."""
    if task.closed_at:
        raise DomainError("Somebody has closed this already.")
    task.closed_at, task.closed_by, task.outcome, task.dedupe = at, actor(by), outcome, None
    record("task:closed", task, by=by, at=at, family_id=task.family_id, kind=task.kind)


def close_about(
    about: tuple[str, int],
    outcome: str,
    *,
    by: Any,
    at: datetime,
    kinds: Sequence[str] = (),
    family_id: int | None = None,
) -> None:
    """Close the open tasks about one thing (of some kinds, of one family): their cause has gone."""
    open_ones = select(Task).where(
        Task.closed_at.is_(None), Task.about_kind == about[0], Task.about_id == about[1]
    )
    if kinds:
        open_ones = open_ones.where(Task.kind.in_(kinds))
    if family_id is not None:
        open_ones = open_ones.where(Task.family_id == family_id)
    for task in db.session.scalars(open_ones):
        close_task(task, outcome, by=by, at=at)


def open_about(about: tuple[str, int], kinds: Sequence[str]) -> Sequence[Task]:
    """The open tasks of these kinds about one thing."""
    return db.session.scalars(
        select(Task).where(
            Task.closed_at.is_(None), Task.about_kind == about[0], Task.about_id == about[1],
            Task.kind.in_(kinds),
        )
    ).all()  # fmt: skip


def open_rows() -> Select[Any]:
    """Every open task, as rows of the work list."""
    return select(
        *columns(
            id=Task.id, kind=Task.kind, words=Task.words, about_kind=Task.about_kind,
            about_id=Task.about_id, family_id=Task.family_id, peer_id=Task.peer_id,
            owner_id=Task.owner_id, due_at=Task.due_at, created_at=Task.created_at,
            urgent=Task.urgent,
        )
    ).where(Task.closed_at.is_(None))  # fmt: skip


def open_of_family(family_id: int) -> Sequence[Task]:
    """A family's open tasks, urgent ones first, then by when they are due."""
    return db.session.scalars(
        select(Task)
        .where(Task.closed_at.is_(None), Task.family_id == family_id)
        .order_by(Task.urgent.desc(), Task.due_at)
    ).all()
