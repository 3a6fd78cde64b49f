"""Making, finding and revoking links (reference/security.md section 3)."""

import hashlib
import hmac
import re
import secrets
import string
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from app.db import db
from app.links.models import Link

ALPHABET = string.ascii_letters + string.digits  # no - or _: phones cut addresses at them
LENGTH = 22  # 131 bits: no limit on guesses is needed for secrecy
LONGEST = timedelta(days=90)
_TOKEN = re.compile(rf"(/[a-z]+/)[A-Za-z0-9]{{{LENGTH}}}\b")


def without_tokens(words: str) -> str:
    """Words as staff read them: a link in a text is its reader's, who answers there in person."""
    return _TOKEN.sub(r"\1…", words)


def digest(purpose: str, token: str, key: str) -> str:
    """What is stored: keyed, with the purpose inside, so that a token opens one kind of page
    only.
    """
    own = hashlib.sha256(b"links\0" + key.encode()).digest()
    return hmac.new(own, f"{purpose}:{token}".encode(), hashlib.sha256).hexdigest()


def make_link(
    purpose: str,
    subject_id: int,
    person_kind: str,
    person_id: int,
    *,
    expires_at: datetime,
    at: datetime,
    forever: bool = False,
) -> str:
    """A new link's token (22 characters). Expires at the latest after 90 days, feeds excepted."""
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    db.session.add(
        Link(
            digest=digest(purpose, token, current_app.config["SECRET_KEY"]),
            purpose=purpose,
            subject_id=subject_id,
            person_kind=person_kind,
            person_id=person_id,
            created_at=at,
            expires_at=expires_at if forever else min(expires_at, at + LONGEST),
        )
    )
    return token


def live_link(purpose: str, token: str, *, at: datetime) -> Link | None:
    """The live link of a token, or None: unknown, malformed, expired, revoked and used look
    alike.
    """
    link = any_link(purpose, token)
    if link is None or link.revoked_at or link.used_at or link.expires_at <= at:
        return None
    return link


def any_link(purpose: str, token: str) -> Link | None:
    """The link of a token even where it has ended: only to offer a new one by the same way."""
    wanted = digests(purpose, token)
    if not wanted:
        return None
    return db.session.scalars(select(Link).where(Link.digest.in_(wanted))).first()


def digests(purpose: str, token: str) -> list[str]:
    """What may be stored of a token: by today's key, and by older ones; nothing if it is none."""
    if len(token) != LENGTH or not set(token) <= set(ALPHABET):
        return []
    keys = [current_app.config["SECRET_KEY"], *(current_app.config["SECRET_KEY_FALLBACKS"] or ())]
    return [digest(purpose, token, key) for key in keys]


def revoke_links(
    *,
    purpose: str | None = None,
    subject_id: int | None = None,
    person: tuple[str, int] | None = None,
    at: datetime,
) -> None:
    """End live links by what they are about or whose they are."""
    change = update(Link).where(Link.revoked_at.is_(None))
    if purpose is not None:
        change = change.where(Link.purpose == purpose)
    if subject_id is not None:
        change = change.where(Link.subject_id == subject_id)
    if person is not None:
        change = change.where(Link.person_kind == person[0], Link.person_id == person[1])
    db.session.execute(change.values(revoked_at=at))
