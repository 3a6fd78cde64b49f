"""Browsers that have signed in before: a signed `device` cookie that lasts 180 days.

It opens nothing. It only gives the browser a count of attempts of its own, so that strangers who
guess at an account cannot keep its owner out.
"""

import hashlib
import secrets
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

LASTS = 180 * 24 * 60 * 60  # seconds
MOST_ACCOUNTS = 10  # people who share a computer


def cookie_name() -> str:
    """`__Host-device` where cookies are secure, as the session's own."""
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _signer() -> URLSafeTimedSerializer:
    fallbacks = current_app.config["SECRET_KEY_FALLBACKS"] or ()
    return URLSafeTimedSerializer([*fallbacks, current_app.config["SECRET_KEY"]], salt="device")


def _read(cookie: str | None) -> tuple[str, list[int]] | None:
    try:
        own, accounts = _signer().loads(cookie or "", max_age=LASTS)
    except (BadData, ValueError, TypeError):
        return None
    return str(own), [int(number) for number in accounts]


def known(cookie: str | None, staff_id: int | None) -> str | None:
    """The browser's digest where it has signed in as this person before, else None."""
    found = _read(cookie)
    if found is None or staff_id is None or staff_id not in found[1]:
        return None
    return hashlib.sha256(found[0].encode()).hexdigest()


def cookie_after(cookie: str | None, staff_id: int) -> str:
    """The cookie of a browser that has just signed in as this person."""
    own, accounts = _read(cookie) or (secrets.token_hex(16), [])
    others = [number for number in accounts if number != staff_id]
    signed: Any = _signer().dumps([own, [staff_id, *others][:MOST_ACCOUNTS]])
    return str(signed)
