"""The list of peer parents: search, filters with counts, sorting, pages. Sorted only by columns
named here; what runs out within 30 days stands first.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from app import clock
from app.access import User
from app.db import db
from app.peers import hooks
from app.peers.hooks import Load
from app.peers.models import Peer
from app.peers.queries import matching, visible_to
from app.settings.store import current

PAGE = 50
SOON = timedelta(days=30)
FILTERS = {
    "": "All",
    "active": "Active",
    "full": "Full this month",
    "break": "On a break",
    "checks": "Checks or training due",
    "left": "Left",
}
EMPTY = {
    "": "No peer parents are on record yet. Add the first, or import the team’s file.",
    "active": "No peer parent is active.",
    "full": "Nobody is full this month.",
    "break": "Nobody is on a break.",
    "checks": "No checks and no training run out in the next 30 days.",
    "left": "Nobody has left.",
}


@dataclass(frozen=True)
class Asked:
    """What a person asked the list for, as typed: anything unknown is ignored."""

    words: str = ""
    show: str = ""
    sort: str = ""
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """One page of the list with its counts and how busy each one is."""

    peers: Sequence[Peer]
    loads: Mapping[int, Load]
    asked: Asked
    total: int
    counts: Mapping[str, int]

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / PAGE))


def list_peers(user: User, asked: Asked, *, at: datetime) -> Listed:
    """A page of the peer parents this user may see; a search looks through all filters."""
    today = clock.london(at).date()
    loads = hooks.loads_of(None, at)
    full = full_ids(user, loads)
    conditions = filters(today, full)
    scope = visible_to(user)
    found = scope
    if (hit := matching(asked.words)) is not None:
        found = found.where(hit)
    else:
        show = asked.show if asked.show in FILTERS else ""
        found = found.where(conditions[show])
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = min(max(1, asked.page), max(1, math.ceil(total / PAGE)))
    rows = db.session.scalars(
        ordered(found, asked.sort, today).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    return Listed(
        peers=rows,
        loads=loads,
        asked=Asked(asked.words, asked.show, asked.sort, page),
        total=total,
        counts=counts(scope, conditions),
    )


def full_ids(user: User, loads: Mapping[int, Load]) -> Collection[int]:
    """Who has no room left this month by their own number, or the rule's."""
    usual = current().peer_monthly_limit
    limits = visible_to(user).with_only_columns(Peer.id, Peer.monthly_limit)
    return [
        peer_id
        for peer_id, limit in db.session.execute(limits.where(Peer.status == "active"))
        if loads.get(peer_id, Load()).this_month >= (usual if limit is None else limit)
    ]


def filters(today: date, full: Collection[int]) -> Mapping[str, ColumnElement[bool]]:
    resting = or_(Peer.status == "paused", Peer.break_until >= today)
    resting = and_(resting, Peer.status != "left")
    awake = or_(Peer.break_until.is_(None), Peer.break_until < today)
    return {
        "": Peer.status != "left",
        "active": and_(Peer.status == "active", awake),
        "full": Peer.id.in_(full),
        "break": resting,
        "checks": and_(Peer.status != "left", runs_out(today)),
        "left": Peer.status == "left",
    }


def runs_out(today: date) -> ColumnElement[bool]:
    """Checks or training that end within 30 days, have ended, or are not on record."""
    return runs_out_before(today + SOON)


def runs_out_before(until: date | ColumnElement[date]) -> ColumnElement[bool]:
    return or_(
        Peer.checks_until.is_(None),
        Peer.checks_until <= until,
        Peer.training_until <= until,
        Peer.trained_on.is_(None),
    )


def ordered(found: Select[Peer], sort: str, today: date) -> Select[Peer]:
    columns: Mapping[str, Sequence[ColumnElement[Any]]] = {
        "name": [Peer.search_name.expression],
        "checks": [func.coalesce(Peer.checks_until, date(1900, 1, 1))],
        "training": [func.coalesce(Peer.training_until, date(2999, 1, 1))],
        "vig": [func.coalesce(Peer.vig_completed_on, date(1900, 1, 1))],
    }
    chosen = columns.get(sort.removeprefix("-"))
    if chosen is None:
        due = case((and_(Peer.status == "active", runs_out(today)), 0), else_=1)
        return found.order_by(due, Peer.search_name, Peer.id)
    turned = [c.desc() for c in chosen] if sort.startswith("-") else [c.asc() for c in chosen]
    return found.order_by(*turned, Peer.id)


def counts(scope: Select[Peer], conditions: Mapping[str, ColumnElement[bool]]) -> Mapping[str, int]:
    """How many there are under each filter, in one statement."""
    sums = [func.sum(case((condition, 1), else_=0)) for condition in conditions.values()]
    row = db.session.execute(scope.with_only_columns(*sums)).one()
    return {name: int(number or 0) for name, number in zip(conditions, row, strict=True)}
