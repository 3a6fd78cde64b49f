"""The one list of what waits for a person: what every package derives, joined with the stored
tasks.

`sources` is filled by wiring. An item goes by itself when its cause goes; a task when somebody
closes it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Text, bindparam, cast, false, literal, null, select, union_all

from app.access import PRACTITIONER, User
from app.db import plain_rows
from app.families.models import Carer, Family
from app.families.names import full, short
from app.families.queries import Reader, visible_to
from app.paging import Part, slice_of
from app.peers.models import Peer
from app.prepared import built_once
from app.registry import Registry
from app.tasks.causes import Cause, items_of
from app.tasks.open import open_rows
from app.tasks.waiting import GROUPS, TAGS, Item

# What a package works out of more than single rows is a source; all causes are read at once.
sources: Registry[Callable[[datetime], Iterable[Item]]] = Registry("desk.sources")
causes: Registry[Sequence[Cause]] = Registry("desk.causes")

SOON = timedelta(hours=4)
TO_BOOK = ("to_book", "book_again")  # a family waits for its practitioner

# Where a stored task leads, by what it is about; others have their own page.
PAGES: dict[tuple[str, str], tuple[str, str]] = {
    ("change_asked", "appointment"): ("scheduling.appointment", "Find a time"),
    ("to_check", "appointment"): ("scheduling.appointment", "Check"),
    ("in_doubt", "appointment"): ("scheduling.appointment", "Open"),
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
    """The page of rows asked for, and the counts of the filters."""

    part: Part[Row]
    team: int
    mine: int
    groups: Sequence[tuple[str, str, int]]

    @property
    def rows(self) -> Sequence[Row]:
        return self.part.rows


def task_item(task: Any) -> Item:
    """A stored task (or its row among the causes) in the shape of everything else that waits."""
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


TASKS = Cause("tasks", open_rows, lambda rows, at: map(task_item, rows))


def everything(at: datetime) -> list[Item]:
    """Every item of the team, unsorted and unnamed."""
    items = [item for source in sources.values() for item in source(at)]
    waits = [cause for own in causes.values() for cause in own]
    return items + items_of([*waits, TASKS], at)


def work_list(
    user: User, at: datetime, *, mine: bool = False, kind: str = "", page: int = 1
) -> WorkList:
    """A page of what this user may see of it, most urgent first: danger, then by when, then waiting
    longest. `kind` is a group of `GROUPS`, or one kind of `TAGS`; counts are those of all pages.
    """
    names = names_of(user, everything(at))
    seen = worth_offering(names.seen)
    own = [item for item in seen if is_own(item, user)]
    shown = own if mine else seen
    counts = Counter(item.kind for item in shown)
    groups = [
        (name, words, number)
        for name, (words, kinds) in GROUPS.items()
        if (number := sum(counts[each] for each in kinds))
    ]
    wanted = GROUPS[kind][1] if kind in GROUPS else (kind,)
    chosen = [item for item in shown if not kind or item.kind in wanted]
    part = slice_of(sorted(chosen, key=urgency), page)
    rows = [names.row(item, at) for item in part.rows]
    return WorkList(Part(rows, part.page, part.pages, part.total), len(seen), len(own), groups)


def worth_offering(items: Sequence[Item]) -> list[Item]:
    """The items without the times let go for which no other family waits for the practitioner."""
    waiting = waiting_for(items)
    return [
        item
        for item in items
        if item.kind != "let_go" or waiting.get(item.owner_id, set()) - {item.let_go_by}
    ]


def waiting_for(items: Iterable[Item]) -> dict[int | None, set[int]]:
    """The families with something to book, by the practitioner they wait for."""
    found: dict[int | None, set[int]] = {}
    for item in items:
        if item.kind in TO_BOOK and item.owner_id and item.family_id:
            found.setdefault(item.owner_id, set()).add(item.family_id)
    return found


def is_own(item: Item, user: User) -> bool:
    return item.owner_id == user.id


def urgency(item: Item) -> tuple[bool, bool, datetime, datetime]:
    due = item.due_at or item.since + timedelta(days=365)
    return (item.kind != "danger", not item.urgent, due, item.since)


@dataclass(frozen=True)
class Names:
    """The items that a user may see, and what their families and peer parents are called."""

    seen: Sequence[Item]
    families: Mapping[int, tuple[str, str]]
    peers: Mapping[int, str]

    def row(self, item: Item, at: datetime) -> Row:
        name, reference = item.about or "", None
        if item.family_id:
            name, reference = self.families[item.family_id]
        elif item.peer_id:
            name = self.peers[item.peer_id]
        tag, colour = TAGS[item.kind]
        return Row(item, tag, colour, name, reference, mark(item, at))


def names_of(user: User, items: Sequence[Item]) -> Names:
    """The items whose family or peer this user may see, with names, in one statement."""
    families, peers = visible_names(
        user,
        {i.family_id for i in items if i.family_id},
        {i.peer_id for i in items if i.peer_id and not i.family_id},
    )

    def may_see(item: Item) -> bool:
        if item.family_id:
            return item.family_id in families
        if item.peer_id:
            return item.peer_id in peers
        return user.role != PRACTITIONER or is_own(item, user)

    return Names([item for item in items if may_see(item)], families, peers)


def named(user: User, item: Item, at: datetime) -> Row | None:
    """One item with its name, or None where this user may not see it."""
    names = names_of(user, [item])
    return names.row(item, at) if names.seen else None


def mark(item: Item, at: datetime) -> str | None:
    if item.urgent or item.kind in ("danger", "alarm"):
        return "red"
    return "orange" if item.due_at and item.due_at - at <= SOON else None


def visible_names(
    user: User, families: set[int], peers: set[int]
) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """Name and reference of these families, and the names of these peer parents, where this user
    may see them: one statement. No practitioner sees a peer parent here.
    """
    found: dict[int, tuple[str, str]] = {}
    known: dict[int, str] = {}
    if user.role == PRACTITIONER:
        peers = set()
    if not families and not peers:
        return found, known
    rows = plain_rows(called(user.role), reader=user.id, families=[*families], peers=[*peers])
    # Of a family's carers the first stands last here, and gives it its name.
    for number, reference, first_name, surname, *_ in sorted(rows, key=place, reverse=True):
        if reference is None:
            known[number] = short(first_name, surname)
        else:
            found[number] = full(first_name, surname) if first_name else reference, reference
    return found, known


@built_once
def called(role: str) -> Executable:
    """The carers of these `families`, as far as a `reader` of this role may see them, and these
    `peers`.
    """
    of_families = (
        visible_to(Reader(role))
        .with_only_columns(
            Family.id, Family.reference, Carer.first_name, Carer.surname,
            Carer.left_on.is_not(None).label("left"), Carer.position,
        )
        .select_from(Family)
        .outerjoin(Carer, Carer.family_id == Family.id)
        .where(Family.id.in_(bindparam("families", expanding=True)))
    )  # fmt: skip
    of_peers = select(
        Peer.id, cast(null(), Text).label("reference"), Peer.first_name, Peer.surname,
        false().label("left"), literal(1).label("position"),
    ).where(Peer.id.in_(bindparam("peers", expanding=True)))  # fmt: skip
    return union_all(of_families, of_peers)


def place(row: Any) -> tuple[bool, int]:
    """Where a carer stands in their family, as `Family.name` has it: those who left come last."""
    return bool(row.left), row.position or 0
