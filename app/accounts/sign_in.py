"""Signing in with e-mail address and password, in three steps around a hash that takes 0.1 seconds.

`begin` counts the attempt and finds the account; the password is checked between transactions;
`succeed` opens the session. An unknown address, a leaver and a person without a password take the
same steps.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts import attempts, browsers, passwords, sessions
from app.accounts.models import Staff
from app.db import db
from app.settings import store

WRONG_PAIR = "The e-mail address or the password is not right."


@dataclass(frozen=True)
class Attempt:
    """A counted attempt: what succeeding or taking it back needs."""

    id: int
    account: str
    address: str
    browser: str | None
    staff_id: int | None
    stored: str | None


def begin(email: str, *, address: str, cookie: str | None, at: datetime) -> Attempt:
    """Count the attempt and find the account, before anything is hashed. Raises TooManyAttempts."""
    staff = db.session.scalars(
        select(Staff).where(Staff.email == email.strip().lower(), Staff.left_at.is_(None))
    ).first()
    staff_id = staff.id if staff else None
    account, place = attempts.account_digest(email), attempts.address_digest(address)
    browser = browsers.known(cookie, staff_id)
    counted = attempts.count_attempt(account, place, browser=browser, at=at)
    stored = staff.password_hash if staff else None
    return Attempt(counted.id, account, place, browser, staff_id, stored)


def check(attempt: Attempt, password: str) -> tuple[bool, str | None]:
    """Whether the password is right, and a fresh hash where the stored one is outdated.

    Call it outside a transaction. Raises Busy.
    """
    if not passwords.matches(password, attempt.stored):
        return False, None
    if attempt.stored and passwords.is_outdated(attempt.stored):
        return True, passwords.hashed(password)
    return True, None


def succeed(attempt: Attempt, fresh_hash: str | None, *, agent: str, at: datetime) -> Staff | None:
    """Open a session; None where the account ended or its password changed while it was checked."""
    staff = db.session.get(Staff, attempt.staff_id, populate_existing=True, with_for_update=True)
    if staff is None or not staff.active or staff.password_hash != attempt.stored:
        return None
    if fresh_hash:
        staff.password_hash = fresh_hash
    attempts.forget_own(attempt.account, attempt.address, attempt.browser)
    attempts.forget_old(at=at)
    sessions.forget_ended(at=at, rules=store.current())
    staff.session_key = sessions.open_session(staff, agent=agent, at=at)
    return staff
