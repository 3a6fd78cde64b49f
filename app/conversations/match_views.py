"""The pages on which a peer parent is chosen: who could talk to this family, and the check before
an offer is sent.

The order is advice; the coordinator decides. Hidden rules are one row without names.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from app import clock
from app.access import ARRANGERS, allow
from app.conversations import shown as words
from app.conversations.blueprint import conversations
from app.conversations.book_conversation import hosts
from app.conversations.candidates import interpreters_for, ranking_for
from app.conversations.conversation_slots import free_for_all
from app.conversations.forms import OfferForm, offered
from app.conversations.models import Conversation
from app.conversations.queries import draft_for, last_held
from app.conversations.send_offer import send_offer
from app.conversations.standing import live_conversation, open_offer_of_family, standing_between
from app.db import db, transact
from app.enquiries.models import Choice
from app.enquiries.queries import latest_choice
from app.errors import DomainError
from app.families.blueprint import opened, this_family
from app.families.models import CARER_TYPES, Family
from app.forms import put
from app.matching.not_now import listed, not_now
from app.matching.offers import answer_by, shared_view
from app.matching.openings import what_would_open
from app.matching.overrides import may_override
from app.matching.ranking import Ranking, shown
from app.peers.models import Peer
from app.settings.store import current
from app.times import for_staff
from app.working_days import evening_after, is_working_day

SHOWN = 10  # candidates on the page; all of them on request
BY_WISH = ("way:", "times:", "gender_wish", "musts")  # what the family would have to say


@conversations.get("/families/<reference>/match")
@allow(*ARRANGERS)
def match(reference: str) -> str:
    """Who could talk to this family, why, and who cannot now."""
    family = opened(reference, "match")
    at = clock.now()
    interpreter = request.args.get("interpreter") == "1"
    ranking = ranking_for(family.id, at=at, interpreter_comes=interpreter)
    family = this_family(reference)
    everybody = request.args.get("all") == "1"
    candidates = ranking.can if everybody else ranking.can[:SHOWN]
    rows = not_now(ranking)
    offer = open_offer_of_family(family.id)
    said, talked = latest_choice(family.id), last_held(family.id)
    asked = {one.questions for one in candidates}
    return render_template(
        "conversations/match.html",
        family=family,
        talked=talked,
        asked_again=asks_again(said, talked),
        same_questions=len(asked) == 1 and bool(next(iter(asked))),
        ranking=ranking,
        candidates=candidates,
        rows=rows,
        listed=listed(ranking) if everybody else (),
        peers=peers_by_id(ranking, candidates, rows, everybody),
        openings=[(opening, opening_link(reference, opening.code)) for opening in
                  what_would_open(ranking)],
        interpreter=interpreter,
        can_interpret=bool(family.interpreter and interpreters_for(family.interpreter)),
        offer=offer,
        offer_peer=db.session.get(Peer, offer.peer_id) if offer else None,
        conversation=live_conversation(family.id),
        draft=draft_for(family.id),
        carer_types=CARER_TYPES,
        **due_words(said),
        everybody=everybody,
    )  # fmt: skip


def asks_again(said: Choice | None, talked: Conversation | None) -> bool:
    """Whether the family asks for a conversation after one that took place: it said so then, or
    since.
    """
    if talked is None or talked.closed_at is None or talked.wants_another:
        return True
    return said is not None and said.recorded_at > talked.closed_at


def peers_by_id(
    ranking: Ranking, candidates: Any, rows: Any, everybody: bool
) -> Mapping[int, Peer]:
    """The rows of those whose names the page shows, in one statement."""
    ids = {one.peer_id for one in candidates}
    ids |= {row.example_peer_id for row in rows if row.example_peer_id}
    if everybody:
        ids |= {one.peer_id for one in ranking.cannot}
    found = db.session.scalars(select(Peer).where(Peer.id.in_(ids)))
    return {peer.id: peer for peer in found}


def opening_link(reference: str, code: str) -> str | None:
    """Where a change can be made: an interpreter at once, a wish on the family's own page."""
    if code == "interpreter":
        return url_for("conversations.match", reference=reference, interpreter=1)
    if code == "consent":
        return url_for("enquiries.choice", reference=reference)
    return url_for("families.edit", reference=reference) if code.startswith(BY_WISH) else None


