"""The page behind an appointment's link: keep it, ask for another time, ask to cancel, not for me.

Opening changes nothing: previews and scanners open links. Every act is a POST and does only what a
reply by text could; a person then rings. Every dead kind of link gets the same answer, and no
cookie is ever set.
"""

from contextlib import suppress
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import public
from app.calendars.invitations import Entry, single_event
from app.db import db, transact
from app.errors import DomainError
from app.links.models import Link
from app.links.pages import asked_page, ended_page, from_elsewhere, private
from app.links.tokens import any_link, live_link
from app.messaging import blocks, registry
from app.messaging.follow_up import ring_by
from app.messaging.outbox import queue_text
from app.messaging.registry import Recipient
from app.scheduling.answer import ask_change, keep
from app.scheduling.models import Appointment
from app.scheduling.queries import by_id
from app.scheduling.text_purposes import where_phrase
from app.tasks.open import open_task

blueprint = Blueprint("appointment_links", __name__, url_prefix="/a")

WISHES = {
    "mornings": "mornings",
    "afternoons": "afternoons",
    "another_day": "another day",
}


def opened(token: str, at: datetime) -> tuple[Link, Appointment, Recipient] | None:
    """What a live link shows; a person who has since asked for strict wording has no link any
    more.
    """
    link = live_link("a", token, at=at)
    if link is None:
        return None
    appointment = by_id(link.subject_id)
    recipient = registry.recipient(link.person_kind, link.person_id)
    if appointment is None or recipient is None or recipient.wording == "strict":
        return None
    owner = appointment.carer_id if link.person_kind == "carer" else appointment.peer_id
    return (link, appointment, recipient) if owner == link.person_id else None


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    found = opened(token, clock.now())
    if found is None:
        return ended_page()
    return private(make_response(page(token, found[1], found[2])))


def page(token: str, appointment: Appointment, recipient: Recipient) -> str:
    full = recipient.wording == "full"
    return render_template(
        "scheduling/link.html",
        token=token,
        full=full and recipient.kind == "carer",
        appointment=appointment,
        past=appointment.ends_at <= clock.now(),
        kept=appointment.status == "confirmed" or request.args.get("said") == "keep",
        with_whom=appointment.staff.first_name
        if full and appointment.kind != "conversation"
        else None,
        where=where_phrase(appointment, recipient.kind) if full else None,
    )


@blueprint.route("/<token>/<any('change', 'cancel', 'not-me'):what>", methods=["GET", "POST"])
@public
def ask(token: str, what: str) -> BaseResponse:
    """The page with the button itself: a machine that presses the first button can only keep."""
    at = clock.now()
    found = opened(token, at)
    if found is None:
        return dead(token, at)
    if request.method == "POST" or not found[1].live:
        return private(redirect(url_for("appointment_links.show", token=token), 303))
    return private(make_response(ask_page(token, what, found[1])))


def ask_page(token: str, what: str, appointment: Appointment) -> str:
    return render_template(
        "scheduling/link_ask.html", token=token, what=what, appointment=appointment, wishes=WISHES
    )


@blueprint.get("/<token>.ics")
@public
def calendar(token: str) -> BaseResponse:
    found = opened(token, clock.now())
    if found is None:
        return private(redirect(url_for("appointment_links.show", token=token), 303))
    _link, appointment, recipient = found
    body = single_event(
        Entry(
            uid=f"{appointment.uid}-{recipient.kind[0]}{recipient.id}",
            sequence=appointment.sequence,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            summary="Appointment",
            location=where_phrase(appointment, recipient.kind)
            if recipient.wording == "full"
            else None,
            stamp=appointment.created_at,
            cancelled=appointment.status == "cancelled",
        )
    )
    response = make_response(body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return private(response)


@blueprint.post("/<token>")
@public
def answer(token: str) -> BaseResponse:
    """One of: keep, change (with wishes), cancel, not_me. Anything else shows the page again."""
    at = clock.now()
    found = opened(token, at)
    what = request.form.get("do", "")
    if found is None or from_elsewhere():
        return dead(token, at)
    link, appointment, recipient = found
    with suppress(DomainError):  # what it has become meanwhile is what its page says
        transact(lambda: act(what, link, appointment, recipient, at))
    if what == "not_me":
        return private(redirect(url_for("appointment_links.thanks"), 303))
    said = "keep" if what == "keep" else None
    there = url_for("appointment_links.show", token=token, said=said)
    return private(redirect(there, 303))


def act(
    what: str, link: Link, appointment: Appointment, recipient: Recipient, at: datetime
) -> None:
    by = f"{link.person_kind}:{link.person_id}"
    if what == "keep":
        keep(appointment, by=by, at=at, how="link")
    elif what == "change":
        wishes = [WISHES[wish] for wish in request.form.getlist("wish") if wish in WISHES]
        ask_change(
            appointment, "another time: " + (", ".join(wishes) or "any"), by=by, at=at, how="link"
        )
    elif what == "cancel":
        ask_change(appointment, "would like to cancel", by=by, at=at, how="link")
    elif what == "not_me":
        link.revoked_at = at
        if recipient.number:
            blocks.block_number(
                recipient.number, "quarantine", "said “this is not for me” on a link", by=by, at=at
            )
        open_task(
            "number",
            "Somebody with this phone said that the appointment is not for them. "
            "No text goes to it until you have rung the family another way.",
            about=(recipient.kind, recipient.id), due_at=ring_by(at), at=at,
            family_id=recipient.family_id, peer_id=recipient.peer_id,
        )  # fmt: skip


@blueprint.get("/thank-you")
@public
def thanks() -> Response:
    return private(make_response(render_template("scheduling/link_thanks.html")))


def dead(token: str, at: datetime) -> BaseResponse:
    """The answer to every link that does not open, and to its one button: a new link goes the same
    way as the old one, and what is said is the same whatever the token was.
    """
    if request.method != "POST" or request.form.get("do") != "again" or from_elsewhere():
        return ended_page()
    link = any_link("a", token)
    if link is not None and not link.revoked_at:
        transact(lambda: send_again(link, at))
    return asked_page()


def send_again(link: Link, at: datetime) -> None:
    appointment = db.session.scalars(
        select(Appointment).where(Appointment.id == link.subject_id)
    ).one_or_none()
    if appointment is None or not appointment.live or appointment.ends_at <= at:
        return
    queue_text(
        "link_again", about=("appointment", appointment.id), to=(link.person_kind, link.person_id),
        due_at=at, expires_at=appointment.starts_at,
        dedupe=f"again:{link.digest[:24]}:{at:%Y%m%d%H}", at=at,
        payload={"sequence": appointment.sequence},
    )  # fmt: skip
