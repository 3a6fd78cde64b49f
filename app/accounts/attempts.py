"""How often somebody may try to sign in, counted in a table before any password is hashed.

Never locks an account: a browser that has signed in as it before is counted by itself and cannot
be stopped by strangers (device cookies, reference/security.md 2.3). Accounts and addresses are kept
as keyed digests.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, select

from app.accounts.models import SignInAttempt
from app.db import db, lock
from app.errors import DomainError

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
KEPT = timedelta(days=1)

# How many attempts in how long (reference/security.md 2.3). The council's staff share one address,
# so an address alone is allowed many.
FROM_KNOWN_BROWSER = (10, QUARTER)
ACCOUNT_AND_ADDRESS = (10, QUARTER)
ADDRESS = (50, QUARTER)
ACCOUNT_FROM_STRANGERS = (60, HOUR)
NEW_PASSWORDS_OF_ACCOUNT = (3, HOUR)
NEW_PASSWORDS_FROM_ADDRESS = (20, HOUR)

# First number of the locks that make counting exact on PostgreSQL; no reservation kind comes near.
ACCOUNT_LOCK, ADDRESS_LOCK = 1001, 1002


class TooManyAttempts(DomainError):
    """Tried too often; `until` is when the next attempt is heard."""

    def __init__(self, until: datetime):
        super().__init__("That was too often. Wait, then try again.")
        self.until = until


def keyed(kind: str, text: str) -> str:
    """What the table keeps instead of an e-mail address or an internet address."""
    key: str = current_app.config["SECRET_KEY"]
    own = b"attempts\0" + key.encode()
    return hmac.new(own, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def account_digest(email: str) -> str:
    return keyed("account", email.strip().lower())


def address_digest(address: str) -> str:
    """One place on the internet: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return keyed("address", "unknown")
    if known.version == 6:
        return keyed("address", str(ipaddress.ip_network((known, 64), strict=False)))
    return keyed("address", str(known))


def count_attempt(
    account: str, address: str, *, browser: str | None, at: datetime
) -> SignInAttempt:
    """Count an attempt to sign in; raises TooManyAttempts where it is one too many.

    `browser` is the digest of a browser that has signed in as this account before: then only its
    own count matters.
    """
    hold(account, address)
    row = SignInAttempt
    ours = row.account == account
    if browser:
        refuse_above(FROM_KNOWN_BROWSER, [ours, row.browser == browser], at=at)
    else:
        stranger, here = row.browser.is_(None), row.address == address
        refuse_above(ACCOUNT_AND_ADDRESS, [stranger, ours, here], at=at)
        refuse_above(ADDRESS, [stranger, here], at=at)
        refuse_above(ACCOUNT_FROM_STRANGERS, [stranger, ours], at=at)
    return note(account, address, browser=browser, at=at)


def count_new_password(email: str, address: str, *, at: datetime) -> bool:
    """Count a wish for a new password; False where this account has had enough mail for now.

    Raises TooManyAttempts where one address asks for many.
    """
    account = keyed("new password", email.strip().lower())
    place = keyed("new password from", address)
    hold(account, place)
    row = SignInAttempt
    refuse_above(NEW_PASSWORDS_FROM_ADDRESS, [row.address == place], at=at)
    enough = reached(NEW_PASSWORDS_OF_ACCOUNT, [row.account == account], at=at) is not None
    note(account, place, browser=None, at=at)
    return not enough


def hold(account: str, address: str) -> None:
    lock([(ACCOUNT_LOCK, int(account[:7], 16)), (ADDRESS_LOCK, int(address[:7], 16))])


def note(account: str, address: str, *, browser: str | None, at: datetime) -> SignInAttempt:
    attempt = SignInAttempt(account=account, address=address, browser=browser, at=at)
    db.session.add(attempt)
    db.session.flush()
    return attempt


def reached(
    limit: tuple[int, timedelta], which: Sequence[ColumnElement[bool]], *, at: datetime
) -> datetime | None:
    """When a limit that is reached lets the next attempt through; None while it is not reached."""
    most, within = limit
    oldest = db.session.scalar(
        select(SignInAttempt.at)
        .where(*which, SignInAttempt.at > at - within)
        .order_by(SignInAttempt.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    return oldest + within if oldest else None


def refuse_above(
    limit: tuple[int, timedelta], which: Sequence[ColumnElement[bool]], *, at: datetime
) -> None:
    until = reached(limit, which, at=at)
    if until is not None:
        raise TooManyAttempts(until)


def forget_attempt(attempt_id: int) -> None:
    """Take back an attempt in which no password was looked at."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def forget_own(account: str, address: str, browser: str | None) -> None:
    """After a sign-in: the person's own slips from this place or browser count no more."""
    row = SignInAttempt
    place = row.browser.is_(None) & (row.address == address)
    here = row.browser == browser if browser else place
    db.session.execute(delete(row).where(row.account == account, here))


def forget_old(*, at: datetime) -> None:
    """Delete what no limit looks at any more."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - KEPT))