def due_words(said: Choice | None) -> dict[str, datetime | None]:
    """Until when the first offer is due and the family should be told, from what it said."""
    if said is None or said.step != "wants_to_talk":
        return {"offer_due": None, "tell_by": None}
    rules = current()
    return {
        "offer_due": evening_after(said.on, rules.offer_target_days),
        "tell_by": evening_after(said.on, rules.date_target_days),
    }


@conversations.route("/families/<reference>/offer/<id:peer_id>", methods=["GET", "POST"])
@allow(*ARRANGERS)
def check(reference: str, peer_id: int) -> Any:
    """Read what the peer parent would read, choose the times, and send it."""
    family, at = this_family(reference), clock.now()
    interpreter = request.args.get("interpreter") == "1"
    peer = db.session.get(Peer, peer_id)
    if peer is None or peer.status == "left":
        abort(404)
    form = OfferForm()
    fill(form, family, peer, at)
    status = 200
    if form.validate_on_submit():
        try:
            made = transact(
                lambda: send_offer(
                    family.id, peer_id, times=form.starts(), host_id=int(form.host_id.data),
                    by=current_user, at=at, reason=form.reason.data,
                    interpreter_comes=interpreter,
                )
            )  # fmt: skip
        except DomainError as error:
            put(form, error)
        else:
            flash(
                f"Offer sent to {peer.short_name}. Answer by {for_staff(made.answer_by or at)}.",
                "success",
            )
            return redirect(url_for("conversations.offer", offer_id=made.id))
    if form.is_submitted():
        status = 422
    return make_response(check_page(form, reference, peer_id, interpreter, at), status)


def check_page(
    form: OfferForm, reference: str, peer_id: int, interpreter: bool, at: datetime
) -> str:
    family = this_family(reference)
    standing = standing_between(family.id, peer_id, at=at, interpreter_comes=interpreter)
    ranking = ranking_for(family.id, at=at, interpreter_comes=interpreter)
    family, rules = this_family(reference), current()
    candidate = ranking.candidate(peer_id)
    blocked = ranking.blocked(peer_id)
    value = candidate.peer if candidate else blocked.peer if blocked else abort(404)
    view = shared_view(ranking.search.family, value)
    kept = words.stored(view, rules.conversation_minutes * (2 if interpreter else 1))
    return render_template(
        "conversations/check.html",
        form=form,
        family=family,
        peer=db.session.get(Peer, peer_id),
        who=words.who_words(kept),
        how=words.how_words(kept),
        answer_by=answer_by(at, rules, is_working_day),
        questions=candidate.questions if candidate else (),
        standing=shown(standing, current_user.role),
        override=may_override(standing, current_user.role),
        offer=open_offer_of_family(family.id),
        interpreter=interpreter,
    )


def fill(form: OfferForm, family: Family, peer: Peer, at: datetime) -> None:
    """Who could hold the conversation, and when all are free; the first three are ticked."""
    people = hosts()
    form.host_id.choices = [(str(person.id), person.name) for person in people]
    if not form.is_submitted():
        form.host_id.data = str(current_user.id)
    known = {str(person.id) for person in people}
    host_id = int(form.host_id.data) if form.host_id.data in known else current_user.id
    free = free_for_all(family.id, peer.id, host_id, at=at)
    form.times.choices = offered(free)
    if form.is_submitted():
        sent = [value for value in form.times.data or [] if is_start(value, at)]
        known_times = {value for value, _ in form.times.choices}
        more = [v for v in sent if v not in known_times]
        form.times.choices += [(v, for_staff(datetime.fromisoformat(v))) for v in more]
    else:
        form.times.data = [value for value, _ in form.times.choices[:3]]


def is_start(value: str, at: datetime) -> bool:
    """Whether a form's value is an instant to come: another host may have been free then."""
    try:
        return datetime.fromisoformat(value) > at
    except (ValueError, TypeError):
        return False
