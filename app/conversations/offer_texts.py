"""The texts to a peer parent about an offer: whether still wanted and what they say, asked in the
claim; and queuing them in an act.

They hold no word about the family. Where no text may go, a task asks somebody to ring.
"""

from datetime import datetime, timedelta

from app.conversations.models import Offer
from app.db import db
from app.links.tokens import make_link
from app.messaging import registry, said, wordings
from app.messaging.models import Outbox
from app.messaging.outbox import drop_waiting, queue_text, rows_about
from app.messaging.registry import Message, Purpose, Recipient
from app.messaging.schedule import text_at_once
from app.messaging.states import HANDED_OVER
from app.pages import public_address
from app.scheduling.telling import next_day
from app.settings.store import current
from app.tasks.open import open_task
from app.working_days import is_working_day

LINK_LASTS = timedelta(days=60)
TAKEN_BACK_OF_USE = timedelta(days=3)


def offer_purposes() -> dict[str, Purpose]:
    """The two texts of an offer by name, for wiring."""
    return {
        "offer": Purpose(unwanted=offer_unwanted, make=make_offer, words="the offer"),
        "offer_taken_back": Purpose(
            unwanted=taken_back_unwanted,
            make=make_taken_back,
            words="the word that the offer was taken back",
        ),
    }


def text_offer(offer: Offer, *, at: datetime) -> None:
    """Queue the offer's text, of use until the answer-by; else ask somebody to ring."""
    assert offer.answer_by is not None, "a sent offer has a time to answer by"
    person = registry.recipient("peer", offer.peer_id)
    assert person is not None, "an offer is to a peer parent on record"
    why = person.refusal
    if why is None:
        planned = text_at_once(
            "offer", at, offer.answer_by, person.safe_times, current(), is_working_day
        )
        why = f"{planned.cannot}." if planned.cannot else None
    if why is None:
        queue_text(
            "offer", about=("offer", offer.id), to=("peer", offer.peer_id), due_at=planned.due_at,
            expires_at=offer.answer_by, dedupe=f"offer:{offer.id}:{offer.version}", at=at,
        )  # fmt: skip
        return
    open_task(
        "ring",
        f"{why} Ask {person.name} whether they could talk to a parent; the answer goes on the "
        "offer’s page.",
        about=("offer", offer.id), due_at=min(next_day(at), offer.answer_by), at=at,
        family_id=offer.family_id, peer_id=offer.peer_id,
    )  # fmt: skip


def tell_taken_back(offer: Offer, *, at: datetime) -> None:
    """What was not sent is not sent; who has the offer's text hears kindly that it is over."""
    drop_waiting(("offer", offer.id), reason="The offer was taken back.", at=at)
    if not any(
        row.purpose == "offer" and row.state in HANDED_OVER
        for row in rows_about(("offer", offer.id))
    ):
        return
    queue_text(
        "offer_taken_back", about=("offer", offer.id), to=("peer", offer.peer_id), due_at=at,
        expires_at=at + TAKEN_BACK_OF_USE, dedupe=f"offer:{offer.id}:taken_back", at=at,
    )  # fmt: skip


def offer_of(row: Outbox) -> Offer | None:
    return db.session.get(Offer, row.about_id, populate_existing=True)


def offer_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    offer = offer_of(row)
    if offer is None:
        return "The offer is no longer on record."
    if offer.state != "sent":
        return "The offer was answered, or is over."
    return None


def make_offer(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    offer = offer_of(row)
    assert offer is not None, "offer_unwanted() has looked"
    token = make_link("o", offer.id, "peer", recipient.id, expires_at=at + LINK_LASTS, at=at)
    facts = wordings.Facts.of(
        current(),
        answer_by=offer.answer_by,
        link=public_address("offer_links.show", token=token),
    )
    first = not recipient.introduced
    return said.message("offer", recipient, facts, first=first)


def taken_back_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    offer = offer_of(row)
    if offer is None or offer.state != "taken_back":
        return "The offer was answered, or is over."
    return None


def make_taken_back(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    facts = wordings.Facts.of(current())
    return said.message("offer_taken_back", recipient, facts)
