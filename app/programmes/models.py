"""Programmes, goals with ratings, consents, cycles and clips."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, say

PURPOSES = {
    "film_session": "Film the video session",
    "film_review": "Film the shared review",
    "show_supervisor": "Show to a supervisor",
    "training": "Use in training",
    "keep_copy": "Family keeps a copy",
}
METHODS = {
    "paper": "Signed paper seen",
    "electronic": "Electronic form",
    "verbal": "Said aloud, recorded",
}
ENDINGS = {
    "completed": "Completed",
    "family_chose": "The family chose to stop",
    "moved": "The family moved",
    "paused_for_good": "A crisis or a long pause",
    "practitioner_changed": "The practitioner changed",
    "lost_touch": "We lost touch",
    "other": "Other",
}


class Programme(Model):
    """One family's course of VIG. At most one that has not ended."""

    __tablename__ = "programme"
    __table_args__ = (
        Index("uq_programme_open_for", "open_for", unique=True),
        Index("ix_programme_media_delete_by", "media_deleted_on", "media_delete_by"),
        Index(
            "ix_programme_follow_up_due",
            "follow_up_due",
            sqlite_where=text("follow_up_words IS NULL"),
            postgresql_where=text("follow_up_words IS NULL"),
        ),
        CheckConstraint("planned_cycles BETWEEN 1 AND 12", name="planned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    open_for: Mapped[int | None]  # the family's id while it runs: one programme at a time
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    planned_cycles: Mapped[int]
    planned_reason: Mapped[str | None] = mapped_column(Text)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    ending: Mapped[str | None] = mapped_column(String(24))
    ending_words: Mapped[str | None] = mapped_column(Text)
    follow_up_due: Mapped[date | None]
    follow_up_words: Mapped[str | None] = mapped_column(
        Text
    )  # why none is needed, or what came of it
    media_delete_by: Mapped[date | None]
    media_deleted_on: Mapped[date | None]
    media_deleted_by: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    cycles: Mapped[list["Cycle"]] = relationship(lazy="raise", order_by="Cycle.number")
    goals: Mapped[list["Goal"]] = relationship(lazy="raise", order_by="Goal.id")


class Cycle(Model):
    """One video session and one shared review. Its state is derived, never stored."""

    __tablename__ = "cycle"
    __table_args__ = (Index("uq_cycle_programme_id", "programme_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]
    kept_where: Mapped[str | None] = mapped_column(String(200))
    clips_chosen_at: Mapped[datetime | None]
    clips_chosen_by: Mapped[str | None] = mapped_column(String(80))
    reviewed_on: Mapped[date | None]
    review_words: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    clips: Mapped[list["Clip"]] = relationship(lazy="raise", order_by="Clip.starts_s")


class Clip(Model):
    """A moment going well: time codes in seconds within the film, and a note."""

    __tablename__ = "clip"
    __table_args__ = (CheckConstraint("starts_s < ends_s", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"), index=True)
    starts_s: Mapped[int]
    ends_s: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)


class Goal(Model):
    """What the family wants to work towards, in its own words, about what an adult will do."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    about_adult: Mapped[bool] = mapped_column(default=True)
    hoped_for: Mapped[int]
    set_on: Mapped[date]
    closed_on: Mapped[date | None]

    ratings: Mapped[list["Rating"]] = relationship(lazy="raise", order_by="Rating.on, Rating.id")


class Rating(Model):
    """Where the family says it is with a goal, 0 to 10."""

    __tablename__ = "rating"
    __table_args__ = (CheckConstraint("value BETWEEN 0 AND 10", name="value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    value: Mapped[int]
    on: Mapped[date]
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    by: Mapped[str] = mapped_column(String(80))


class Consent(Model):
    """One person's consent for one purpose: who gave it, how, when, and whether it was
    withdrawn.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("person_kind IN ('carer', 'child', 'other')", name="person_kind"),
        Index("uq_consent_live", "live", unique=True),
        Index("ix_consent_family_id", "family_id"),
        Index("ix_consent_person", "person_kind", "person_id", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    person_kind: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int | None]
    person_name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool]
    given_by: Mapped[str] = mapped_column(String(120))
    method: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    recorded_by: Mapped[str] = mapped_column(String(80))
    live: Mapped[str | None] = mapped_column(String(80))  # person and purpose while it stands


class OnCamera(Model):
    """A person planned on camera at a video session."""

    __tablename__ = "on_camera"
    __table_args__ = (
        Index(
            "uq_on_camera_appointment_id", "appointment_id", "person_kind", "person_id", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    person_kind: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int]


say("uq_programme_open_for", "This family has a programme that has not ended.")
say("uq_cycle_programme_id", "Somebody added this cycle already.")
say("uq_consent_live", "An answer for this person and purpose was recorded a moment ago.")
