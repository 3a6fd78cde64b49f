"""The page behind a peer parent's own link: when they are free, how many talks a month, a break.

Opening changes nothing; every act is a POST. No cookie is ever set, and nothing about any family
is here.
"""

from datetime import date, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import public
from app.db import db, transact
from app.errors import DomainError
from app.links.pages import ended_page, from_elsewhere, private
from app.links.tokens import live_link
from app.messaging.new_links import dead_link
from app.peers.change_peer import change_peer, pause_peer, resume_peer
from app.peers.models import Peer
from app.peers.weekly_ticks import DAYS, PARTS, read_ticks, ticks_of, windows_from
from app.typed import day_of, read_number

blueprint = Blueprint("peer_links", __name__, url_prefix="/p")

HOW_LONG = "Choose how long, or type a day such as 27 3 2027."
MOST_CONVERSATIONS = 8
HOW_MANY = f"Type how many talks a month, from 0 to {MOST_CONVERSATIONS}."


def opened(token: str, at: datetime) -> Peer | None:
    link = live_link("p", token, at=at)
    if link is None or link.person_kind != "peer":
        return None
    peer = db.session.get(Peer, link.person_id, populate_existing=True)
    return None if peer is None or peer.status == "left" else peer


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    at = clock.now()
    peer = opened(token, at)
    if peer is None:
        return ended_page()
    return private(make_response(page(token, peer, at=at)))


def page(token: str, peer: Peer, *, at: datetime, error: str = "") -> str:
    until = peer.break_until
    resting = peer.status == "paused" or (until is not None and until >= clock.london(at).date())
    return render_template(
        "peers/times_link.html",
        token=token,
        peer=peer,
        ticks=ticks_of(peer.free_times),
        days=list(enumerate(DAYS)),
        parts=PARTS,
        resting=resting,
        until=until,
        saved=request.args.get("saved") == "1",
        error=error,
    )


@blueprint.post("/<token>")
@public
def answer(token: str) -> BaseResponse:
    """One of: times, break, back. A refusal shows the page again with what to do."""
    at = clock.now()
    peer = opened(token, at)
    if peer is None or from_elsewhere():
        return dead_link("p", token, at=at)
    person = peer
    try:
        transact(lambda: act(person, at))
    except DomainError as refused:
        fresh = opened(token, at) or person
        return private(make_response(page(token, fresh, at=at, error=refused.family), 409))
    return private(redirect(url_for("peer_links.show", token=token, saved=1), 303))


def act(peer: Peer, at: datetime) -> None:
    what, by = request.form.get("do", ""), f"peer:{peer.id}"
    if what == "times":
        ticks = read_ticks(request.form.getlist("free"))
        change_peer(
            peer, by=by, at=at, free_times=windows_from(ticks, peer.free_times),
            monthly_limit=conversations_a_month(),
        )  # fmt: skip
    elif what == "break":
        pause_peer(peer, until=break_until(request.form.get("how_long", "")), by=by, at=at)
    elif what == "back":
        resume_peer(peer, by=by, at=at)
    else:
        raise DomainError("Nothing was chosen.", family="Press one of the buttons below.")


def conversations_a_month() -> int | None:
    """How many talks a month, as typed; None where the field is empty."""
    typed = request.form.get("monthly_limit", "").strip()
    if not typed:
        return None
    conversations = read_number(typed)
    if conversations is None or conversations > MOST_CONVERSATIONS:
        raise DomainError(HOW_MANY, family=HOW_MANY)
    return conversations


def break_until(how_long: str) -> date | None:
    """The last day of a break as typed, or None for 'until I say'."""
    if how_long == "say":
        return None
    until = day_of(*(request.form.get(f"until-{part}", "") for part in ("year", "month", "day")))
    if how_long == "until" and until and until >= clock.today():
        return until
    raise DomainError(HOW_LONG, family=HOW_LONG)
