"""Watch sessions, what happened in them, and alarms."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Staff
from app.db import Model
from app.scheduling.models import Appointment


class Watch(Model):
    """One worker at one visit. `due_out` moves with an extension; closed when somebody knows they
    are safe. A visit that had begun and was then moved is a second watch: the first one still
    waits for a person.
    """

    __tablename__ = "watch"
    __table_args__ = (
        Index("uq_watch_appointment_id", "appointment_id", "staff_id", "due_in", unique=True),
        Index("ix_watch_open", "closed_at", "due_in"),
        Index("ix_watch_due_in", "due_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    level: Mapped[str] = mapped_column(String(16))
    due_in: Mapped[datetime]
    due_out: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]
    checked_in_how: Mapped[str | None] = mapped_column(String(20))
    extended: Mapped[bool] = mapped_column(default=False)
    checked_out_at: Mapped[datetime | None]
    checked_out_how: Mapped[str | None] = mapped_column(String(20))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    closed_words: Mapped[str | None] = mapped_column(Text)

    appointment: Mapped[Appointment] = relationship(lazy="raise")
    staff: Mapped[Staff] = relationship(lazy="raise")
    alarms: Mapped[list["Alarm"]] = relationship(
        lazy="raise", viewonly=True, order_by="(Alarm.raised_at, Alarm.id)"
    )


class Alarm(Model):
    """One step of the ladder that was raised, acknowledged by a person.

    Once for each step and each time that was missed (`expected`: when they should have been in or
    out), so that the ladder starts again after an extension. Texts about it are queued after it is
    stored: `texted_at` empty means that none could be yet, and the watch tries again.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        Index("uq_alarm_watch_id", "watch_id", "step", "expected", unique=True),
        CheckConstraint(
            "step IN ('not_in', 'remind_out', 'buddy', 'manager', 'all_managers', 'help')",
            name="step",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    watch_id: Mapped[int] = mapped_column(ForeignKey("watch.id"))
    step: Mapped[str] = mapped_column(String(14))
    expected: Mapped[datetime]
    raised_at: Mapped[datetime]
    texted_at: Mapped[datetime | None]
    times_texted: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    acknowledged_by: Mapped[Staff | None] = relationship(lazy="raise")
