"""What Today shows beside the work list: the day's appointments, texts since the morning,
tomorrow.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, select

from app import clock
from app.access import User
from app.db import UtcDateTime, plain_rows
from app.messaging.models import Outbox
from app.messaging.states import GONE, NOT_SENT, WAITING
from app.places.travel import town_of
from app.prepared import built_once
from app.scheduling.listed import Listed
from app.scheduling.models import KINDS, STATUSES, Appointment
from app.scheduling.queries import between


@dataclass(frozen=True)
class Line:
    """One appointment as a list of the day shows it; `busy` where its reader may not see whose."""

    id: int
    starts_at: datetime
    ends_at: datetime
    who: str
    name: str
    reference: str | None
    what: str
    where: str
    state: str
    change_asked: bool
    over: bool
    busy: bool
    staff_ids: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Texts:
    """How the day's texts went, in numbers, and why some did not go."""

    gone: int
    delivered: int
    not_known: int
    not_sent: Sequence[tuple[str, int]]


def two_days(user: User, at: datetime) -> tuple[list[Line], list[Line]]:
    """The appointments of the London day of `at` and of the next, as this user may see them."""
    start = clock.midnight(clock.london(at).date())
    end = clock.midnight(clock.london(start + timedelta(hours=36)).date())
    last = clock.midnight(clock.london(end + timedelta(hours=36)).date())
    lines = [line(row, user, at) for row in between(start, last, user)]
    return [x for x in lines if x.starts_at < end], [x for x in lines if x.starts_at >= end]


def line(row: Listed, user: User, at: datetime) -> Line:
    busy = not (row.seen or user.id in (row.staff_id, row.second_id))
    return Line(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        who=row.staff.name + (f" + {row.second.name}" if row.second else ""),
        name="Busy" if busy else row.name,
        reference=None if busy else row.reference,
        what="" if busy else KINDS[row.kind] + (f" with {row.peer}" if row.peer else ""),
        where="" if busy else where_words(row),
        state=STATUSES[row.status],
        change_asked=bool(row.change_asked_at) and not busy,
        over=row.ends_at <= at,
        busy=busy,
        staff_ids=tuple(i for i in (row.staff_id, row.second_id) if i),
        kind=row.kind,
    )


def where_words(row: Appointment | Listed) -> str:
    """Where, as staff lists say it: 'home, Redruth', a place and its room, or how."""
    if row.how == "phone":
        return "by phone"
    if row.how == "video":
        return "video link"
    if row.place is None:
        return "place not known"
    if row.place.kind == "home":
        town = town_of(row.place.postcode)
        return f"home, {town}" if town else "home"
    return row.place.name + (f", {row.room.name}" if row.room else "")


def texts_since_morning(at: datetime) -> Texts:
    """The texts of today by state, and the reasons of those not sent: one statement."""
    since = clock.midnight(clock.london(at).date())
    rows = plain_rows(texts_by_state(), since=since, at=at)
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for state, reason, number in rows:
        states[state] += number
        if state in NOT_SENT:
            reasons[reason or "no reason stored"] += number
    return Texts(
        gone=sum(states[state] for state in (*GONE, "undelivered", "failed")),
        delivered=states["delivered"],
        not_known=states["unknown"] + states["gave_up"],
        not_sent=reasons.most_common(),
    )


@built_once
def texts_by_state() -> Select[str, str | None, int]:
    """How many texts went, or were given up, from `since` to `at`: by state and reason."""
    since, at = (bindparam(name, type_=UtcDateTime()) for name in ("since", "at"))
    return (
        select(Outbox.state, Outbox.reason, func.count())
        .where(
            Outbox.channel == "text",
            Outbox.sent_at.between(since, at)
            | (Outbox.sent_at.is_(None) & Outbox.final_at.between(since, at)),
            Outbox.state.not_in(WAITING),
        )
        .group_by(Outbox.state, Outbox.reason)
    )


def states_of(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """How many of a day's appointments stand in each state, for 'tomorrow'."""
    return Counter(line.state for line in lines).most_common()
