"""Making and sending an offer: a draft stands ready, a coordinator reads it and sends it.

Everything is asked again when it is sent. The indexes on `open_peer` and `open_family` have the
last word when two coordinators press at once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.conversations import shown
from app.conversations.candidates import ranking_for
from app.conversations.models import Conversation, Offer
from app.conversations.offer_texts import text_offer
from app.conversations.standing import (
    check_may_send,
    check_no_open_offer,
    lock_pair,
    pair_values,
    standing_between,
)
from app.db import db
from app.errors import DomainError
from app.families.particulars import called
from app.matching.offers import answer_by, shared_view
from app.settings.store import current
from app.tasks.open import close_about
from app.working_days import is_working_day

MOST_TIMES = 8
SERVICE = "the service"


def send_offer(
    family_id: int,
    peer_id: int,
    *,
    times: Sequence[datetime],
    host_id: int,
    by: Any,
    at: datetime,
    reason: str | None = None,
    interpreter_comes: bool = False,
) -> Offer:
    """Send an offer to a peer parent: what they may read of the family, times, an answer-by.

    A draft for this pair becomes it. Refused while either has an open offer, where a closed rule
    stands, or where the reason is not enough; the family hears nothing yet. Where the peer may
    not be texted a task asks somebody to ring them.
    """
    lock_pair(family_id, peer_id)
    check_no_open_offer(family_id)
    check_may_talk_more(family_id)
    check_times(times, at)
    standing = standing_between(family_id, peer_id, at=at, interpreter_comes=interpreter_comes)
    overridden = check_may_send(standing, reason, by=by)
    offer = draft_of(family_id, peer_id, by=by, at=at)
    family, peer = pair_values(family_id, peer_id, at=at, interpreter_comes=interpreter_comes)
    rules = current()
    minutes = rules.conversation_minutes * (2 if interpreter_comes else 1)
    offer.state = "sent"
    offer.open_peer, offer.open_family = peer_id, family_id
    offer.shown = shown.stored(shared_view(family, peer), minutes)
    offer.times = list(shown.as_stored(times))
    offer.host_id = host_id
    offer.overridden = overridden
    offer.override_reason = (reason or "").strip() or None if overridden else None
    offer.sent_by, offer.sent_at = called(by), at
    offer.answer_by = answer_by(at, rules, is_working_day)
    offer.version += 1
    db.session.flush()
    remove_drafts(family_id, but=offer.id)
    close_about(
        ("family", family_id), "The next offer was sent", by=by, at=at,
        kinds=("unanswered_offer", "next_offer"),
    )  # fmt: skip
    record("offer:sent", offer, by=by, at=at, family_id=family_id, peer_id=peer_id)
    text_offer(offer, at=at)
    return offer


def check_times(times: Sequence[datetime], at: datetime) -> None:
    if len(times) > MOST_TIMES:
        raise DomainError(f"Offer {MOST_TIMES} times or fewer.", "times")
    if any(start <= at for start in times):
        raise DomainError("A time to offer has passed. Choose others.", "times")


def check_may_talk_more(family_id: int) -> None:
    """Raises DomainError where the family has had as many as there are for one family."""
    most = current().conversations_most
    held = db.session.query(Conversation).filter_by(family_id=family_id, outcome="held").count()
    if held >= most:
        raise DomainError(
            f"This family has had {held} conversations, which is the most. Ask what they would "
            "like now."
        )


def draft_of(family_id: int, peer_id: int, *, by: Any, at: datetime) -> Offer:
    """The draft for these two, or a new one."""
    found = db.session.scalars(
        select(Offer)
        .where(Offer.family_id == family_id, Offer.peer_id == peer_id, Offer.state == "draft")
        .execution_options(populate_existing=True)
    ).first()
    if found is not None:
        return found
    offer = Offer(
        family_id=family_id, peer_id=peer_id, state="draft", shown={}, times=[], chosen_times=[],
        overridden=[], made_by=called(by), made_at=at,
    )  # fmt: skip
    db.session.add(offer)
    record("offer:made", offer, by=by, at=at, family_id=family_id, peer_id=peer_id)
    return offer


def remove_drafts(family_id: int, *, but: int | None = None) -> None:
    """Drafts are nobody's word yet: the ones that were not sent go."""
    drafts = select(Offer).where(Offer.family_id == family_id, Offer.state == "draft")
    for draft in db.session.scalars(drafts):
        if draft.id != but:
            db.session.delete(draft)
    db.session.flush()


def ready_next(family_id: int, *, host_id: int | None, by: Any, at: datetime) -> Offer | None:
    """The next ranked peer stands ready as a draft that a coordinator sends; None: nobody can.

    Nothing goes out by itself, and nobody is told.
    """
    remove_drafts(family_id)
    ranking = ranking_for(family_id, at=at)
    if not ranking.can:
        return None
    best = ranking.can[0]
    offer = draft_of(family_id, best.peer_id, by=by, at=at)
    offer.points, offer.host_id = best.points, host_id
    db.session.flush()
    return offer


def refused_since(family_id: int) -> int:
    """How many offers for this family were declined or ran out since a conversation was last
    agreed.
    """
    states = db.session.scalars(
        select(Offer.state)
        .where(Offer.family_id == family_id, Offer.state.not_in(("draft", "taken_back")))
        .order_by(Offer.id.desc())
    )
    count = 0
    for state in states:
        if state not in ("declined", "expired"):
            break
        count += 1
    return count
