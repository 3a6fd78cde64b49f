"""What conversations keep about a family, when two records of it become one."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

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
    join_exclusions(duplicate, into)


def join_exclusions(duplicate: Family, into: Family) -> None:
    known = set(db.session.scalars(select(Exclusion.peer_id).where(Exclusion.family_id == into.id)))
    for pair in db.session.scalars(
        select(Exclusion).where(Exclusion.family_id == duplicate.id)
    ).all():
        if pair.peer_id not in known:
            pair.family_id = into.id
