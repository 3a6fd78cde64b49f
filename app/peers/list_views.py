"""The list of peer parents and one peer parent's page."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from app import clock
from app.access import ARRANGERS, allow
from app.audit.record import history
from app.families.models import CARER_TYPES, GENDERS, SAFE
from app.peers import hooks, listing
from app.peers.blueprint import peers, this_peer
from app.peers.exclusions import exclusions_of
from app.peers.hooks import Load
from app.peers.models import Peer
from app.peers.particulars import LIMITS
from app.peers.queries import LONGEST_SEARCH
from app.peers.recipient import text_refusal
from app.peers.waiting import sentences_of
from app.settings.store import current
from app.typed import read_number


@peers.get("")
@allow(*ARRANGERS)
def index() -> str:
    asked = listing.Asked(
        words=request.args.get("q", "")[:LONGEST_SEARCH].strip(),
        show=request.args.get("show", ""),
        sort=request.args.get("sort", ""),
        page=read_number(request.args.get("page")) or 1,
    )
    at = clock.now()
    listed = listing.list_peers(current_user, asked, at=at)
    return render_template(
        "peers/list.html",
        listed=listed,
        filters=listing.FILTERS,
        empty_words=listing.EMPTY,
        carer_types=CARER_TYPES,
        usual=current().peer_monthly_limit,
        states={peer.id: states(peer, listed.loads.get(peer.id, Load())) for peer in listed.peers},
    )


def states(peer: Peer, load: Load) -> list[str]:
    """At most two words for where somebody stands: a break, full, checks, training."""
    if peer.status == "left":
        return ["Left"]
    today = clock.today()
    found = []
    if peer.status == "paused" or (peer.break_until and peer.break_until >= today):
        found.append("On a break")
    due = sentences_of(peer, today)
    if any("hecks" in words for words in due):
        found.append("Checks due")
    if any("raining" in words for words in due):
        found.append("Training due")
    usual = current().peer_monthly_limit
    most = usual if peer.monthly_limit is None else peer.monthly_limit
    if load.this_month >= most:
        found.append("Full this month")
    return found[:2] or ["Active"]


@peers.get("/<id:peer_id>")
@allow(*ARRANGERS)
def peer(peer_id: int) -> str:
    return page_of(this_peer(peer_id))


def page_of(found: Peer, **more: Any) -> str:
    """Limits, times, dates and pairs kept apart; never their own VIG file."""
    load = hooks.loads_of([found.id], clock.now()).get(found.id, Load())
    return render_template(
        "peers/peer.html",
        peer=found,
        load=load,
        states=states(found, load),
        usual=current().peer_monthly_limit,
        carer_types=CARER_TYPES,
        genders=GENDERS,
        safe=SAFE,
        limits=LIMITS,
        refusal=text_refusal(found),
        due=sentences_of(found, clock.today()) if found.status != "left" else [],
        pairs=exclusions_of(found, current_user),
        happened=[line for show in hooks.happened.values() for line in show(current_user, found)],
        entries=history(found, most=20),
        link=more.get("link"),
    )
