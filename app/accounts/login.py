"""Flask-Login tied to our session rows: it provides `current_user` and nothing else.

Its own ways of remembering people are switched off (reference/security.md 2.1): the reader of the
remember cookie, which it asks even when nothing was remembered, and its session protection, which
trusts headers.
"""

from flask import Flask, g, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from app import access, clock, pages
from app.accounts import sessions
from app.accounts.models import Staff
from app.db import db, transact, write_in_get
from app.extensions import login


def load(key: str) -> Staff | None:
    """The person of a session's key, or None where the session has ended."""
    reads = pages.small_reads.items()
    found = sessions.staff_of(key, at=clock.now(), also=[read() for _, read in reads])
    if found is None:
        return None
    staff, g.session_used_at, values = found
    g.small_reads = dict(zip((name for name, _ in reads), values, strict=True))
    return staff


def init_app(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = None
    login.user_loader(load)
    login._load_user_from_remember_cookie = lambda cookie: None

    @app.before_request
    def note_use() -> None:
        if access.readers(request.endpoint or "") == access.PUBLIC or renews_itself():
            return
        if current_user.is_authenticated:
            keep_alive(current_user.session_key)


def renews_itself() -> bool:
    """A page that a script fetches again by itself is not a person's use (boards, the diary)."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"


def keep_alive(key: str) -> None:
    """Write the time of use, once a minute; a database that is busy does not stop the page."""
    at = clock.now()
    if at - g.session_used_at < sessions.SEEN_EVERY:
        return
    write = write_in_get if request.method in ("GET", "HEAD") else transact
    try:
        write(lambda: sessions.note_use(key, at=at))
    except OperationalError:
        db.session.rollback()
