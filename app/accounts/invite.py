"""Links with which staff set a password: the first one, and when it is forgotten.

A link opens one page, once: for 7 days where somebody was added, for 24 hours where they asked. It
goes by e-mail, or a manager is shown it once and hands it over.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts import attempts, sessions
from app.accounts.models import Staff
from app.accounts.staff import managers_only
from app.audit.record import record
from app.db import db
from app.errors import DomainError
from app.links.tokens import live_link, make_link, revoke_links
from app.messaging.outbox import queue_email
from app.pages import public_address

LINK = "account"  # the links' purpose
EMAIL = "account_link"  # the e-mail's
FIRST = timedelta(days=7)
FORGOTTEN = timedelta(hours=24)
ENDED = "This link has ended. Ask for a new one."


def link_for_new_staff(staff: Staff, *, by: Any, at: datetime) -> str:
    """The address to hand over, shown this once; links made before it end."""
    return address_of(first_token(staff, by=by, at=at))


def email_new_staff(staff: Staff, *, by: Any, at: datetime) -> None:
    """Send the link for the first sign-in; links made before it end."""
    queue_link(staff, first_token(staff, by=by, at=at), expires_at=at + FIRST, first=True, at=at)


def first_token(staff: Staff, *, by: Any, at: datetime) -> str:
    managers_only(by)
    if staff.left_at:
        raise DomainError("This person has left and cannot sign in.")
    db.session.flush()
    revoke_links(purpose=LINK, subject_id=staff.id, at=at)
    token = make_link(LINK, staff.id, "staff", staff.id, expires_at=at + FIRST, at=at)
    record("link:made", staff, by=by, at=at, purpose=LINK)
    return token


def ask_new_password(email: str, *, address: str, at: datetime) -> None:
    """Send a link where this is somebody's address; the asker is told the same either way.

    Three an hour for one account, then silence; raises TooManyAttempts for one place that asks for
    many.
    """
    wanted = attempts.count_new_password(email, attempts.address_digest(address), at=at)
    staff = db.session.scalars(
        select(Staff).where(Staff.email == email.strip().lower(), Staff.left_at.is_(None))
    ).first()
    if staff is None or not wanted:
        return
    token = make_link(LINK, staff.id, "staff", staff.id, expires_at=at + FORGOTTEN, at=at)
    record("staff:password_asked", staff, by="sign-in page", at=at)
    queue_link(staff, token, expires_at=at + FORGOTTEN, first=False, at=at)


def queue_link(
    staff: Staff, token: str, *, expires_at: datetime, first: bool, at: datetime
) -> None:
    queue_email(
        EMAIL,
        about=("staff", staff.id),
        to=("staff", staff.id),
        due_at=at,
        expires_at=expires_at,
        dedupe=f"{EMAIL}:{sessions.digest(token)[:32]}",
        at=at,
        payload={"token": token, "first": first},
    )


def address_of(token: str) -> str:
    return public_address("accounts.set_password", token=token)


def person_of(token: str, *, at: datetime) -> Staff | None:
    """Whose password a live link sets; None for every other token."""
    link = live_link(LINK, token, at=at)
    staff = db.session.get(Staff, link.subject_id) if link else None
    return staff if staff is not None and staff.active else None


def set_password(token: str, password_hash: str, *, at: datetime) -> Staff:
    """Use a link: the password is theirs, the link and the others are spent, every session ends."""
    link = live_link(LINK, token, at=at)
    if link is not None:
        db.session.refresh(link, with_for_update=True)  # two at once: one of them is first
    staff = person_of(token, at=at)
    if link is None or staff is None:
        raise DomainError(ENDED)
    how = "forgotten" if staff.password_hash else "first"
    link.used_at = at
    replace_password(staff, password_hash, how=how, at=at)
    return staff


def replace_password(
    staff: Staff, password_hash: str, *, how: str, at: datetime, keep: str = ""
) -> None:
    """A new password ends every session but the one whose key is `keep`, and every unused link."""
    staff.password_hash = password_hash
    sessions.end_sessions(staff, by=staff, at=at, keep=keep)
    revoke_links(purpose=LINK, subject_id=staff.id, at=at)
    record("staff:password_set", staff, by=staff, at=at, how=how)
