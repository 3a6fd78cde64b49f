"""Sessions as rows: opening one, finding whose it is, noting its use, ending it.

The cookie carries a random key of 256 bits; only its SHA-256 is stored, so a copied database signs
nobody in. A row ends with sign-out, a new password, leaving, idleness and age; how people prove who
they are is `sign_in.py`.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, not_, select, true, update

from app.accounts.models import SignIn, Staff
from app.audit.record import record
from app.db import db
from app.settings import store
from app.settings.rules import Rules

SEEN_EVERY = timedelta(minutes=1)  # how exact "last used" is: at most one write a minute


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def limits(at: datetime, rules: Rules) -> tuple[datetime, datetime]:
    """A live session was used after the first instant (idleness) and began after the second."""
    return at - timedelta(minutes=rules.idle_minutes), at - timedelta(hours=rules.session_hours)


def live(at: datetime, rules: Rules) -> ColumnElement[bool]:
    """Sessions used within the idle minutes and younger than the longest life."""
    used_after, begun_after = limits(at, rules)
    return and_(SignIn.seen_at > used_after, SignIn.started_at > begun_after)


def open_session(staff: Staff, *, agent: str, at: datetime) -> str:
    """Begin a session of this person and return its key, the one copy there is."""
    key = secrets.token_hex(32)
    db.session.add(
        SignIn(
            key_digest=digest(key),
            staff_id=staff.id,
            started_at=at,
            seen_at=at,
            browser=browser_words(agent),
        )
    )
    record("staff:signed_in", staff, by=staff, at=at)
    return key


def staff_of(
    key: str, *, at: datetime, also: Sequence[ColumnElement[Any]] = ()
) -> tuple[Staff, datetime, Sequence[Any]] | None:
    """Whose live session this is, when it was last used, and the values of `also`; somebody who
    left has none. The rules in force come in the same statement, which every page begins with.
    """
    changed = store.in_force().subquery()
    rows = db.session.execute(
        select(Staff, SignIn.seen_at, SignIn.started_at, changed.c.name, changed.c.value, *also)
        .join(SignIn, SignIn.staff_id == Staff.id)
        .outerjoin(changed, true())
        .where(SignIn.key_digest == digest(key), Staff.left_at.is_(None))
    ).all()
    if not rows:
        return None
    rules = store.remember((row.name, row.value) for row in rows)
    used_after, begun_after = limits(at, rules)
    staff, seen_at, started_at, _name, _value, *values = rows[0]
    if seen_at <= used_after or started_at <= begun_after:
        return None
    staff.session_key = key
    return staff, seen_at, values


def note_use(key: str, *, at: datetime) -> None:
    """Put off the end by idleness. An ended session stays ended."""
    db.session.execute(update(SignIn).where(SignIn.key_digest == digest(key)).values(seen_at=at))


def end_session(staff: Staff, key: str, *, at: datetime) -> None:
    """Sign out: the key opens nothing any more, whoever has a copy of the cookie."""
    db.session.execute(delete(SignIn).where(SignIn.key_digest == digest(key)))
    record("staff:signed_out", staff, by=staff, at=at)


def end_sessions(staff: Staff, *, by: Any, at: datetime, keep: str = "") -> int:
    """End all of a person's sessions but the one with the key `keep`; returns how many."""
    ended = db.session.execute(
        delete(SignIn)
        .where(SignIn.staff_id == staff.id, SignIn.key_digest != digest(keep))
        .returning(SignIn.key_digest)
    ).all()
    if ended:
        record("staff:sessions_ended", staff, by=by, at=at)
    return len(ended)


def live_sessions(staff: Staff, *, at: datetime, rules: Rules) -> Sequence[SignIn]:
    """A person's live sessions, the one used last first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.staff_id == staff.id, live(at, rules))
        .order_by(SignIn.seen_at.desc(), SignIn.started_at.desc())
    ).all()


def forget_ended(*, at: datetime, rules: Rules) -> None:
    """Delete the rows of sessions that idleness or age has ended."""
    db.session.execute(delete(SignIn).where(not_(live(at, rules))))


def browser_words(agent: str) -> str:
    """What a person recognises a session by: 'Firefox on Windows'."""
    browsers = {
        "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
        "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
    }  # fmt: skip
    systems = {
        "iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "CrOS": "a Chromebook",
        "Windows": "Windows", "Macintosh": "a Mac", "Linux": "Linux",
    }  # fmt: skip
    browser = next((v for k, v in browsers.items() if re.search(rf"\b{k}", agent)), "A browser")
    system = next((v for k, v in systems.items() if k in agent), "")
    return f"{browser} on {system}" if system else browser
