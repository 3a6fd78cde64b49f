"""A practitioner's private calendar feed: reference and town only, revocable, the same bytes for
the same rows.
"""

from datetime import datetime, timedelta

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.http import is_resource_modified, quote_etag
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import public, signed_in
from app.accounts.models import Staff
from app.audit.record import record
from app.db import db, transact, write_in_get
from app.links.models import Link
from app.links.pages import private
from app.links.tokens import make_link, revoke_links
from app.pages import public_address
from app.scheduling.feed import body_of, find_feed, note_reading, worth_noting

feeds = Blueprint("feeds", __name__)

FOREVER = timedelta(days=3650)


@feeds.get("/feeds/<token>.ics")
@public
def calendar(token: str) -> BaseResponse:
    """The feed behind a live token; anything else is the same 404.

    Whoever has it as it is (If-None-Match, or If-Modified-Since) is told so after one statement.
    """
    at = clock.now()
    feed = find_feed(token, at=at)
    if feed is None:
        raise NotFound
    if worth_noting(feed, at):
        write_in_get(lambda: note_reading(feed, at=at))
    etag = quote_etag(feed.tag)
    if is_resource_modified(request.environ, etag=etag, last_modified=feed.changed_at):
        response = make_response(body_of(feed, at=at))
        response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    else:
        response = make_response("", 304)
        del response.headers["Content-Type"]
    response.headers["ETag"] = etag
    response.last_modified = feed.changed_at
    response.headers["Cache-Control"] = "private, no-store"
    return private(response)


@feeds.route("/me/feed", methods=["GET", "POST"])
@signed_in
def own() -> str | BaseResponse:
    """Make a feed address (shown once), or take it back; when it was last read."""
    at = clock.now()
    if request.method == "POST":
        again = request.form.get("do") == "make"
        token = transact(lambda: renew(current_user._get_current_object(), at, make=again))
        if token:
            address = public_address("feeds.calendar", token=token)
            return render_template("scheduling/feed.html", link=live(at), address=address)
        flash("The address is taken back. Nothing reads it any more.", "success")
        return redirect(url_for("feeds.own"))
    return render_template("scheduling/feed.html", link=live(at), address=None)


def live(at: datetime) -> Link | None:
    return db.session.scalars(
        select(Link).where(
            Link.purpose == "feed", Link.person_id == current_user.id, Link.revoked_at.is_(None)
        )
    ).first()


def renew(staff: Staff, at: datetime, *, make: bool) -> str | None:
    """End the feed that there is, and make a new one if that was asked."""
    revoke_links(purpose="feed", subject_id=staff.id, at=at)
    if not make:
        return None
    record("feed:made", staff, by=staff, at=at)
    return make_link(
        "feed", staff.id, "staff", staff.id, expires_at=at + FOREVER, at=at, forever=True
    )
