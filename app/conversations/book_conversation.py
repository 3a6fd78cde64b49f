"""Booking the conversation: a time that both said suits, or one that staff agreed with both by
phone.

Names are told from here on, because now both have agreed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Staff
from app.conversations import shown
from app.conversations.family_texts import carer_of
from app.conversations.models import Conversation, Offer
from app.conversations.standing import check_still_stands, interpreted
from app.db import db, hold
from app.errors import DomainError
from app.messaging.outbox import drop_waiting
from app.scheduling.book import Booking, book, same_form
from app.scheduling.models import (
    FAMILY,
    INTERPRETER,
    LIVE,
    PEER,
    PLACE,
    STAFF,
    Appointment,
)
from app.scheduling.recheck import recheck
from app.scheduling.reservations import lock_subjects, stand_still
from app.settings.store import current

GONE = "This conversation is over, so no time can be booked for it."
FAMILY_GONE = "That parent cannot talk after all. We are asking another."
TAKEN = "Somebody else took that time while you were reading. Pick another."


@dataclass(frozen=True)
class ConversationTime:
    """When and how a conversation takes place. `how`: phone (staff ring both), video (a link typed
    by staff), in_person (at a place). `minutes` None is the usual length.
    """

    starts_at: datetime
    how: str = "phone"
    host_id: int | None = None
    minutes: int | None = None
    place_id: int | None = None
    carer_id: int | None = None
    video_link: str | None = None
    interpreter_id: int | None = None
    override_reason: str | None = None
    tell: bool = True
    once: str | None = None


def book_conversation(
    conversation: Conversation, wanted: ConversationTime, *, by: Any, at: datetime
) -> Appointment:
    """Book the conversation for both and whoever holds it; both are texted and reminded as they
    allow.

    That a coordinator offered a time and the peer parent took it stands as the reason where it lies
    outside the host's hours. The pair's closed and safety rules are asked again. Earlier cancelled
    times of this conversation leave the work list.
    """
    stand_still(conversation.family_id, wanted.place_id)
    host_id = wanted.host_id or conversation.host_id
    lock_everybody(conversation, wanted, host_id)
    if made := same_form(wanted.once):
        return made
    hold(conversation)
    if conversation.closed_at is not None:
        raise DomainError(GONE, family=FAMILY_GONE)
    if live_appointment(conversation) is not None:
        raise DomainError("A time is agreed already. Move that appointment instead.")
    offer = offer_of(conversation)
    if offer is not None:
        check_still_stands(offer, at=at)
    if host_id is None:
        raise DomainError("Choose who holds the conversation.", "host")
    if offer is not None and interpreted(offer) and wanted.interpreter_id is None:
        raise DomainError("Choose the interpreter who will be there.", "interpreter")
    carer = carer_of(conversation.family_id)
    appointment = book(
        Booking(
            kind="conversation",
            family_id=conversation.family_id,
            staff_id=host_id,
            starts_at=wanted.starts_at,
            minutes=wanted.minutes or current().conversation_minutes,
            how=wanted.how,
            place_id=wanted.place_id if wanted.how == "in_person" else None,
            interpreter_id=wanted.interpreter_id,
            peer_id=conversation.peer_id,
            carer_id=wanted.carer_id or (carer.id if carer else None),
            video_link=wanted.video_link if wanted.how == "video" else None,
            conversation_id=conversation.id,
            override_reason=wanted.override_reason
            or offered_reason(conversation, wanted.starts_at, at),
            tell=wanted.tell,
            once=wanted.once,
        ),
        by=by,
        at=at,
    )
    conversation.host_id = host_id
    conversation.version += 1
    drop_waiting(
        ("conversation", conversation.id),
        purposes=("choose_time",),
        reason="A time was agreed.",
        at=at,
    )
    return appointment


def lock_everybody(
    conversation: Conversation, wanted: ConversationTime, host_id: int | None
) -> None:
    """All whom the conversation needs, in one go, as `lock_pair` does for an offer: locks that are
    taken bit by bit could wait for each other.
    """
    needed = [
        (STAFF, host_id),
        (FAMILY, conversation.family_id),
        (PEER, conversation.peer_id),
        (INTERPRETER, wanted.interpreter_id),
        (PLACE, wanted.place_id),
    ]
    lock_subjects([(kind, subject) for kind, subject in needed if subject is not None])


def pick_time(
    conversation: Conversation,
    starts_at: datetime,
    *,
    by: Any,
    at: datetime,
    carer_id: int | None = None,
) -> Appointment:
    """A carer picks one of the times to which the peer said yes, on the family's own page."""
    offer = offer_of(conversation)
    if offer is None or starts_at not in open_times(conversation, at):
        raise DomainError("That time is not one of those offered.", family=TAKEN)
    if interpreted(offer):
        raise DomainError("Staff book the interpreter first.", family="We will ring you about it.")
    how = first_way(offer)
    if how not in ("phone", "video"):
        raise DomainError("Staff arrange this one.", family="We will ring you about it.")
    wanted = ConversationTime(starts_at=starts_at, how=how, carer_id=carer_id)
    return book_conversation(conversation, wanted, by=by, at=at)


