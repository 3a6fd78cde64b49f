"""Moving an appointment: another time, person or place; the old one stands until it is booked."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import escape
from werkzeug.wrappers import Response

from app import clock
from app.access import signed_in
from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError, Stale
from app.forms import Form, area, check, put, select
from app.scheduling.appointment_views import changed_since
from app.scheduling.blueprint import scheduling, this_appointment
from app.scheduling.check import refusals_at
from app.scheduling.chosen import Chosen, read_chosen
from app.scheduling.diary.dragged import came_from, dropped_at, read_drag
from app.scheduling.facts import Ask
from app.scheduling.hooks import later_words
from app.scheduling.let_go.time_let_go import who_waits_words
from app.scheduling.models import KINDS, MOVE_REASONS
from app.scheduling.move import Change, move
from app.scheduling.move_form import MoveWanted
from app.scheduling.search import Times, find_times
from app.scheduling.times_page import TimesPage, others_of, reason_asked
from app.scheduling.wanted import Refusal
from app.scheduling.where import inside, place_words, where_words
from app.scheduling.will_be_sent import Line, as_moved, lines_for
from app.settings import store
from app.times import for_staff


class MoveNowForm(Form):
    reason = select(
        "Why is it moved?", [("", ""), *MOVE_REASONS.items()], required="Choose why it is moved"
    )
    override_reason = area("Why it is moved there all the same", hint="For staff only", most=500)
    quiet = check("They know already: do not text now")


@scheduling.route("/appointments/<id:appointment_id>/move", methods=["GET", "POST"])
@signed_in
def move_appointment(appointment_id: int) -> Any:
    """Free times for it; with one chosen, what will be sent; a POST moves it."""
    row = this_appointment(appointment_id)
    if row.live and (chosen_there := read_drag(row, request.args)):
        return redirect(dropped_at(row, chosen_there))
    wanted = MoveWanted.of(row, request.args)
    typed = request.form.get("other") or request.args.get("time", "")
    chosen = read_chosen(typed) if typed else None
    if not row.live:
        return redirect(url_for("scheduling.appointment", appointment_id=row.id))
    if chosen is None or not wanted.validate():
        asked = "time" in request.args or request.method == "POST"
        return choose_page(wanted, error="Choose a time" if asked else "")
    form = MoveNowForm()
    if request.method == "GET":
        form.version.data = str(row.version)
        form.reason.data = "family_asked" if row.change_asked_at else ""
        return move_check(wanted, chosen[0], form)
    if not form.validate():
        return move_check(wanted, chosen[0], form, status=422)
    try:
        change = change_of(wanted, chosen[0], form)
        transact(
            lambda: move(row, change, by=current_user, at=clock.now(), opened_at=form.opened_at)
        )
    except Stale:
        return changed_since(row)
    except DomainError as refused:
        put(form, refused)
        status = 422 if refused.field == "override_reason" else 409
        return move_check(wanted, chosen[0], form, status=status, taken=refused.field == "slot")
    moved, at = this_appointment(appointment_id), clock.now()
    said = escape(f"Moved to {for_staff(change.starts_at)}.") + later_words(moved, at)
    flash(said + who_waits_words(moved, current_user, at), "success")
    return redirect(came_from(moved))


def change_of(wanted: MoveWanted, chosen: Chosen, form: MoveNowForm) -> Change:
    return Change(
        starts_at=chosen.starts_at,
        staff_id=chosen.staff_id,
        second_id=chosen.second_id,
        place_id=wanted.place_id,
        how=wanted.how,
        interpreter_id=wanted.interpreter_id,
        override_reason=form.override_reason.data or None,
        reason=form.reason.data,
        tell=not form.quiet.data,
    )


def choose_page(wanted: MoveWanted, *, error: str = "") -> Response:
    """Free times to choose from; with an `error`, or where nothing can be searched, a 422."""
    row = wanted.row
    found: Times | None = None
    if wanted.validate():
        try:
            found = find_times(wanted.wish(), store.current(), at=clock.now())
        except DomainError as refused:
            error = refused.message
    else:
        error = error or next(iter(wanted.form.errors.values()))[0]
    on, more = request.args.get("on", ""), "all" in request.args
    page = TimesPage(wanted, found, on=on, more=more) if found else None
    words = render_template(
        "scheduling/move.html", row=row, wanted=wanted, family=row.family, page=page,
        kind=KINDS[row.kind], where=inside(where_words(row)), error=error,
        page_errors=[error] if error else [],
    )  # fmt: skip
    typed = request.args or request.method == "POST"  # else the place itself may have closed
    return make_response(words, 422 if error and typed else 200)


def move_check(
    wanted: MoveWanted,
    chosen: Chosen,
    form: MoveNowForm,
    *,
    status: int = 200,
    taken: bool = False,
) -> Response:
    """The last look; of a time that is `taken`, or breaks a hard rule, with other times."""
    row, at = wanted.row, clock.now()
    people = {person.id: person for person in accounts.team()}
    broken: tuple[Refusal, ...] = ()
    try:
        if chosen.staff_id not in people and chosen.staff_id != row.staff_id:
            raise DomainError("Choose who goes: nobody of that name works here now.")
        if not taken:
            _, broken = refusals_at(
                ask_for(wanted, chosen), chosen.starts_at, chosen.second_id, store.current(), at=at
            )
    except DomainError as refused:
        return choose_page(wanted, error=refused.message)
    hard = [refusal for refusal in broken if not refusal.soft]
    if hard and status == 200:
        form.general(hard[0].staff)
    gone = taken or bool(hard)
    soft = [] if gone else [refusal for refusal in broken if refusal.soft]
    others: list[tuple[str, str]] = []
    if gone or status == 409:
        others = others_of(find_times(wanted.wish(), store.current(), at=at, opens=False))
    was = (row.starts_at, inside(where_words(row)), row.staff.name)
    words = render_template(
        "scheduling/move_check.html",
        row=row, wanted=wanted, family=row.family, form=form, kind=KINDS[row.kind], was=was,
        starts_at=chosen.starts_at,
        ends_at=chosen.starts_at + timedelta(minutes=row.minutes),
        who=people[chosen.staff_id].name if chosen.staff_id in people else row.staff.name,
        second=people[chosen.second_id].name if chosen.second_id in people else "",
        place=inside(place_words(wanted.place, wanted.how)),
        sent=[] if gone else sent_after(wanted, chosen, at),
        gone=gone,
        broken=soft,
        reason_asked=reason_asked(form, soft, gone=gone, wish=wanted.wish()),
        others=others,
        refused=bool(hard) or status == 409,
        back=came_from(row) if "from" in request.args else "",
    )  # fmt: skip
    return make_response(words, 409 if hard else status)


def ask_for(wanted: MoveWanted, chosen: Chosen) -> Ask:
    """The move as the slot rules are asked about it."""
    row = wanted.row
    return Ask(
        kind=row.kind,
        family_id=row.family_id,
        minutes=row.minutes,
        staff_ids=(chosen.staff_id,),
        second_ids=(chosen.second_id,) if chosen.second_id else (),
        two_workers=chosen.second_id is not None,
        how=wanted.how,
        place_id=wanted.place_id,
        interpreter_id=wanted.interpreter_id,
        peer_id=row.peer_id,
        carer_id=row.carer_id,
        ignoring=(row.id,),
    )


def sent_after(wanted: MoveWanted, chosen: Chosen, at: datetime) -> list[Line]:
    """What would be sent, from an unsaved appointment at the new time."""
    row = wanted.row
    moved = as_moved(
        row, chosen.starts_at, chosen.starts_at + timedelta(minutes=row.minutes),
        staff=db.session.get(Staff, chosen.staff_id) or row.staff,
        second=db.session.get(Staff, chosen.second_id) if chosen.second_id else None,
        place=wanted.place, how=wanted.how,
    )  # fmt: skip
    return lines_for(moved, "moved", at=at, was=row.starts_at)
