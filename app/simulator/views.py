"""The simulator's pages. `wiring` registers them in development only."""

import os
from datetime import datetime, time, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app import clock
from app.access import found, public
from app.db import db, transact
from app.errors import DomainError
from app.forms import tidy
from app.messaging.deliveries import report
from app.messaging.models import SimulatedMessage
from app.phones import UnclearPhone, read_phone
from app.simulator import phones

simulator = Blueprint("simulator", __name__, url_prefix="/simulator")

LONGEST_REPLY = 1600
MORNING = time(10, 0)
# What the two buttons under a text report, with Twilio's code.
REPORTS = {"delivered": None, "undelivered": "30003"}


@simulator.get("")
@public
def index() -> str:
    at = clock.now()
    return render_template(
        "simulator/index.html",
        at=at,
        moved=clock.offset(),
        may_move="CLOCK_FILE" in os.environ,
        next_text=phones.next_text_at(),
        next_appointment=phones.next_appointment_at(at),
        phones=phones.phones(),
        mails=[(row, phones.opened(row)) for row in phones.mails()],
    )


@simulator.post("/reply")
@public
def reply() -> Answer:
    body = tidy(request.form.get("body", ""))[:LONGEST_REPLY]
    try:
        number = read_phone(request.form.get("number", "")).e164
        if not body:
            raise DomainError("Write what the phone should send.")
        db.session.rollback()  # nothing of ours is held while our own webhook writes
        phones.post_reply(number, body, host=request.host_url)
        flash("Sent. The worker reads it within a second or two.", "success")
    except UnclearPhone as unclear:
        flash(str(unclear), "error")
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(url_for("simulator.index"))


@simulator.post("/texts/<id:text_id>")
@public
def deliver(text_id: int) -> Answer:
    status = request.form.get("status", "")
    if status not in REPORTS:
        return redirect(url_for("simulator.index"))
    text = found(db.session.get(SimulatedMessage, text_id))
    transact(lambda: report(text, status, REPORTS[status], at=clock.now()))
    return redirect(url_for("simulator.index"))


@simulator.post("/clock")
@public
def move_clock() -> Answer:
    if "CLOCK_FILE" in os.environ:
        at = clock.now()
        target = moment(request.form.get("to", ""), at)
        if target is not None:
            clock.move(target - at)
            flash("The clock was moved.", "success")
    return redirect(url_for("simulator.index"))


def moment(name: str, at: datetime) -> datetime | None:
    """The instant that a button of the clock means; None where there is none."""
    if name == "hour":
        return at + timedelta(hours=1)
    if name == "tomorrow":
        return clock.at_london(clock.london(at).date() + timedelta(days=1), MORNING)
    if name == "text":
        due = phones.next_text_at()
        return due if due and due > at else None
    if name == "appointment":
        return phones.next_appointment_at(at)
    return at - clock.offset() if name == "real" else None


@simulator.get("/mail/<id:mail_id>")
@public
def mail(mail_id: int) -> str:
    row = found(phones.mail(mail_id))
    message = phones.opened(row)
    return render_template(
        "simulator/mail.html",
        row=row,
        message=message,
        words=phones.plain_words(message),
        parts=phones.parts(message),
    )


@simulator.get("/mail/<id:mail_id>/<id:number>")
@public
def mail_part(mail_id: int, number: int) -> Response:
    row = found(phones.mail(mail_id))
    parts = phones.parts(phones.opened(row))
    part = found(next((p for p in parts if p.number == number), None))
    # Always as a file: an e-mail's HTML must not run on this site.
    answer = Response(part.content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=part.name)
    return answer
