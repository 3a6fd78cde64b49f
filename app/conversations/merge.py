"""What conversations keep about a family, when two records of it become one."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.conversations.drop_out import follow_exclusion
from app.conversations.end_offer import take_back
from app.conversations.models import Conversation, Offer
from app.conversations.send_offer import remove_drafts
from app.db import db
from app.families.models import Family
from app.peers.models import Exclusion, Peer


def join_conversations(duplicate: Family, into: Family, by: Any, at: datetime) -> None:
    """Offers and conversations move with it; of two open offers the duplicate's unanswered one is
    taken back. A pair kept apart stays apart.
    """
    remove_drafts(duplicate.id)
    kept_open = db.session.scalars(select(Offer).where(Offer.open_family == into.id)).first()
    for offer in db.session.scalars(select(Offer).where(Offer.open_family == duplicate.id)).all():
        if kept_open is not None and offer.state == "sent":
            take_back(offer, by=by, at=at)
        else:
            offer.open_family = None if kept_open is not None else into.id
    db.session.flush()
    for model in (Offer, Conversation):
        db.session.execute(
            update(model).where(model.family_id == duplicate.id).values(family_id=into.id)
        )
    db.session.execute(update(Peer).where(Peer.family_id == duplicate.id).values(family_id=into.id))
    join_exclusions(duplicate, into, by, at)


def join_exclusions(duplicate: Family, into: Family, by: Any, at: datetime) -> None:
    """Whoever was kept apart from either is kept apart from the record that stays: what is open
    between them ends or waits for a person, as when somebody says so now.
    """
    kept = db.session.scalars(select(Exclusion).where(Exclusion.family_id == into.id)).all()
    apart = {pair.peer_id for pair in kept}
    for pair in db.session.scalars(
        select(Exclusion).where(Exclusion.family_id == duplicate.id)
    ).all():
        if pair.peer_id not in apart:
            pair.family_id = into.id
            apart.add(pair.peer_id)
    db.session.flush()
    for peer in db.session.scalars(select(Peer).where(Peer.id.in_(apart)).order_by(Peer.id)).all():
        follow_exclusion(peer, into, by, at)
