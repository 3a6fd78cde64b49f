"""How busy peer parents are: what counts for this month, an open offer, the last conversation.

Counted are conversations held in this London month, conversations that are being arranged, and an
offer that is not answered yet.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache

from sqlalchemy import Executable, bindparam, case, func, select

from app import clock
from app.conversations.models import Conversation, Offer
from app.db import plain_rows
from app.peers.hooks import Load


def loads(ids: Collection[int] | None, at: datetime) -> Mapping[int, Load]:
    """The loads of these peer parents (None: of all) who have any, in two statements."""
    waiting = open_offers(ids)
    found: dict[int, Load] = {}
    for peer_id, this_month, last_on in conversations(ids, clock.london(at).date().replace(day=1)):
        until = waiting.pop(peer_id, None)
        found[peer_id] = Load(this_month + (until is not None), until, last_on)
    for peer_id, until in waiting.items():
        found[peer_id] = Load(1, until, None)
    return found


def open_offers(ids: Collection[int] | None) -> dict[int, datetime | None]:
    """Until when each peer's open offer can be answered."""
    rows = plain_rows(sent_offers(ids is None), **of(ids))
    return {peer_id: answer_by for peer_id, answer_by in rows}


def conversations(ids: Collection[int] | None, month: date) -> list[tuple[int, int, date | None]]:
    """(peer id, those that count since the first of the month, the last day of one held)."""
    rows = plain_rows(counted_conversations(ids is None), month=month, **of(ids))
    return [(peer_id, int(n or 0), last) for peer_id, n, last in rows]


def of(ids: Collection[int] | None) -> dict[str, list[int]]:
    return {} if ids is None else {"ids": list(ids)}


@cache
def sent_offers(everybody: bool) -> Executable:
    rows = select(Offer.peer_id, Offer.answer_by).where(Offer.state == "sent")
    if everybody:
        return rows
    return rows.where(Offer.peer_id.in_(bindparam("ids", expanding=True)))


@cache
def counted_conversations(everybody: bool) -> Executable:
    counts = case(
        (Conversation.held_on >= bindparam("month"), 1),
        (Conversation.closed_at.is_(None), 1),
        else_=0,
    )
    rows = select(Conversation.peer_id, func.sum(counts), func.max(Conversation.held_on)).group_by(
        Conversation.peer_id
    )
    if everybody:
        return rows
    return rows.where(Conversation.peer_id.in_(bindparam("ids", expanding=True)))