def offered_reason(conversation: Conversation, starts_at: datetime, at: datetime) -> str | None:
    offer = offer_of(conversation)
    offered = offer is not None and starts_at in open_times(conversation, at)
    return f"Offered by {offer.sent_by}" if offer is not None and offered else None


def add_video_link(conversation: Conversation, link: str, *, by: Any, at: datetime) -> None:
    """The link of a conversation by video: with it it is booked, and both are told."""
    appointment = live_appointment(conversation)
    if appointment is None or appointment.how != "video":
        raise DomainError("This conversation is not booked by video.", "video_link")
    if not re.fullmatch(r"https://[^\s<>\"]{4,480}", link.strip()):
        raise DomainError("Enter an address that begins with https://", "video_link")
    appointment.video_link = link.strip()
    db.session.flush()
    recheck(appointment, by=by, at=at)


def first_way(offer: Offer) -> str:
    """'phone' where they could talk by phone (or nothing is known), else the first way shown."""
    ways = list((offer.shown or {}).get("ways") or ())
    if not ways or "phone" in ways:
        return "phone"
    return {"in person": "in_person"}.get(str(ways[0]), str(ways[0]))


def open_times(conversation: Conversation, at: datetime) -> list[datetime]:
    """The times to which the peer said yes that are still to come."""
    offer = offer_of(conversation)
    chosen: Sequence[str] = offer.chosen_times if offer else ()
    return [start for start in shown.as_times(chosen) if start > at]


def offer_of(conversation: Conversation) -> Offer | None:
    if conversation.offer_id is None:
        return None
    return db.session.get(Offer, conversation.offer_id, populate_existing=True)


def appointments_of(conversation: Conversation) -> Sequence[Appointment]:
    """Every appointment of a conversation, newest first."""
    return db.session.scalars(
        select(Appointment)
        .where(Appointment.conversation_id == conversation.id)
        .order_by(Appointment.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def live_appointment(conversation: Conversation) -> Appointment | None:
    return next((one for one in appointments_of(conversation) if one.status in LIVE), None)


def has_begun(conversation: Conversation, at: datetime) -> bool:
    """Whether the two may have talked: its time has come, or it is recorded that they did."""
    appointment = live_appointment(conversation)
    return conversation.outcome is not None or (
        appointment is not None and appointment.starts_at <= at
    )


def interpreted_offer(offer: Offer | None) -> bool:
    """Whether this conversation needs an interpreter, because its offer said that one comes."""
    return offer is not None and interpreted(offer)


def hosts() -> Sequence[Staff]:
    """Who may hold a conversation: everybody who works here."""
    return db.session.scalars(
        select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.name, Staff.id)
    ).all()
