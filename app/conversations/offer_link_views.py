"""The page behind an offer's link, for the peer parent: who, how, by when; yes with times, not this
time, or a break.

Opening changes nothing; every act is a POST. What it shows of the family is the offer's stored
view, and after both agreed the first name. No cookie is ever set.
"""

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import public
from app.conversations import shown
from app.conversations.answer_offer import accept_offer, conversation_of, decline_offer
from app.conversations.book_conversation import live_appointment
from app.conversations.models import Offer
from app.conversations.reply_reader import leave_to_a_person
from app.conversations.standing import CHANGED
from app.db import db, transact
from app.errors import DomainError
from app.families.models import Carer
from app.links.pages import ended_page, from_elsewhere, private
from app.links.tokens import live_link
from app.messaging.new_links import dead_link
from app.peers.change_peer import pause_peer
from app.peers.link_views import break_until
from app.peers.models import Peer
from app.scheduling.models import Appointment
from app.scheduling.text_purposes import where_phrase

blueprint = Blueprint("offer_links", __name__, url_prefix="/o")


def opened(token: str, at: datetime) -> tuple[Offer, Peer] | None:
    """The offer and the peer parent of a live link; somebody who has left has none any more."""
    link = live_link("o", token, at=at)
    if link is None:
        return None
    offer = db.session.get(Offer, link.subject_id, populate_existing=True)
    peer = db.session.get(Peer, link.person_id)
    if offer is None or peer is None or peer.status == "left" or offer.peer_id != peer.id:
        return None
    return offer, peer


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    at = clock.now()
    found = opened(token, at)
    if found is None:
        return ended_page()
    return private(make_response(page(token, *found, at=at)))


def page(token: str, offer: Offer, peer: Peer, *, at: datetime, error: str = "") -> str:
    state = state_of(offer, at)
    appointment, first_name = agreed_with(offer) if state == "accepted" else (None, None)
    return render_template(
        "conversations/offer_link.html",
        token=token,
        offer=offer,
        state=state,
        who=shown.who_words(offer.shown),
        how=shown.how_words(offer.shown),
        times=shown.as_times(offer.times),
        appointment=appointment,
        first_name=first_name,
        where=where_phrase(appointment, "peer") if appointment else None,
        resting=is_resting(peer, at),
        error=error,
    )


def state_of(offer: Offer, at: datetime) -> str:
    """The offer's state as of now: one that nobody has ended yet may have run out."""
    ran_out = offer.answer_by is not None and offer.answer_by <= at
    if offer.state == "sent" and ran_out:
        return "expired"
    if offer.state == "accepted" and conversation_of(offer).closed_at is not None:
        return "over"
    return offer.state


def agreed_with(offer: Offer) -> tuple[Appointment | None, str | None]:
    """The appointment and the first name of the parent whom it is with, once a time is agreed by
    both.
    """
    appointment = live_appointment(conversation_of(offer))
    if appointment is None or appointment.status == "provisional":
        return None, None
    carer = db.session.get(Carer, appointment.carer_id) if appointment.carer_id else None
    return appointment, carer.first_name if carer else None


def is_resting(peer: Peer, at: datetime) -> bool:
    until = peer.break_until
    return peer.status == "paused" or (until is not None and until >= clock.london(at).date())


@blueprint.post("/<token>")
@public
def answer(token: str) -> BaseResponse:
    """One of: yes (with times), no. Anything else shows the page again."""
    at = clock.now()
    found = opened(token, at)
    if found is None or from_elsewhere():
        return dead_link("o", token, at=at)
    offer, peer = found
    try:
        transact(lambda: act(offer, peer, at))
    except DomainError as refused:
        if refused.family == CHANGED:
            why = refused.message
            transact(lambda: leave_to_a_person(offer, why, at))
        words = page(token, *(opened(token, at) or found), at=at, error=refused.family)
        return private(make_response(words, 409))
    return private(redirect(url_for("offer_links.show", token=token), 303))


def act(offer: Offer, peer: Peer, at: datetime) -> None:
    what, by = request.form.get("do", ""), f"peer:{peer.id}"
    if what == "yes":
        accept_offer(offer, ticked(offer), by=by, at=at, how="link")
    elif what == "no":
        decline_offer(offer, by=by, at=at, how="link")
    else:
        raise DomainError("Nothing was chosen.", family="Press one of the buttons below.")


def ticked(offer: Offer) -> list[datetime]:
    """The offered times that were ticked; anything else that a form sends is not a time."""
    sent = set(request.form.getlist("time"))
    return [start for start in shown.as_times(offer.times) if start.isoformat() in sent]


@blueprint.route("/<token>/break", methods=["GET", "POST"])
@public
def take_break(token: str) -> BaseResponse:
    """A break, until a day or until they say; an open offer is answered with it."""
    at = clock.now()
    found = opened(token, at)
    if found is None or from_elsewhere():
        return dead_link("o", token, at=at)
    error = ""
    if request.method == "POST":
        try:
            until = break_until(request.form.get("how_long", ""))
            peer = found[1]
            transact(lambda: pause_peer(peer, until=until, by=f"peer:{peer.id}", at=at))
            return private(redirect(url_for("offer_links.show", token=token), 303))
        except DomainError as refused:
            error = refused.family
    words = render_template("conversations/break_link.html", token=token, error=error)
    return private(make_response(words, 409 if error else 200))
