"""The calendars that staff keep elsewhere, and the busy times that were read from them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Staff
from app.db import Model, say


class OwnCalendar(Model):
    """The published address of somebody's own calendar, and what came of reading it.

    The address is as good as a password: it is shown to nobody whole and stands in no log.
    `good_at` is the last reading that succeeded, also one that found nothing changed;
    `worked_out_at` the last that worked out busy times. `failure` is why the last one did not
    succeed.
    """

    __tablename__ = "own_calendar"
    __table_args__ = (
        Index("uq_own_calendar_staff_id", "staff_id", unique=True),
        Index("ix_own_calendar_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    address: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    good_at: Mapped[datetime | None]
    worked_out_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(300))
    etag: Mapped[str | None] = mapped_column(String(200))
    modified: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    staff: Mapped[Staff] = relationship(lazy="raise")


class BusyTime(Model):
    """A time that somebody's own calendar calls busy, as the last good reading had it. Never what
    it is: no title is read.
    """

    __tablename__ = "busy_time"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_busy_time_staff_id", "staff_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


say("uq_own_calendar_staff_id", "Somebody else has just set this address. Look at it again.")
