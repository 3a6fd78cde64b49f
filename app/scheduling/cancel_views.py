"""Cancelling an appointment, and recording how it went."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import escape
from sqlalchemy import select as select_rows
from werkzeug.wrappers import Response

from app import clock
from app.access import signed_in
from app.db import db, transact
from app.errors import DomainError, Stale
from app.families.blueprint import home_of
from app.forms import Form, WholeField, area, check, put, radios, select
from app.scheduling.appointment_views import changed_since
from app.scheduling.blueprint import scheduling, this_appointment
from app.scheduling.cancel import cancel as cancel_now
from app.scheduling.hooks import later_dates, later_words
from app.scheduling.let_go.time_let_go import who_waits_words
from app.scheduling.models import KINDS, LIVE, MOVE_REASONS, NOT_SEEN_REASONS, Appointment
from app.scheduling.outcome import OUTCOMES, record_outcome
from app.scheduling.where import inside, where_words
from app.scheduling.will_be_sent import lines_for
from app.times import for_staff

AFTER = {
    "book": "Book it again now",
    "list": "Put it on the list to book again",
    "explained": "It need not be booked again",
}
FEW_LINES = {"params": {"rows": 3}}
WHY_NOT_SEEN = [("", ""), *NOT_SEEN_REASONS.items()]


class CancelForm(Form):
    reason = radios(
        "Why?",
        list(MOVE_REASONS.items()),
        required="Choose why it is cancelled",
    )
    words = area("Anything to add", hint="For staff only", most=500, render_kw=FEW_LINES)
    after = radios("And then?", list(AFTER.items()), required="Choose what happens next")
    settled = area("Why it need not be booked again", most=500, render_kw=FEW_LINES)
    with_review = check("Cancel its shared review too")
    quiet = check("They know already: do not text")


class OutcomeForm(Form):
    status = radios("How did it go?", list(OUTCOMES.items()), required="Choose how it went")
    why = select("Why, if nobody was seen", WHY_NOT_SEEN)
    minutes = WholeField("How many minutes it took", least=0, most=240)
    words = area("Anything to add", hint="For staff only", most=1000, render_kw=FEW_LINES)


@scheduling.route("/appointments/<id:appointment_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(appointment_id: int) -> Any:
    """Why, who is told, and what happens instead."""
    row = this_appointment(appointment_id)
    form = CancelForm()
    if request.method == "GET":
        form.version.data = str(row.version)
        return cancel_page(row, form)
    if form.validate() and not missing_words(form):
        try:
            transact(lambda: cancel_both(row, form))
        except Stale:
            return changed_since(row)
        except DomainError as refused:
            put(form, refused)
            return cancel_page(this_appointment(appointment_id), form, 409)
        gone, at = this_appointment(appointment_id), clock.now()
        said = escape("Cancelled. Its time is free again.") + later_words(gone, at)
        flash(said + who_waits_words(gone, current_user, at), "success")
        return redirect(then(gone, form))
    return cancel_page(row, form, 422)


def missing_words(form: CancelForm) -> bool:
    if form.after.data == "explained" and not form.settled.data:
        form.settled.errors = ["Say why it need not be booked again"]
        return True
    return False


def cancel_both(row: Appointment, form: CancelForm) -> None:
    """Cancel it as the form says and, where it asks for that, the reviews of its cycle too."""
    at = clock.now()
    cycle_id = row.cycle_id if row.kind == "video_session" else None
    settled = form.settled.data if form.after.data == "explained" else None
    cancel_now(
        row, form.reason.data, by=current_user, at=at, words=form.words.data or None,
        tell_family=not form.quiet.data, settled=settled, opened_at=form.opened_at,
    )  # fmt: skip
    for review in reviews_of(cycle_id) if form.with_review.data else ():
        cancel_now(
            review, form.reason.data, by=current_user, at=at, tell_family=not form.quiet.data,
            settled=settled or "Booked again with its video session",
        )  # fmt: skip


def reviews_of(cycle_id: int | None) -> Sequence[Appointment]:
    """The shared reviews that stand in a cycle."""
    if cycle_id is None:
        return ()
    return db.session.scalars(
        select_rows(Appointment).where(
            Appointment.cycle_id == cycle_id,
            Appointment.kind == "shared_review",
            Appointment.status.in_(LIVE),
        )
    ).all()


def then(row: Appointment, form: CancelForm) -> str:
    """Where to go on: booking it again, the later dates, or the family."""
    if form.after.data == "book":
        return url_for(
            "scheduling.book_what", reference=row.family.reference, cycle=row.cycle_id, again=row.id
        )
    if later_dates(row, clock.now()):  # its page offers to move those after it
        return url_for("scheduling.appointment", appointment_id=row.id)
    return home_of(row.family)


def cancel_page(row: Appointment, form: CancelForm, status: int = 200) -> Response:
    reviews = reviews_of(row.cycle_id) if row.kind == "video_session" else ()
    words = render_template(
        "scheduling/cancel.html",
        row=row,
        form=form,
        family=row.family,
        kind=KINDS[row.kind],
        where=inside(where_words(row)),
        reviews=[for_staff(review.starts_at) for review in reviews],
        sent=lines_for(row, "cancelled", at=clock.now()) if row.live else [],
    )
    return make_response(words, status)


@scheduling.route("/appointments/<id:appointment_id>/outcome", methods=["GET", "POST"])
@signed_in
def outcome(appointment_id: int) -> Any:
    """Done, or nobody was seen; nothing is chosen beforehand."""
    row = this_appointment(appointment_id)
    form = OutcomeForm()
    status = 200
    if request.method == "GET":
        form.version.data = str(row.version)
    elif form.validate():
        try:
            transact(
                lambda: record_outcome(
                    row, form.status.data, by=current_user, at=clock.now(),
                    minutes=form.minutes.data, reason=form.why.data,
                    words=form.words.data or None, opened_at=form.opened_at,
                )
            )  # fmt: skip
        except Stale:
            return changed_since(row)
        except DomainError as refused:
            put(form, refused)
            row, status = this_appointment(appointment_id), 409
        else:
            flash("How it went is recorded.", "success")
            return redirect(url_for("scheduling.appointment", appointment_id=appointment_id))
    else:
        status = 422
    words = render_template(
        "scheduling/outcome.html", row=row, form=form, family=row.family, kind=KINDS[row.kind],
        where=inside(where_words(row)), begun=row.starts_at <= clock.now(),
    )  # fmt: skip
    return make_response(words, status)
