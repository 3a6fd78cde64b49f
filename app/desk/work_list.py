"""The one list of what waits for a person: what every package derives, joined with the stored
tasks.

`sources` is filled by wiring. An item goes by itself when its cause goes; a task when somebody
closes it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import PRACTITIONER, User
from app.db import db
from app.families.models import Family
from app.families.queries import visible_to
from app.peers.models import Peer
from app.registry import Registry
from app.tasks.models import Task
from app.tasks.open import open_tasks
from app.tasks.waiting import TAGS, Item

sources: Registry[Callable[[datetime], list[Item]]] = Registry("desk.sources")

SOON = timedelta(hours=4)

# Where a stored task leads, by what it is about; others have their own page.
PAGES: dict[tuple[str, str], tuple[str, str]] = {
    ("change_asked", "appointment"): ("scheduling.appointment", "Find a time"),
    ("to_check", "appointment"): ("scheduling.appointment", "Check"),
    ("caseload", "appointment"): ("scheduling.appointment", "Open"),
}


@dataclass(frozen=True)
class Row:
    """An item as the list shows it: its tag, whom it is about by name, and how urgent it is."""

    item: Item
    tag: str
    colour: str
    name: str
    reference: str | None
    mark: str | None  # 'red' now, 'orange' soon


@dataclass(frozen=True)
class WorkList:
    """The rows asked for, and the counts of the filters."""

    rows: Sequence[Row]
    team: int
    mine: int
    kinds: Sequence[tuple[str, str, int]]


def task_item(task: Task) -> Item:
    """A stored task in the shape of everything else that waits."""
    endpoint, button = PAGES.get((task.kind, task.about_kind), ("desk.task", "Open"))
    values = (
        {"appointment_id": task.about_id}
        if endpoint == "scheduling.appointment"
        else {"task_id": task.id}
    )
    return Item(
        kind=task.kind,
        why=task.words,
        due_at=task.due_at,
        since=task.created_at,
        endpoint=endpoint,
        button="Read and act" if task.kind == "danger" else button,
        values=values,
        family_id=task.family_id,
        peer_id=task.peer_id,
        owner_id=task.owner_id,
        urgent=task.urgent,
        task_id=task.id,
    )


def everything(at: datetime) -> list[Item]:
    """Every item of the team, unsorted and unnamed."""
    items = [item for source in sources.values() for item in source(at)]
    return items + [task_item(task) for task in open_tasks()]


def work_list(user: User, at: datetime, *, mine: bool = False, kind: str = "") -> WorkList:
    """What this user may see of it, most urgent first: danger, then by when, then waiting
    longest.
    """
    rows = named(user, everything(at), at)
    own = [row for row in rows if is_own(row.item, user)]
    shown = own if mine else rows
    kinds = [
        (name, TAGS[name][0], sum(row.item.kind == name for row in shown))
        for name in dict.fromkeys(row.item.kind for row in shown)
    ]
    chosen = [row for row in shown if not kind or row.item.kind == kind]
    return WorkList(sorted(chosen, key=urgency), len(rows), len(own), kinds)


def is_own(item: Item, user: User) -> bool:
    return item.owner_id == user.id


def urgency(row: Row) -> tuple[bool, bool, datetime, datetime]:
    due = row.item.due_at or row.item.since + timedelta(days=365)
    return (row.item.kind != "danger", not row.item.urgent, due, row.item.since)


def named(user: User, items: Iterable[Item], at: datetime) -> list[Row]:
    """The items whose family or peer this user may see, with names, in two statements."""
    waiting = list(items)
    families = visible_families(user, {i.family_id for i in waiting if i.family_id})
    peers = visible_peers(user, {i.peer_id for i in waiting if i.peer_id and not i.family_id})
    rows = []
    for item in waiting:
        name, reference = item.about or "", None
        if item.family_id:
            if item.family_id not in families:
                continue
            name, reference = families[item.family_id]
        elif item.peer_id:
            if item.peer_id not in peers:
                continue
            name, reference = peers[item.peer_id], None
        elif user.role == PRACTITIONER and not is_own(item, user):
            continue
        tag, colour = TAGS[item.kind]
        rows.append(Row(item, tag, colour, name, reference, mark(item, at)))
    return rows


def mark(item: Item, at: datetime) -> str | None:
    if item.urgent or item.kind in ("danger", "alarm"):
        return "red"
    return "orange" if item.due_at and item.due_at - at <= SOON else None


def visible_families(user: User, ids: set[int]) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    families = db.session.scalars(
        visible_to(user).where(Family.id.in_(ids)).options(selectinload(Family.carers))
    )
    return {family.id: (family.name, family.reference) for family in families}


def visible_peers(user: User, ids: set[int]) -> dict[int, str]:
    if not ids or user.role == PRACTITIONER:
        return {}
    return {
        peer.id: peer.short_name
        for peer in db.session.scalars(select(Peer).where(Peer.id.in_(ids)))
    }
