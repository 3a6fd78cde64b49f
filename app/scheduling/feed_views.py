"""A practitioner's private calendar feed: reference and town only, revocable, the same bytes for
the same rows.
"""

import hashlib
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
from sqlalchemy import or_, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import public, signed_in
from app.accounts.models import Staff
from app.audit.record import record
from app.calendars.invitations import Entry
from app.calendars.invitations import feed as feed_bytes
from app.db import db, transact, write_in_get
from app.links.models import Link
from app.links.tokens import live_link, make_link, revoke_links
from app.pages import public_address
from app.scheduling.facts import with_people
from app.scheduling.models import KINDS, Appointment
from app.settings import store

feeds = Blueprint("feeds", __name__)

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
FOREVER = timedelta(days=3650)
READ_EVERY = timedelta(hours=1)


@feeds.get("/feeds/<token>.ics")
@public
def calendar(token: str) -> BaseResponse:
    """The feed behind a live token; anything else is the same 404."""
    at = clock.now()
    link = live_link("feed", token, at=at)
    staff = db.session.get(Staff, link.person_id) if link else None
    if link is None or staff is None or not staff.active:
        raise NotFound
    body = feed_bytes(
        entries(staff.id, at), f"{store.current().service_name}: {staff.first_name}",
        store.current().service_name, store.current().service_email,
    )  # fmt: skip
    if link.read_at is None or at - link.read_at >= READ_EVERY:
        digest = link.digest
        write_in_get(lambda: note_read(digest, at))
    response = make_response(body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.set_etag(hashlib.sha256(body).hexdigest())
    return response.make_conditional(request)


def note_read(digest: str, at: datetime) -> None:
    link = db.session.get(Link, digest)
    if link is not None:
        link.read_at = at


def entries(staff_id: int, at: datetime) -> list[Entry]:
    """A person's appointments from 30 days back to a year ahead; cancelled ones stay as
    cancelled.
    """
    rows = db.session.scalars(
        select(Appointment)
        .where(
            or_(Appointment.staff_id == staff_id, Appointment.second_id == staff_id),
            Appointment.starts_at > at - BACK,
            Appointment.starts_at < at + AHEAD,
        )
        .options(*with_people())
        .order_by(Appointment.id)
    )
    return [entry(row, staff_id) for row in rows]


def entry(row: Appointment, staff_id: int) -> Entry:
    provisional = " (provisional)" if row.status == "provisional" else ""
    return Entry(
        uid=f"{row.uid}-s{staff_id}",
        sequence=row.sequence,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=f"{KINDS[row.kind]}: {row.family.reference}{provisional}",
        stamp=row.created_at,
        location="Home"
        if row.place and row.place.kind == "home"
        else row.place.name
        if row.place
        else None,
        cancelled=row.status == "cancelled",
    )


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
