"""Peer parents as messaging knows them: who they are, whether they may be texted, whose number one
is.

All but a clear yes is a reason not to text. They know the service, so their wording is full.
"""

from collections.abc import Collection, Sequence

from flask import url_for
from sqlalchemy import select

from app.access import ARRANGERS, User
from app.db import db
from app.families.queries import carers_with_number
from app.messaging.outbox import was_texted
from app.messaging.registry import Recipient
from app.peers.models import Peer
from app.peers.queries import matching
from app.phones import read_phone

LEFT = "They are not a peer parent now."
NO_MOBILE = "There is no mobile number."
LANDLINE = "There is only a landline: ring."
ENGLISH = "English"
NOT_SAFE = "They said that texting is not safe: ring."
NOT_ASKED = "Not asked whether texting is safe: ring, and record the answer."
SHARED = "This number is on another record too: no text goes until it is put right. Ring."


def peer_recipient(peer_id: int) -> Recipient | None:
    """The peer parent as they are now."""
    peer = db.session.get(Peer, peer_id)
    if peer is None:
        return None
    return as_recipient(peer, bool(peer.mobile and was_texted(peer.mobile)))


def as_recipient(peer: Peer, introduced: bool) -> Recipient:
    return Recipient(
        kind="peer",
        id=peer.id,
        name=peer.name,
        number=peer.mobile,
        email=peer.email,
        refusal=text_refusal(peer),
        email_refusal="Peer parents get no e-mails.",
        wording="full",
        link_ok=True,
        safe_times=peer.safe_times,
        peer_id=peer.id,
        introduced=introduced,
        language=language_of(peer),
        reads_english=language_of(peer) == ENGLISH,
    )


def language_of(peer: Peer) -> str:
    """English where they speak it, which most do; else the first of their languages."""
    return ENGLISH if ENGLISH in peer.languages or not peer.languages else peer.languages[0]


def text_refusal(peer: Peer) -> str | None:
    """Why no text may go to this peer parent; None only where they said that texting is safe."""
    if peer.status == "left":
        return LEFT
    if not peer.mobile:
        return NO_MOBILE
    if read_phone(peer.mobile).kind != "mobile":
        return LANDLINE
    if peer.safe_to_text == "no":
        return NOT_SAFE
    if peer.safe_to_text != "yes":
        return NOT_ASKED
    return SHARED if is_on_another_record(peer) else None


def is_on_another_record(peer: Peer) -> bool:
    """Whether somebody else has this number; the carer they once were is not somebody else."""
    assert peer.mobile is not None
    if any(other.id != peer.id for other in peers_with_number(peer.mobile)):
        return True
    carers = carers_with_number(peer.mobile)
    return any(carer.family_id != peer.family_id for carer in carers)


def peers_with_number(number: str) -> list[Peer]:
    """The peer parents, not left, whose number this is."""
    return list(
        db.session.scalars(
            select(Peer).where(Peer.mobile == number, Peer.status != "left").order_by(Peer.id)
        )
    )


def owners(number: str) -> list[tuple[str, int, str, int | None]]:
    """Every peer parent whose number this is: ('peer', id, short name, no family)."""
    return [("peer", peer.id, peer.short_name, None) for peer in peers_with_number(number)]


def peer_visible(peer_id: int, user: User) -> bool:
    """Whether this member of staff may read the texts with this peer parent."""
    return user.role in ARRANGERS


def readable_peers(ids: Collection[int], user: User) -> dict[int, str]:
    """The names of those peer parents, for who may read the texts with them: one statement."""
    if user.role not in ARRANGERS:
        return {}
    rows = db.session.scalars(select(Peer).where(Peer.id.in_(ids)))
    return {peer.id: peer.name for peer in rows}


def page_of(peer_id: int) -> tuple[str, str]:
    """The address of their record, and what the thread of their texts calls it."""
    return url_for("peers.peer", peer_id=peer_id), "Peer parent"


def peers_named(words: str) -> Sequence[int]:
    """The ids of the peer parents whose name or number holds what was typed."""
    hit = matching(words)
    return db.session.scalars(select(Peer.id).where(hit)).all() if hit is not None else []
