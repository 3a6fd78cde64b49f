"""The page of one offer, for staff: what was sent, and the answer recorded for the peer parent."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, allow
from app.conversations import shown
from app.conversations.answer_offer import accept_offer, decline_offer
from app.conversations.blueprint import conversations, this_offer
from app.conversations.end_offer import take_back
from app.conversations.models import OFFER_STATES, Conversation, Offer
from app.conversations.queries import draft_for
from app.db import db, transact
from app.errors import DomainError
from app.forms import NO_VERSION
from app.messaging.outbox import rows_about
from app.messaging.states import STATE_WORDS
from app.typed import read_number


@conversations.get("/offers/<id:offer_id>")
@allow(*ARRANGERS)
def offer(offer_id: int) -> str:
    found = this_offer(offer_id)
    return render_template(
        "conversations/offer.html",
        offer=found,
        states=OFFER_STATES,
        who=shown.who_words(found.shown),
        how=shown.how_words(found.shown),
        times=shown.as_times(found.times),
        chosen=shown.as_times(found.chosen_times),
        texts=rows_about(("offer", found.id)),
        state_words=STATE_WORDS,
        conversation=db.session.query(Conversation)
        .filter_by(offer_id=found.id)
        .order_by(Conversation.id.desc())
        .first(),
        draft=draft_for(found.family_id) if found.state != "sent" else None,
        # The answer is the peer's own; staff record it while it can still be given.
        can_answer=found.state == "sent" and (found.answer_by or clock.now()) > clock.now(),
    )


def act_on(offer_id: int, act: Callable[[Offer], Any], said: str) -> Response:
    """Do something with one offer; a refusal is said on its page."""
    found = this_offer(offer_id)
    try:
        transact(lambda: act(found))
        flash(said, "success")
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(url_for("conversations.offer", offer_id=offer_id))


def version() -> int:
    return read_number(request.form.get("version")) or NO_VERSION


@conversations.post("/offers/<id:offer_id>/yes")
@allow(*ARRANGERS)
def say_yes(offer_id: int) -> Response:
    """Yes, by phone: the times are those ticked."""

    def act(found: Offer) -> Conversation:
        sent = set(request.form.getlist("time"))
        times = [start for start in shown.as_times(found.times) if start.isoformat() in sent]
        return accept_offer(
            found, times, by=current_user, at=clock.now(), how="phone", opened_at=version()
        )

    return act_on(offer_id, act, "They said yes. Agree a time with the family.")


@conversations.post("/offers/<id:offer_id>/no")
@allow(*ARRANGERS)
def say_no(offer_id: int) -> Response:
    return act_on(
        offer_id,
        lambda found: decline_offer(
            found, by=current_user, at=clock.now(), how="phone", opened_at=version()
        ),
        "Not this time. Nobody is told.",
    )


@conversations.post("/offers/<id:offer_id>/back")
@allow(*ARRANGERS)
def take_offer_back(offer_id: int) -> Response:
    return act_on(
        offer_id,
        lambda found: take_back(found, by=current_user, at=clock.now(), opened_at=version()),
        "The offer was taken back.",
    )
