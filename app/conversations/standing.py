"""Whether a pair may be brought together now: asked in the transaction of every act, on fresh rows
under locks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.conversations.candidates import (
    exclusions_of,
    family_row,
    family_values,
    matching_values,
)
from app.conversations.models import Conversation, Offer
from app.db import db, lock
from app.errors import DomainError
from app.matching.overrides import may_override
from app.matching.people import Family, Peer
from app.matching.ranking import Blocker, blockers
from app.matching.rules import Tier
from app.peers import models as peers
from app.scheduling.models import FAMILY, PEER
from app.settings.store import current
from app.times import staff_time

CHANGED = "Something has changed since we asked you. We will ring you."
GRAVE = (Tier.CLOSED, Tier.SAFETY)


def lock_pair(family_id: int, peer_id: int) -> None:
    """Nobody else offers to, or books, these two until the act commits."""
    lock([(FAMILY, family_id), (PEER, peer_id)])


def pair_values(
    family_id: int, peer_id: int, *, at: datetime, interpreter_comes: bool
) -> tuple[Family, Peer]:
    found = matching_values(at, peer_id)
    if not found:
        raise DomainError("This peer parent is not on record.")
    row = family_row(family_id)
    return family_values(row, at, interpreter_comes=interpreter_comes), found[0]


def standing_between(
    family_id: int, peer_id: int, *, at: datetime, interpreter_comes: bool = False
) -> tuple[Blocker, ...]:
    """Every rule that stands between the two now."""
    family, peer = pair_values(family_id, peer_id, at=at, interpreter_comes=interpreter_comes)
    return blockers(family, peer, exclusions_of(family_id), current(), at=at)


def check_may_send(standing: Sequence[Blocker], reason: str | None, *, by: Any) -> list[str]:
    """Raises DomainError unless this person may choose against what stands; the codes overridden.

    Closed rules: nobody. Safety and peers' own limits: a manager's reason of 10 characters.
    Practical rules: a coordinator's reason.
    """
    refusal = may_override(standing, by.role).refusal(reason)
    if refusal:
        raise DomainError(refusal, "reason")
    return [blocker.code for blocker in standing]


def check_still_stands(offer: Offer, *, at: datetime) -> None:
    """Raises DomainError where a closed or a safety rule stands now that nobody chose against.

    The peer is told only that something has changed. Their own practical limits do not speak
    against their own yes.
    """
    standing = standing_between(
        offer.family_id, offer.peer_id, at=at, interpreter_comes=interpreted(offer)
    )
    grave = [
        blocker
        for blocker in standing
        if blocker.tier in GRAVE and blocker.code not in (offer.overridden or ())
    ]
    if grave:
        words = (
            f"{grave[0].words}. Who can change it: {grave[0].who_can_change}."
            if not grave[0].hidden
            else "A manager has to look at this pair again before they talk."
        )
        raise DomainError(words, family=CHANGED)


def interpreted(offer: Offer) -> bool:
    """Whether the offer says that an interpreter comes."""
    return bool((offer.shown or {}).get("interpreter"))


def open_offer_of_family(family_id: int) -> Offer | None:
    """The offer that is sent, or led to a conversation that is not over yet."""
    return db.session.scalars(
        select(Offer)
        .where(Offer.open_family == family_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def check_no_open_offer(family_id: int, *, next_name: str | None = None) -> None:
    """Raises DomainError with who sent whom an offer when, if the family has an open one."""
    held = open_offer_of_family(family_id)
    if held is None:
        return
    peer = db.session.get(peers.Peer, held.peer_id)
    name = peer.first_name if peer else "A peer parent"
    if held.state == "accepted":
        raise DomainError(f"{name} said yes already. Agree a time for the conversation.")
    who = (held.sent_by or held.made_by).split(" ")[0]
    when = f" at {staff_time(held.sent_at)}" if held.sent_at else ""
    after = f" {next_name} is next." if next_name else ""
    raise DomainError(f"{who} sent {name} an offer{when}.{after}")


def live_conversation(family_id: int) -> Conversation | None:
    """The conversation of this family that is being arranged or to come."""
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.family_id == family_id, Conversation.closed_at.is_(None))
        .order_by(Conversation.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
