"""The pages of a conversation: its state, agreeing a time, how it went, the debrief."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, allow
from app.conversations import forms
from app.conversations.after_conversation import record_conversation, record_debrief
from app.conversations.blueprint import conversations, this_conversation
from app.conversations.book_conversation import (
    ConversationTime,
    add_video_link,
    appointments_of,
    book_conversation,
    first_way,
    hosts,
    interpreted_offer,
    live_appointment,
    offer_of,
    open_times,
)
from app.conversations.candidates import interpreters_for
from app.conversations.conversation_slots import free_for_all
from app.conversations.drop_out import family_told, peer_drops_out
from app.conversations.family_texts import ask_what_they_decided, carer_in, link_recipient
from app.conversations.models import HELD, Conversation
from app.db import db, transact
from app.enquiries.queries import latest_choice
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.models import VOICEMAIL, Family
from app.places.models import Place
from app.saving import save
from app.times import for_staff

CHOSEN = "The time chosen before"


@conversations.get("/conversations/<id:conversation_id>")
@allow(*ARRANGERS)
def conversation(conversation_id: int) -> str:
    conversation = this_conversation(conversation_id)
    return render_template(
        "conversations/conversation.html",
        conversation=conversation,
        held=HELD,
        form=forms.LinkForm(),
        appointment=live_appointment(conversation),
        appointments=appointments_of(conversation),
        times=open_times(conversation, clock.now()),
        said=latest_choice(conversation.family_id),
        may_text=link_recipient(conversation) is not None,
        carer=carer_in(conversation),
        voicemail=VOICEMAIL,
    )


@conversations.route("/conversations/<id:conversation_id>/book", methods=["GET", "POST"])
@allow(*ARRANGERS)
def book(conversation_id: int) -> Any:
    """Agree a time: those that both said suit first, then when all are free."""
    conversation = this_conversation(conversation_id)
    form = forms.ConversationForm()
    fill(form, conversation)

    def page() -> str:
        here = this_conversation(conversation_id)
        offer_times(form, here)  # what is free now, also after a refusal
        return render_template("conversations/book.html", form=form, conversation=here)

    def act() -> Any:
        start = form.starts_at()
        if start is None:
            raise DomainError("Choose a time, or enter a day and a time.", "start")
        return book_conversation(conversation, wanted(form, start), by=current_user, at=clock.now())

    return save(
        form,
        act,
        page=page,
        then=lambda _: url_for("conversations.conversation", conversation_id=conversation_id),
        said=lambda made: f"Booked for {for_staff(made.starts_at)}.",
    )


def wanted(form: forms.ConversationForm, start: Any) -> ConversationTime:
    def number(field: Any) -> int | None:
        return int(field.data) if field.data else None

    return ConversationTime(
        starts_at=start,
        how=form.how.data,
        host_id=number(form.host_id),
        place_id=number(form.place_id),
        carer_id=number(form.carer),
        interpreter_id=number(form.interpreter_id),
        video_link=form.video_link.data or None,
        override_reason=form.override_reason.data or None,
        tell=not form.quietly.data,
        once=(form.once.data or "")[:64] or None,
    )


def fill(form: forms.ConversationForm, conversation: Conversation) -> None:
    offer, people = offer_of(conversation), hosts()
    form.host_id.choices = [(str(person.id), person.name) for person in people]
    if not form.is_submitted():
        form.host_id.data = str(conversation.host_id or current_user.id)
        form.how.data = first_way(offer) if offer else "phone"
        if form.how.data not in dict(form.how.choices):
            form.how.data = "phone"
        form.once.data = secrets.token_urlsafe(16)
    typed = form.start.data or ""
    form.start.choices = [(typed, CHOSEN)] if is_instant(typed) else []  # the act checks it
    form.place_id.choices = [("", "None"), *places()]
    form.carer.choices = carers_of(conversation.family)
    language = conversation.family.interpreter
    needed = interpreted_offer(offer)
    form.interpreter_id.choices = [
        ("", "Choose one" if needed else "None"),
        *((str(one.id), one.name) for one in (interpreters_for(language) if language else [])),
    ]


def carers_of(family: Family) -> list[tuple[str, str]]:
    """The carers to choose from, where two of them must not meet; else nobody asks."""
    present = family.present_carers if family.carers_keep_apart else []
    return [(str(carer.id), carer.name) for carer in present] if len(present) > 1 else []


def offer_times(form: forms.ConversationForm, conversation: Conversation) -> None:
    """The times to choose from: those that both said suit, then when all are free."""
    at, known = clock.now(), dict(form.host_id.choices)
    host_id = int(form.host_id.data) if form.host_id.data in known else current_user.id
    both = [(one.isoformat(), f"{for_staff(one)} (the peer parent said yes to it)")
            for one in open_times(conversation, at)]  # fmt: skip
    free = [
        choice
        for choice in forms.offered(
            free_for_all(conversation.family_id, conversation.peer_id, host_id, at=at)
        )
        if choice[0] not in dict(both)
    ]
    form.start.choices = [*both, *free]
    if is_instant(form.start.data or "") and form.start.data not in dict(form.start.choices):
        form.start.choices.append((form.start.data, CHOSEN))


def is_instant(typed: str) -> bool:
    try:
        return datetime.fromisoformat(typed).tzinfo is not None
    except ValueError:
        return False


def places() -> list[tuple[str, str]]:
    """Where two people who do not know each other may meet: never at a home."""
    rows = db.session.scalars(
        select(Place).where(Place.kind != "home", Place.closed_at.is_(None)).order_by(Place.name)
    )
    return [(str(place.id), place.name) for place in rows]


@conversations.route("/conversations/<id:conversation_id>/outcome", methods=["GET", "POST"])
@allow(*ARRANGERS)
def outcome(conversation_id: int) -> Any:
    """How it went, and what the family decided if it said so; one transaction."""
    conversation = this_conversation(conversation_id)
    form = forms.OutcomeForm()
    if not form.is_submitted():
        form.version.data = str(conversation.version)

    def act() -> Conversation | None:
        at = clock.now()
        following = record_conversation(
            conversation,
            form.outcome.data,
            by=current_user,
            at=at,
            how_family=form.how_family.data,
            wants_another=bool(form.wants_another.data),
            held_on=form.held_on.data,
            opened_at=form.opened_at,
        )
        if form.decided.data:
            if not form.said_how.data:
                raise DomainError("Choose how they said it.", "said_how")
            record_choice(
                this_conversation(conversation_id).family,
                form.decided.data,
                by=current_user,
                at=at,
                on=clock.london(at).date(),
                how=form.said_how.data,
                ask_again_on=form.ask_again_on.data,
            )
        return following

    return save(
        form,
        act,
        page=lambda: render_template(
            "conversations/outcome.html", form=form, conversation=this_conversation(conversation_id)
        ),
        then=lambda made: url_for(
            "conversations.conversation", conversation_id=made.id if made else conversation_id
        ),
        said=lambda made: (
            "Recorded. Agree a time for the next conversation." if made else "Recorded."
        ),
        row=conversation,
    )


@conversations.route("/conversations/<id:conversation_id>/debrief", methods=["GET", "POST"])
@allow(*ARRANGERS)
def debrief(conversation_id: int) -> Any:
    conversation = this_conversation(conversation_id)
    form = forms.DebriefForm()
    if not form.is_submitted():
        form.version.data = str(conversation.version)

    def act() -> None:
        if form.rest.data == "until" and not form.break_until.data:
            raise DomainError("Enter the last day of the break.", "break_until")
        record_debrief(
            conversation, by=current_user, at=clock.now(), how_peer=form.how_peer.data,
            worried=form.worried.data == "yes", needs_break=form.rest.data != "no",
            break_until=form.break_until.data if form.rest.data == "until" else None,
            opened_at=form.opened_at,
        )  # fmt: skip

    return save(
        form,
        act,
        page=lambda: render_template(
            "conversations/debrief.html", form=form, conversation=this_conversation(conversation_id)
        ),
        then=lambda _: url_for("conversations.conversation", conversation_id=conversation_id),
        said=lambda _: (
            "Ring them now. It stands at the top of the work list."
            if form.worried.data == "yes"
            else "Debrief recorded."
        ),
        row=conversation,
    )


def act_on(conversation_id: int, act: Callable[[Conversation], Any], said: str) -> Response:
    """Do something with one conversation; a refusal is said on its page."""
    conversation = this_conversation(conversation_id)
    try:
        transact(lambda: act(conversation))
        flash(said, "success")
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(url_for("conversations.conversation", conversation_id=conversation_id))


@conversations.post("/conversations/<id:conversation_id>/drop")
@allow(*ARRANGERS)
def drop(conversation_id: int) -> Response:
    return act_on(
        conversation_id,
        lambda conversation: peer_drops_out(conversation, by=current_user, at=clock.now()),
        "Ring the family. No text went out about it.",
    )


@conversations.post("/conversations/<id:conversation_id>/told")
@allow(*ARRANGERS)
def told(conversation_id: int) -> Response:
    return act_on(
        conversation_id,
        lambda conversation: family_told(conversation, by=current_user, at=clock.now()),
        "Recorded: the family was rung.",
    )


@conversations.post("/conversations/<id:conversation_id>/link")
@allow(*ARRANGERS)
def link(conversation_id: int) -> Response:
    typed = request.form.get("video_link", "")[:500]
    return act_on(
        conversation_id,
        lambda conversation: add_video_link(conversation, typed, by=current_user, at=clock.now()),
        "The link was added; both are told.",
    )


@conversations.post("/conversations/<id:conversation_id>/ask")
@allow(*ARRANGERS)
def ask(conversation_id: int) -> Response:
    return act_on(
        conversation_id,
        lambda conversation: ask_what_they_decided(conversation, at=clock.now()),
        "The question goes to the family by text.",
    )
