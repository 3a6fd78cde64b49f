"""Staff, their sessions and the attempts to sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model, say
from app.windows import Windows

LEVELS = {
    "trainee_1": "Trainee, stage 1",
    "trainee_2": "Trainee, stage 2",
    "trainee_3": "Trainee, stage 3",
    "accredited": "Accredited",
    "supervisor": "Supervisor",
}


class Staff(Model):
    """A member of the team. `takes_visits` decides who is offered for visits, whatever the role."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("role IN ('coordinator', 'practitioner', 'manager')", name="role"),
        Index("uq_staff_email", "email", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(255))
    mobile: Mapped[str | None] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))
    vig_level: Mapped[str | None] = mapped_column(String(20))
    gender: Mapped[str | None] = mapped_column(String(10))
    base_postcode: Mapped[str | None] = mapped_column(String(10))
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    hours: Mapped[Windows | None]
    takes_visits: Mapped[bool] = mapped_column(default=False)
    wants_invitations: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    demo: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    # What Flask-Login asks of a user. `session_key` is no column: it is set on the row that a
    # session's key was resolved to, and is what the cookie carries.
    is_authenticated = True
    is_anonymous = False
    session_key = ""

    def get_id(self) -> str:
        return self.session_key

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def active(self) -> bool:
        return self.left_at is None


class SignIn(Model):
    """A live session. The cookie carries a random key; only its digest is stored."""

    __tablename__ = "sign_in"

    key_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(60), default="")


class SignInAttempt(Model):
    """An attempt that did not succeed: digests of the account typed and of the address, and when.

    `browser` is the digest of a browser that has signed in as this account before (its device
    cookie), None for every other browser.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]


say("uq_staff_email", "Another member of staff has this e-mail address.", "email")
