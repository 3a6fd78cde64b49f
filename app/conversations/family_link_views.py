"""The page behind a family's link about a conversation: pick a time, or tell us what you decided.

Opening changes nothing; every act is a POST. It shows no name before both have agreed, and every
answer gets the same thanks. No cookie is ever set.
"""

from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import public
from app.conversations.book_conversation import (
    TAKEN,
    first_way,
    live_appointment,
    offer_of,
    open_times,
    pick_time,
)
from app.conversations.family_texts import takes_link
from app.conversations.models import Conversation
from app.conversations.shown import BY
from app.conversations.standing import CHANGED, interpreted
from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.models import Carer, Family
from app.links.pages import ended_page, from_elsewhere, private
from app.links.tokens import live_link
from app.messaging import registry
from app.messaging.follow_up import ring_by
from app.messaging.new_links import dead_link
from app.peers.models import Peer
from app.scheduling.text_purposes import where_phrase
from app.tasks.open import open_task

blueprint = Blueprint("family_links", __name__, url_prefix="/f")

ASK_AGAIN_AFTER = timedelta(days=28)  # policy: when a family that says "not now" is asked again
DECISIONS = {
    "yes": "Yes, I want to go on",
    "not_now": "Not now",
    "no": "No, thank you",
    "wants_to_talk": "I want to talk to a parent again",
    "ring": "Please ring me",
}
CHOOSE_ONE = "Pick one of the answers."
PICK_ONE = "Pick one of the times, or pick “None of these”."


def opened(token: str, at: datetime) -> tuple[Conversation, Carer] | None:
    """The conversation and the carer of a live link, while links may go to this carer."""
    link = live_link("f", token, at=at)
    if link is None or link.person_kind != "carer":
        return None
    conversation = db.session.get(Conversation, link.subject_id, populate_existing=True)
    carer = db.session.get(Carer, link.person_id)
    person = registry.recipient("carer", link.person_id)
    if (
        conversation is None
        or carer is None
        or person is None
        or carer.family_id != conversation.family_id
    ):
        return None
    if carer.left_on or not takes_link(person):
        return None
    return conversation, carer


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    at = clock.now()
    found = opened(token, at)
    if found is None:
        return ended_page()
    return private(make_response(page(token, found[0], at=at)))


def page(token: str, conversation: Conversation, *, at: datetime, error: str = "") -> str:
    appointment = live_appointment(conversation)
    peer = db.session.get(Peer, conversation.peer_id)
    state = state_of(conversation, appointment is not None, at)
    return render_template(
        f"conversations/{'decide' if state == 'decide' else 'choose_time'}_link.html",
        token=token,
        state=state,
        times=open_times(conversation, at) if state == "choose" else [],
        by_way=way_words(conversation),
        introduction=introduction_of(peer) if state == "choose" else None,
        appointment=appointment,
        first_name=peer.first_name if appointment and peer else None,
        where=where_phrase(appointment, "carer") if appointment else None,
        decisions=DECISIONS,
        error=error,
    )


def state_of(conversation: Conversation, booked: bool, at: datetime) -> str:
    if conversation.outcome == "held":
        return "decide"
    if conversation.closed_at is not None:
        return "gone" if conversation.dropped_out_at is not None else "over"
    if booked:
        return "booked"
    offer = offer_of(conversation)
    ours = offer is None or interpreted(offer) or first_way(offer) not in ("phone", "video")
    return "ring" if ours or not open_times(conversation, at) else "choose"


def way_words(conversation: Conversation) -> str:
    offer = offer_of(conversation)
    way = first_way(offer) if offer else "phone"
    return BY.get(way.replace("_", " "), "by phone")


def introduction_of(peer: Peer | None) -> str | None:
    """The peer parent's own words, unless they hold a name of theirs."""
    if peer is None or not peer.introduction:
        return None
    words = peer.introduction.casefold()
    names = [name for name in (peer.first_name, peer.surname) if name]
    return None if any(name.casefold() in words for name in names) else peer.introduction


@blueprint.post("/<token>")
@public
def answer(token: str) -> BaseResponse:
    at = clock.now()
    found = opened(token, at)
    if found is None or from_elsewhere():
        return dead_link("f", token, at=at)
    conversation, carer = found
    decides = conversation.outcome == "held"
    try:
        if decides:
            transact(lambda: decide(conversation, carer, at))
        else:
            transact(lambda: choose(conversation, carer, at))
    except DomainError as refused:
        if refused.family == CHANGED:
            why = f"They picked a time, but: {refused.message}"
            transact(lambda: ask_to_ring(conversation, why, at))
        words = page(token, (opened(token, at) or found)[0], at=at, error=refused.family)
        return private(make_response(words, 409))
    if decides or request.form.get("time") == "none":
        return redirect(url_for("family_links.thanks"), 303)
    return private(redirect(url_for("family_links.show", token=token), 303))


def choose(conversation: Conversation, carer: Carer, at: datetime) -> None:
    """Pick one of the times; 'none' asks somebody to ring. The same pick twice is one."""
    typed = request.form.get("time", "")
    if typed == "none":
        ask_to_ring(conversation, "None of the times suit the family: find another.", at)
        return
    booked = live_appointment(conversation)
    if booked is not None and booked.starts_at.isoformat() == typed:
        return
    start = next((one for one in open_times(conversation, at) if one.isoformat() == typed), None)
    if start is None:
        raise DomainError("No time was picked.", family=TAKEN if typed else PICK_ONE)
    pick_time(conversation, start, by=f"carer:{carer.id}", at=at, carer_id=carer.id)


def decide(conversation: Conversation, carer: Carer, at: datetime) -> None:
    """The family's own word, recorded as theirs; 'ring' asks somebody to ring."""
    answer = request.form.get("answer", "")
    if answer not in DECISIONS:
        raise DomainError("Nothing was chosen.", family=CHOOSE_ONE)
    if answer == "ring":
        ask_to_ring(conversation, "The family asks you to ring about what they would like now.", at)
        return
    family = db.session.get(Family, conversation.family_id)
    assert family is not None, "a conversation has its family"
    today = clock.london(at).date()
    record_choice(
        family, answer, on=today, how="link", by=f"carer:{carer.id}", at=at,
        ask_again_on=today + ASK_AGAIN_AFTER if answer == "not_now" else None,
    )  # fmt: skip


def ask_to_ring(conversation: Conversation, why: str, at: datetime) -> None:
    open_task(
        "ring", why, about=("conversation", conversation.id), due_at=ring_by(at), at=at,
        family_id=conversation.family_id, owner_id=conversation.host_id,
    )  # fmt: skip


@blueprint.get("/thank-you")
@public
def thanks() -> Response:
    return private(make_response(render_template("conversations/thanks_link.html")))
