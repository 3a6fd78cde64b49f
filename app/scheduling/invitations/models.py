"""What each person's calendar was told and answered, and how far the mailbox of answers is read."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Invitation(Model):
    """What one person's calendar was told last about an appointment: one UID for its life.

    `at` is when that was decided, the message's DTSTAMP however often it is made; `starts_at` and
    `ends_at` the time that was told, which a withdrawal keeps when the appointment goes on without
    this person. `answer` is what they answered to that (accepted, declined, tentative, counter);
    `answer_stamp` orders answers that come late.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(
            "answer IN ('accepted', 'declined', 'tentative', 'counter')", name="answer"
        ),
        Index(
            "uq_invitation_appointment_id",
            "appointment_id",
            "person_kind",
            "person_id",
            unique=True,
        ),
        Index("ix_invitation_uid", "uid"),
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
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]
    answer_stamp: Mapped[datetime | None]


class Mailbox(Model):
    """How far the mailbox is read that answers come to: its one row.

    Mails up to `last_uid` are done with, as long as the server's `validity` is the same; under
    another one the numbers mean nothing. `failure` is why the last reading did not succeed.
    """

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    since: Mapped[datetime]  # when it was read for the first time, or tried
    good_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(200))
    validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
