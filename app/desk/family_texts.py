"""Every text, e-mail and call with one family, of all its carers, as one thread: who said what to
whom, what was not sent and why, and what will be sent next.

Who may read it is who may open the family's page. A page of the thread is found by one statement
over the three tables and then read, so a long one costs no more than a short one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, func, literal, select, union_all

from app.db import db
from app.families.models import Carer, Family
from app.messaging.models import Call, Outbox, Reply
from app.messaging.states import NOT_REACHED, WAITING
from app.messaging.threads import Day, Entry, by_day, called, said, sent
from app.paging import placed

PAGE = 40
MOST_COMING = 10  # shown with their words; the rest as a number
SHOWS = {
    "": "Everything",
    "texts": "Texts",
    "emails": "E-mails",
    "calls": "Calls",
    "not-sent": "Not sent",
}
CHANNELS = {"texts": "text", "emails": "email"}
# Which kinds of row each filter shows.
PARTS = {
    "": ("outbox", "reply", "call"),
    "texts": ("outbox", "reply"),
    "emails": ("outbox",),
    "calls": ("call",),
    "not-sent": ("outbox",),
}


@dataclass(frozen=True)
class FamilyThread:
    """One page of a family's thread, its oldest entry first. Page 1 is the newest, so `earlier`
    leads to the next number. `people` are the carers who have a thread of their own.
    """

    people: Sequence[Carer]
    days: Sequence[Day]
    page: int
    pages: int
    total: int
    waiting: Sequence[Outbox]

    @property
    def earlier(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def later(self) -> int | None:
        return self.page - 1 if self.page > 1 else None


def family_thread(
    family: Family, *, show: str = "", carer_id: int | None = None, page: int = 1
) -> FamilyThread:
    """A page of what was said with a family, of some kind, or with one of its carers alone.

    A row that was joined with another (the same person known twice) is that person's.
    """
    same = {carer.id: carer.same_as_id or carer.id for carer in family.carers}
    names = {carer.id: carer.first_name for carer in family.carers}
    names = {carer_id: names.get(same[carer_id], name) for carer_id, name in names.items()}
    ids = [i for i, whose in same.items() if carer_id in (None, whose)]
    keys = union_all(*(part(name, ids, show) for name in PARTS[show])).subquery()
    total = db.session.scalar(select(func.count()).select_from(keys)) or 0
    page, pages = placed(page, total, PAGE)
    wanted = db.session.execute(
        select(keys.c.part, keys.c.id)
        .order_by(keys.c.at.desc(), keys.c.part, keys.c.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()
    return FamilyThread(
        people=[carer for carer in family.carers if not carer.same_as_id],
        days=by_day(entries(wanted, names)),
        page=page,
        pages=pages,
        total=total,
        waiting=waiting_to(ids),
    )


def part(name: str, ids: Sequence[int], show: str) -> Any:
    """The keys of one table's rows: its name, the row's id and when it was."""
    if name == "reply":
        return select(
            literal(name).label("part"), Reply.id.label("id"), Reply.received_at.label("at")
        ).where(Reply.person_kind == "carer", Reply.person_id.in_(ids))
    if name == "call":
        return select(literal(name).label("part"), Call.id.label("id"), Call.at.label("at")).where(
            Call.person_kind == "carer", Call.person_id.in_(ids)
        )
    at = func.coalesce(Outbox.sent_at, Outbox.final_at, Outbox.due_at).label("at")
    rows = select(literal(name).label("part"), Outbox.id.label("id"), at).where(
        Outbox.recipient_kind == "carer", Outbox.recipient_id.in_(ids), Outbox.state.not_in(WAITING)
    )
    if show == "not-sent":
        return rows.where(Outbox.state.in_(NOT_REACHED))
    return rows.where(Outbox.channel == CHANNELS[show]) if show in CHANNELS else rows


def entries(wanted: Sequence[Any], names: Mapping[int, str]) -> list[Entry]:
    """The rows of these keys as entries, each with whose it is."""
    ids: dict[str, list[int]] = {}
    for name, row_id in wanted:
        ids.setdefault(name, []).append(row_id)
    messages = read(Outbox, ids.get("outbox"))
    replies = read(Reply, ids.get("reply"))
    calls = read(Call, ids.get("call"))
    return [
        *(sent(row, names.get(row.recipient_id, "")) for row in messages),
        *(said(row, names[row.person_id], who=names[row.person_id]) for row in replies),
        *(called(row, names.get(row.person_id, "")) for row in calls),
    ]


def read(model: Any, ids: Sequence[int] | None) -> Sequence[Any]:
    if not ids:
        return ()
    return db.session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)).all()


def waiting_to(ids: Sequence[int]) -> Sequence[Outbox]:
    """What is still to go to these carers, the next first."""
    to = Outbox.recipient_id.in_(ids) if ids else false()
    return db.session.scalars(
        select(Outbox)
        .where(Outbox.recipient_kind == "carer", to, Outbox.state.in_(WAITING))
        .order_by(Outbox.due_at, Outbox.id)
    ).all()
