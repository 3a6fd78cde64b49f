"""How sending goes: what waits and for how long, what is not known, what was not sent and why,
which channel rests, and what happens next with each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from app.db import db
from app.health.beats import last_beat
from app.messaging.channels import NUMBERS
from app.messaging.models import ALARM, Channel, Outbox
from app.messaging.states import (
    GAVE_UP,
    HANDED_OVER,
    HELD,
    NOT_REACHED,
    NOT_SENT_WORDS,
    READY,
    SENDING,
    STATE_WORDS,
    UNKNOWN,
)
from app.paging import Part, part_of
from app.tasks.models import Task

LOOKED_AT = timedelta(days=14)
SHOWN = 5  # of each list on the board; its own page shows all
NO_REASON = "No reason is stored."
# The lists of the board, in its order, and what each is called.
LISTS = {
    "due": "Due now",
    "unknown": "Not known yet",
    "given-up": "Nobody can say",
    "held": "Held back",
    "later": "Later",
}


@dataclass(frozen=True)
class State:
    """A channel: what it does and, where it rests, why, since when and until when."""

    name: str
    stopped: bool = False
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """`counts` are the numbers of each list; `reasons` are (state, words for it, reason, how many)
    of the last two weeks, the most frequent first; `went` how many (in the last hour, in the last
    24 hours) by channel; `alarms` those that wait or are not known, and the oldest of them.
    """

    counts: Mapping[str, int]
    oldest_due: datetime | None
    lists: Mapping[str, Sequence[Outbox]]
    reasons: Sequence[tuple[str, str, str | None, int]]
    channels: Sequence[State]
    went: Mapping[str, tuple[int, int]]
    alarms: int
    oldest_alarm: datetime | None
    worker_ran_at: datetime | None
    watch_ran_at: datetime | None


def delivery(at: datetime) -> Delivery:
    """The state of sending at `at`: a fixed number of statements."""
    counts, oldest, alarms, oldest_alarm = numbers(at)
    return Delivery(
        counts=counts,
        oldest_due=oldest,
        lists=tops(at),
        reasons=reasons(at),
        channels=states(),
        went=went(at),
        alarms=alarms,
        oldest_alarm=oldest_alarm,
        worker_ran_at=last_beat("worker"),
        watch_ran_at=last_beat("watch"),
    )


def among(which: str, at: datetime) -> ColumnElement[bool]:
    """Which rows are on one of the lists."""
    wheres: dict[str, ColumnElement[bool]] = {
        "due": and_(Outbox.state == READY, Outbox.due_at <= at),
        "later": and_(Outbox.state == READY, Outbox.due_at > at),
        "held": Outbox.state == HELD,
        "unknown": Outbox.state.in_((SENDING, UNKNOWN)),
        "given-up": and_(Outbox.state == GAVE_UP, Outbox.final_at >= at - LOOKED_AT),
    }
    return wheres[which]


def numbers(at: datetime) -> tuple[dict[str, int], datetime | None, int, datetime | None]:
    """How many rows each list has, since when the oldest is due, and the same of alarms."""
    not_gone = Outbox.state.in_((READY, HELD, SENDING, UNKNOWN))
    alarm = and_(Outbox.lane == ALARM, not_gone, Outbox.due_at <= at)
    read = [func.count(case((among(which, at), 1))) for which in LISTS]
    row: Any = db.session.execute(
        select(
            *read,
            func.min(case((among("due", at), Outbox.due_at))),
            func.count(case((alarm, 1))),
            func.min(case((alarm, Outbox.due_at))),
        ).where(or_(not_gone, among("given-up", at)))
    ).one()
    counts = dict(zip(LISTS, row[: len(LISTS)], strict=True))
    oldest, alarms, oldest_alarm = row[len(LISTS) :]
    return counts, oldest, alarms, oldest_alarm


def tops(at: datetime) -> dict[str, list[Outbox]]:
    """The first few rows of each list, in one statement."""
    parts = []
    for which in LISTS:
        first = listed(which, at).with_only_columns(Outbox.id).limit(SHOWN).subquery()
        parts.append(select(literal(which).label("which"), first.c.id.label("id")))
    ids = union_all(*parts).subquery()
    found: dict[str, list[Outbox]] = {which: [] for which in LISTS}
    for which, row in db.session.execute(
        select(ids.c.which, Outbox)
        .join(Outbox, Outbox.id == ids.c.id)
        .order_by(Outbox.due_at, Outbox.id)
    ):
        found[which].append(row)
    return found


def listed(which: str, at: datetime) -> Select[Any]:
    return select(Outbox).where(among(which, at)).order_by(Outbox.due_at, Outbox.id)


def a_list(which: str, at: datetime, page: int) -> Part[Outbox]:
    """A page of one list, the longest due first."""
    return part_of(listed(which, at), page)


def of_reason(state: str, reason: str | None, at: datetime, page: int) -> Part[Outbox]:
    """A page of what was not sent, or did not arrive, for one reason in the last two weeks."""
    why = Outbox.reason == reason if reason else Outbox.reason.is_(None)
    return part_of(
        select(Outbox)
        .where(Outbox.state == state, why, Outbox.final_at >= at - LOOKED_AT)
        .order_by(Outbox.final_at.desc(), Outbox.id.desc()),
        page,
    )


def state_words(state: str) -> str:
    return NOT_SENT_WORDS.get(state) or STATE_WORDS[state]


def reasons(at: datetime) -> list[tuple[str, str, str | None, int]]:
    rows = db.session.execute(
        select(Outbox.state, Outbox.reason, func.count())
        .where(Outbox.state.in_(NOT_REACHED), Outbox.final_at >= at - LOOKED_AT)
        .group_by(Outbox.state, Outbox.reason)
        .order_by(func.count().desc(), Outbox.reason)
    )
    return [(state, state_words(state), reason, number) for state, reason, number in rows]


def states() -> list[State]:
    """Each channel; one that is stopped since the task was opened that tells of it."""
    resting = {row.name: row for row in db.session.scalars(select(Channel))}
    stops = {
        number: since
        for number, since in db.session.execute(
            select(Task.about_id, func.min(Task.created_at))
            .where(Task.about_kind == "channel", Task.closed_at.is_(None))
            .group_by(Task.about_id)
        )
    }
    return [state_of(name, resting.get(name), stops.get(NUMBERS[name])) for name in NUMBERS]


def state_of(name: str, row: Channel | None, since: datetime | None) -> State:
    if row is None:
        return State(name)
    began = since if row.stopped and since else row.at
    return State(name, row.stopped, row.reason, began, row.rests_until)


def went(at: datetime) -> dict[str, tuple[int, int]]:
    """How many left us in the last hour and in the last 24 hours, by channel."""
    hour, day = at - timedelta(hours=1), at - timedelta(hours=24)
    rows = db.session.execute(
        select(Outbox.channel, func.count(case((Outbox.sent_at > hour, 1))), func.count())
        .where(Outbox.sent_at > day, Outbox.state.in_(HANDED_OVER))
        .group_by(Outbox.channel)
    )
    return {channel: (of_hour, of_day) for channel, of_hour, of_day in rows}
