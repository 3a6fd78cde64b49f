"""Assessments of places and the duty rota."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Staff
from app.db import Json, Model

LEVELS = {
    "not_assessed": "Not assessed",
    "standard": "Standard",
    "raised": "Raised",
    "high": "High",
    "no_home_visits": "No home visits",
}
# What each level lets be booked, as staff read it (DESIGN.md section 6).
LEVEL_MEANS = {
    "not_assessed": "nobody visits alone. Assess it, meet at a place, or go as two.",
    "standard": "one worker, check in and check out.",
    "raised": "one worker in daylight, with a manager’s yes and a check midway.",
    "high": "two workers, or meet at a place.",
    "no_home_visits": "meet at a place, by phone or by video.",
}


class Assessment(Model):
    """What was found at a home, its level and what to do. Raised and high need a manager's yes."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("level IN ('standard', 'raised', 'high', 'no_home_visits')", name="level"),
        Index("ix_assessment_place_id", "place_id", "id"),
        Index("ix_assessment_level", "level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    level: Mapped[str] = mapped_column(String(16))
    triggers: Mapped[list[str]] = mapped_column(Json, default=list)
    controls: Mapped[str | None] = mapped_column(Text)
    looked_on: Mapped[date]
    look_again_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Duty(Model):
    """Who is the duty manager (and buddy) from when to when."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_duty_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    manager: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[manager_id])
    buddy: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[buddy_id])
