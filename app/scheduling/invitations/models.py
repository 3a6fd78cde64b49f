"""What each person's calendar was told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Invitation(Model):
    """What one person's calendar was told last about an appointment: one UID for its life.

    `at` is when that was decided, the message's DTSTAMP however often it is made; `starts_at` and
    `ends_at` the time that was told, which a withdrawal keeps when the appointment goes on without
    this person.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        Index(
            "uq_invitation_appointment_id",
            "appointment_id",
            "person_kind",
            "person_id",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    person_kind: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int]
    uid: Mapped[str] = mapped_column(String(80))
    sequence: Mapped[int] = mapped_column(default=0)
    method: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
