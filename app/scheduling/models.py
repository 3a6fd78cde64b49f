"""Appointments, what they hold, absences and interpreters."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    Text,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Staff
from app.db import Json, Model
from app.families.models import Carer, Family
from app.peers.models import Peer
from app.places.models import Place, Room
from app.windows import Windows

KINDS = {
    "goals_visit": "Goals visit",
    "video_session": "Video session",
    "shared_review": "Shared review",
    "conversation": "Conversation",
    "follow_up": "Follow-up",
}
LETTERS = {
    "goals_visit": "G",
    "video_session": "V",
    "shared_review": "R",
    "conversation": "C",
    "follow_up": "F",
}
STATUSES = {
    "provisional": "Provisional",
    "booked": "Booked",
    "confirmed": "Confirmed",
    "done": "Done",
    "cancelled": "Cancelled",
    "not_seen": "Not seen",
}
LIVE = ("provisional", "booked", "confirmed")
FELL_THROUGH = ("cancelled", "not_seen")  # to be booked again, or explained
HOWS = {
    "in_person": "In person",
    "phone": "By phone, staff ring both",
    "video": "By video link",
}
CANCEL_REASONS = {
    "child_ill": "Child ill",
    "family_asked": "The family asked",
    "we_asked": "We asked",
    "weather": "Weather",
    "place_closed": "Place closed",
    "withdrew": "The family stopped",
    "peer_dropped_out": "The peer parent cannot come",
    "other": "Other",
}

# Why one is moved: the same but what ends it. Why nobody was seen: no blame in any.
MOVE_REASONS = {
    code: words
    for code, words in CANCEL_REASONS.items()
    if code not in ("withdrew", "peer_dropped_out")
}
NOT_SEEN_REASONS = {
    "nobody_in": "Nobody was in",
    "not_that_day": "It could not be that day",
    "we_could_not": "We could not come, or came late",
    "not_known": "Not known",
}

# No appointment is longer: what began earlier is over. It keeps a search by time within its index.
LONGEST = timedelta(days=1)

# What a reservation holds. Staff are one kind whatever their part, so nobody is in two places.
STAFF, FAMILY, PEER, INTERPRETER, ROOM = 1, 2, 3, 4, 5
# Locked, never reserved: which of a place's rooms is free is decided by one act at a time.
PLACE = 6


class Interpreter(Model):
    """An interpreter who can be booked, with an agency or alone."""

    __tablename__ = "interpreter"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    agency: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(255))
    free_times: Mapped[Windows | None]
    notes: Mapped[str | None] = mapped_column(Text)
    left_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Appointment(Model):
    """Anything with a time and people. What it holds stands in `reservation`."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(
            "status IN ('provisional', 'booked', 'confirmed', 'done', 'cancelled', 'not_seen')",
            name="status",
        ),
        CheckConstraint(
            "kind IN ('goals_visit', 'video_session', 'shared_review', 'conversation', "
            "'follow_up')",
            name="kind",
        ),
        CheckConstraint("how IN ('in_person', 'phone', 'video')", name="how"),
        Index("ix_appointment_starts_at", "starts_at"),
        Index("ix_appointment_family_id", "family_id", "starts_at"),
        # With all that tells whether a feed has changed.
        Index("ix_appointment_staff_id", "staff_id", "starts_at", "status", "version"),
        Index("ix_appointment_second_id", "second_id", "starts_at", "status", "version"),
        Index("ix_appointment_status", "status", "starts_at"),
        Index("ix_appointment_settled_at", "status", "settled_at"),
        Index("ix_appointment_cycle_id", "cycle_id"),
        Index("ix_appointment_conversation_id", "conversation_id"),
        Index("uq_appointment_once", "once", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    carer_id: Mapped[int | None] = mapped_column(ForeignKey("carer.id"))  # whom it concerns
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    interpreter_id: Mapped[int | None] = mapped_column(ForeignKey("interpreter.id"))
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("peer.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    how: Mapped[str] = mapped_column(String(10), default="in_person")
    video_link: Mapped[str | None] = mapped_column(String(500))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12))
    # Why it is provisional, as codes with a sentence each; empty when nothing is missing.
    reasons: Mapped[list[Any]] = mapped_column(Json, default=list)
    to_check: Mapped[bool] = mapped_column(default=False)
    change_asked_at: Mapped[datetime | None]
    change_words: Mapped[str | None] = mapped_column(Text)
    activity: Mapped[str | None] = mapped_column(String(200))
    guest: Mapped[str | None] = mapped_column(String(120))
    override_reason: Mapped[str | None] = mapped_column(Text)
    risk_level: Mapped[str | None] = mapped_column(String(16))
    cycle_id: Mapped[int | None]  # programmes' cycle, a plain number
    conversation_id: Mapped[int | None]  # conversations' own, a plain number
    cancel_reason: Mapped[str | None] = mapped_column(String(20))
    cancel_words: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]  # when a cancelled one was re-booked or explained
    settled_words: Mapped[str | None] = mapped_column(Text)
    minutes_spent: Mapped[int | None]
    # An UID's sequence for invitations: raised by every change.
    sequence: Mapped[int] = mapped_column(default=0)
    sequence_at: Mapped[datetime | None]  # when it was raised last; None: never
    uid: Mapped[str] = mapped_column(String(36))
    tell: Mapped[bool] = mapped_column(default=True)  # texts and invitations about it may go out
    once: Mapped[str | None] = mapped_column(
        String(64)
    )  # a form's own number: a double click makes one
    import_id: Mapped[int | None] = mapped_column(index=True)
    booked_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    family: Mapped[Family] = relationship(lazy="raise")
    carer: Mapped[Carer | None] = relationship(lazy="raise")
    staff: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[staff_id])
    second: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[second_id])
    interpreter: Mapped[Interpreter | None] = relationship(lazy="raise")
    peer: Mapped[Peer | None] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


def live_since(starts_after: Any = None) -> Select[int]:
    """The ids of live appointments (that begin after an instant), read from an index alone: for
    statements that go on from them. However long the past is, these are few.
    """
    ids = select(Appointment.id).where(Appointment.status.in_(LIVE))
    return ids if starts_after is None else ids.where(Appointment.starts_at > starts_after)


class Reservation(Model):
    """One person or room held for a period. No two rows of one subject may overlap: the database
    refuses.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_reservation_subject", "kind", "subject_id", "starts_at"),
        Index("ix_reservation_appointment_id", "appointment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger)
    subject_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))


class Absence(Model):
    """When a member of staff is away: leave, sickness, training, or other work."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_absence_staff_id", "staff_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(12))  # leave | sickness | training | other
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    staff: Mapped[Staff] = relationship(lazy="raise")


class LetGo(Model):
    """A time of a practitioner that a cancelled or moved appointment let go: offered to nobody by
    itself. It waits for a person until it is over, taken or set aside."""

    __tablename__ = "let_go"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_let_go_starts_at", "starts_at"),
        Index("ix_let_go_appointment_id", "appointment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    set_aside_at: Mapped[datetime | None]
    set_aside_by: Mapped[str | None] = mapped_column(String(80))

    staff: Mapped[Staff] = relationship(lazy="raise")
    appointment: Mapped[Appointment] = relationship(lazy="raise")


class Explained(Model):
    """Why an appointment stands in spite of one doubt (`cause`: 'away:7', 'closed:3'), in words."""

    __tablename__ = "explained"
    __table_args__ = (Index("uq_explained_appointment_id", "appointment_id", "cause", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
