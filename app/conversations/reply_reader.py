"""Reading a peer parent's reply to an offer: 1 is yes to every time offered, 2 or a plain no is
not this time.

It comes before the reader of appointments, and leaves to it a reply of somebody whose last text
was about an appointment.
"""

from datetime import datetime

from sqlalchemy import select

from app.conversations import shown
from app.conversations.answer_offer import accept_offer, decline_offer
from app.conversations.models import Offer
from app.db import db
from app.errors import DomainError
from app.messaging import registry
from app.messaging.models import Outbox, Reply
from app.messaging.registry import Reading
from app.messaging.replies import Meaning, read_reply
from app.messaging.states import HANDED_OVER
from app.scheduling.telling import next_day
from app.tasks.open import open_task

PLAIN_NO = frozenset(
    {"no", "nope", "no thanks", "no thank you", "no sorry", "sorry no", "not this time", "no x"}
)


def read_offer_answer(reply: Reply, at: datetime) -> Reading | None:
    """The answer to the sender's open offer, as of the time it was received; None: not for us."""
    meaning = read_reply(reply.body)
    says_no = meaning is Meaning.CHANGE or plain(reply.body) in PLAIN_NO
    if meaning is not Meaning.KEEP and not says_no:
        return None
    offer = asked_about(reply)
    if offer is None:
        return None
    by, when = f"peer:{offer.peer_id}", reply.received_at
    try:
        if says_no:
            decline_offer(offer, by=by, at=when, how="text")
            outcome = "read as “not this time”: the next peer parent stands ready"
        else:
            accept_offer(offer, shown.as_times(offer.times), by=by, at=when, how="text")
            outcome = "read as “yes, I can talk”"
    except DomainError as refused:
        leave_to_a_person(offer, refused.message, at)
        outcome = f"A person has to look: {refused.message}"
    return Reading(
        reader="offer",
        outcome=outcome,
        person_kind="peer",
        person_id=offer.peer_id,
        about_kind="offer",
        about_id=offer.id,
    )


def plain(body: str) -> str:
    kept = "".join(c if c.isalpha() else " " for c in body.lower())
    return " ".join(kept.split())


def asked_about(reply: Reply) -> Offer | None:
    """The offer that the sender's last text was about, or the only open one if none went."""
    peer_ids = [
        person_id
        for kind, person_id, _name, _family in registry.owners_of(reply.from_number)
        if kind == "peer"
    ]
    if len(peer_ids) != 1:
        return None
    offer = db.session.scalars(
        select(Offer).where(Offer.open_peer == peer_ids[0], Offer.sent_at <= reply.received_at)
    ).one_or_none()
    if offer is None:
        return None
    last = db.session.scalars(
        select(Outbox.about_kind)
        .where(
            Outbox.recipient_kind == "peer",
            Outbox.recipient_id == peer_ids[0],
            Outbox.channel == "text",
            Outbox.state.in_(HANDED_OVER),
        )
        .order_by(Outbox.sent_at.desc(), Outbox.id.desc())
        .limit(1)
    ).first()
    return offer if last in (None, "offer") else None


def leave_to_a_person(offer: Offer, why: str, at: datetime) -> None:
    open_task(
        "to_check",
        f"A peer parent answered an offer, but: {why}",
        about=("offer", offer.id), due_at=next_day(at), at=at, family_id=offer.family_id,
        peer_id=offer.peer_id,
    )  # fmt: skip
