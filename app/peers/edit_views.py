"""Pages that change a peer parent: add, change, break, leaving, pairs kept apart, their link."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, MANAGER, allow, found
from app.audit.record import record
from app.db import db, transact
from app.errors import DomainError
from app.families.queries import carer_of, family_by_reference
from app.peers import forms
from app.peers.add_peer import add_peer, become_peer
from app.peers.blueprint import peers, this_peer
from app.peers.change_peer import change_peer, pause_peer, peer_leaves, resume_peer
from app.peers.exclusions import exclude, lift
from app.peers.list_views import page_of
from app.peers.models import Exclusion, Peer
from app.peers.times_texts import text_times, times_address
from app.saving import save


def page_address(peer_id: int) -> str:
    return url_for("peers.peer", peer_id=peer_id)


@peers.route("/add", methods=["GET", "POST"])
@allow(*ARRANGERS)
def add() -> Any:
    form = forms.PeerForm(languages="English")
    return save(
        form,
        lambda: add_peer(by=current_user, at=clock.now(), **form.particulars()),
        page=lambda: render_template("peers/edit.html", form=form, peer=None, carer=None),
        then=lambda made: page_address(made.id),
        said=lambda made: f"{made.short_name} was added.",
    )


@peers.route("/from/<reference>/<id:carer_id>", methods=["GET", "POST"])
@allow(*ARRANGERS)
def become(reference: str, carer_id: int) -> Any:
    """A carer becomes a peer parent; their family's record is closed to those who match."""
    family = found(family_by_reference(current_user, reference))
    carer = found(carer_of(family, carer_id))
    form = forms.PeerForm(
        first_name=carer.first_name, surname=carer.surname, mobile=carer.mobile,
        email=carer.email, gender=carer.gender, carer_type=carer.carer_type,
        languages=", ".join([family.language, *family.other_languages]),
    )  # fmt: skip
    return save(
        form,
        lambda: become_peer(carer, by=current_user, at=clock.now(), **form.particulars()),
        page=lambda: render_template("peers/edit.html", form=form, peer=None, carer=carer),
        then=lambda made: page_address(made.id),
        said=lambda made: (
            f"{made.short_name} is a peer parent. Their family’s record is closed to coordinators."
        ),
    )


@peers.route("/<id:peer_id>/edit", methods=["GET", "POST"])
@allow(*ARRANGERS)
def edit(peer_id: int) -> Any:
    peer = this_peer(peer_id)
    form = forms.PeerForm(data=forms.as_typed(peer))
    form.offer_stored(peer)
    return save(
        form,
        lambda: change_peer(
            peer, by=current_user, at=clock.now(), expect_version=form.opened_at,
            **form.particulars(),
        ),
        page=lambda: render_template(
            "peers/edit.html", form=form, peer=this_peer(peer_id), carer=None
        ),
        then=lambda _: page_address(peer_id),
        said="Saved.",
        row=peer,
    )  # fmt: skip


@peers.route("/<id:peer_id>/break", methods=["GET", "POST"])
@allow(*ARRANGERS)
def pause(peer_id: int) -> Any:
    peer, form = this_peer(peer_id), forms.BreakForm()

    def act() -> None:
        until = form.until.data if form.how_long.data == "until" else None
        if form.how_long.data == "until" and until is None:
            raise DomainError("Enter the last day of the break.", "until")
        pause_peer(peer, until=until, by=current_user, at=clock.now())

    return save(
        form,
        act,
        page=lambda: render_template("peers/break.html", form=form, peer=this_peer(peer_id)),
        then=lambda _: page_address(peer_id),
        said="The break has begun. They will not be asked.",
    )


@peers.route("/<id:peer_id>/leave", methods=["GET", "POST"])
@allow(*ARRANGERS)
def leave(peer_id: int) -> Any:
    peer = this_peer(peer_id)
    form = forms.LeaveForm(version=peer.version)
    return save(
        form,
        lambda: peer_leaves(peer, by=current_user, at=clock.now(), expect_version=form.opened_at),
        page=lambda: render_template("peers/leave.html", form=form, peer=this_peer(peer_id)),
        then=lambda _: page_address(peer_id),
        said="They have left. Their story was removed.",
        row=peer,
    )


@peers.post("/<id:peer_id>/back")
@allow(*ARRANGERS)
def resume(peer_id: int) -> Response:
    peer = this_peer(peer_id)
    return acted(
        peer_id,
        lambda: resume_peer(peer, by=current_user, at=clock.now()),
        "The break is over.",
    )


@peers.route("/<id:peer_id>/apart", methods=["GET", "POST"])
@allow(*ARRANGERS)
def keep_apart(peer_id: int) -> Any:
    """Keep this peer parent and a family apart; why is for managers' eyes."""
    peer, form = this_peer(peer_id), forms.ExclusionForm()

    def act() -> Exclusion:
        family = family_by_reference(current_user, form.reference.data)
        if family is None:
            raise DomainError("There is no family with this reference.", "reference")
        return exclude(peer, family, form.reason.data, by=current_user, at=clock.now())

    return save(
        form,
        act,
        page=lambda: render_template("peers/apart.html", form=form, peer=this_peer(peer_id)),
        then=lambda _: page_address(peer_id),
        said="These two are kept apart.",
    )


@peers.post("/<id:peer_id>/apart/<id:pair_id>/lift")
@allow(MANAGER)
def lift_apart(peer_id: int, pair_id: int) -> Response:
    this_peer(peer_id)
    pair = found(db.session.query(Exclusion).filter_by(id=pair_id, peer_id=peer_id).one_or_none())
    return acted(
        peer_id, lambda: lift(pair, by=current_user, at=clock.now()), "They may meet again."
    )


@peers.post("/<id:peer_id>/said-yes")
@allow(*ARRANGERS)
def said_yes(peer_id: int) -> Response:
    """They said, today and to this member of staff, that texting them is safe."""
    peer = this_peer(peer_id)
    return acted(
        peer_id,
        lambda: change_peer(peer, safe_to_text="yes", by=current_user, at=clock.now()),
        "Texting is safe: they said yes today.",
    )


@peers.post("/<id:peer_id>/text-link")
@allow(*ARRANGERS)
def text_link(peer_id: int) -> Response:
    peer = this_peer(peer_id)
    return acted(
        peer_id, lambda: text_times(peer, at=clock.now()), "The link goes to them by text."
    )


@peers.post("/<id:peer_id>/link")
@allow(*ARRANGERS)
def show_link(peer_id: int) -> Any:
    # Shown in the answer itself, once: it is stored nowhere and stands in no address of ours.
    peer = this_peer(peer_id)
    if peer.status == "left":
        flash("They have left: there is no page of theirs any more.", "error")
        return redirect(page_address(peer_id))
    link = transact(lambda: made_link(peer))
    return page_of(this_peer(peer_id), link=link)


def made_link(peer: Peer) -> str:
    at = clock.now()
    record("link:made", peer, by=current_user, at=at, purpose="p")
    return times_address(peer.id, at=at)


def acted(peer_id: int, act: Any, said: str) -> Response:
    """Do something with one peer parent; a refusal is said on their page."""
    try:
        transact(act)
        flash(said, "success")
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(page_address(peer_id))
