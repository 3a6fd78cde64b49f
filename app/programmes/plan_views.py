"""The pages that plan a programme's dates: who and where, the table, other times for one of them,
and the last look. Only the last one changes anything.
"""

import secrets
from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app import clock
from app.access import found, signed_in
from app.db import transact
from app.errors import DomainError, Stale
from app.families.blueprint import home_of
from app.forms import NO_VERSION, Form, check, hidden, put
from app.programmes.blueprint import programmes, this_family
from app.programmes.dates import LineRefused, plan_dates
from app.programmes.plan import Plan
from app.programmes.plan_acts import Told, lines_of, told_by, wanted_dates
from app.programmes.plan_rows import Date
from app.programmes.plan_times import OtherTimes
from app.programmes.queries import open_programme
from app.scheduling.models import KINDS
from app.scheduling.where import inside, place_words
from app.typed import read_number

URL = "/families/<reference>/programme/dates"


class BookAllForm(Form):
    once = hidden()
    quiet = check("They know already: do not text now")


def plan_of(reference: str, args: Any = None, **more: Any) -> Plan:
    family = this_family(reference)
    programme = found(open_programme(family.id))
    return Plan(family, programme, request.args if args is None else args, **more)


def searched(plan: Plan) -> Response | None:
    """The page that asks who and where, if nothing can be searched for; None once it was."""
    if plan.rows and not plan.validate():
        return what_page(plan, 422 if "minutes" in request.args else 200)
    try:
        if plan.rows:
            plan.search()
    except DomainError as refused:
        put(plan.wanted.form, refused)
        return what_page(plan, 422)
    return None


def page_of(name: str, plan: Plan, status: int = 200, **more: Any) -> Response:
    place = inside(place_words(plan.free.facts.place, plan.wanted.wish().how)) if plan.rows else ""
    words = render_template(
        f"programmes/{name}.html", plan=plan, family=plan.family, kinds=KINDS, place=place, **more
    )
    return make_response(words, status)


def what_page(plan: Plan, status: int = 200) -> Response:
    words = render_template(
        "programmes/dates_what.html",
        plan=plan, wanted=plan.wanted, form=plan.wanted.form, family=plan.family,
    )  # fmt: skip
    return make_response(words, status)


@programmes.get(f"{URL}/what")
@signed_in
def dates_what(reference: str) -> Response:
    """Who, where and how long, for all of them."""
    return what_page(plan_of(reference))


@programmes.get(URL)
@signed_in
def dates(reference: str) -> Any:
    """A table of all cycles: what stands, what was chosen, what is proposed and why."""
    plan = plan_of(reference)
    if asked := searched(plan):
        return asked
    if changed := plan.one(request.args.get("step", "")):
        return redirect(after_change(plan, changed))
    return page_of("dates", plan)


def after_change(plan: Plan, changed: Date) -> str:
    """The table with another time for one date: the later ones kept as they are, or proposed again,
    as it was asked. A review's own video stays, whatever the review would rather have."""
    kept = [date for date in plan.dates if date.picked and date is not changed]
    kept += [video for video in plan.own_video(changed) if video not in kept]
    later = plan.later_than(changed)
    if request.args.get("later") == "again":
        kept = [date for date in kept if date not in later]
    else:
        kept += [date for date in later if date.value and not date.picked]
    changed.value = request.args.get("time", "") or changed.value
    return address(plan, "programmes.dates", plan.query(carry=[*kept, changed]))


def address(plan: Plan, endpoint: str, query: dict[str, Any]) -> str:
    return url_for(endpoint, reference=plan.family.reference, **query)


@programmes.get(f"{URL}/change")
@signed_in
def dates_change(reference: str) -> Any:
    """The other times for one date, those that keep the rhythm best first."""
    plan = plan_of(reference)
    if asked := searched(plan):
        return asked
    date = found(plan.one(request.args.get("step", "")))
    page = OtherTimes(plan, date, on=request.args.get("on", ""), more="all" in request.args)
    return page_of("dates_change", plan, date=date, page=page)


@programmes.route(f"{URL}/check", methods=["GET", "POST"])
@signed_in
def dates_check(reference: str) -> Any:
    """The last look: what is booked and moved, and what will be sent. A POST does it."""
    plan = checked_plan(reference)
    if asked := searched(plan):
        return asked
    form = BookAllForm()
    if request.method == "GET":
        form.once.data = secrets.token_hex(8)
        form.version.data = str(plan.programme.version)
        return check_page(plan, form)
    if not form.validate():
        return check_page(plan, form, 422)
    if plan.done_already():
        return redirect(home_of(plan.family))
    try:
        book_all(plan, form)
    except DomainError as refused:
        return refused_page(reference, form, refused)
    return redirect(home_of(this_family(reference)))


def checked_plan(reference: str) -> Plan:
    return plan_of(reference, typed=request.form, all_given=True)


def book_all(plan: Plan, form: BookAllForm) -> None:
    """Book and move what the form has, all or nothing."""
    seen = {
        number: read_number(value) or NO_VERSION
        for name, value in request.form.items()
        if name.startswith("seen-") and (number := read_number(name[5:]))
    }
    once = (form.once.data or "")[:24] or None
    lines = lines_of(plan, once=once, tell=not form.quiet.data, versions=seen)
    programme, opened_at, at = plan.programme, form.opened_at, clock.now()
    made = transact(
        lambda: plan_dates(programme, lines, by=current_user, at=at, opened_at=opened_at)
    )
    moved = sum(line.moves is not None for line in lines)
    said = [f"{len(made) - moved} booked"] if len(made) > moved else []
    said += [f"{moved} moved"] if moved else []
    flash(f"The dates of the programme: {' and '.join(said)}.", "success")


def refused_page(reference: str, form: BookAllForm, refused: DomainError) -> Response:
    """The page as it is now: what is taken is marked, with something free beside it, and carried on
    in its place; nothing else is lost."""
    plan = checked_plan(reference)
    if asked := searched(plan):
        return asked
    if isinstance(refused, Stale):
        form.version.data = str(plan.programme.version)
    line = None
    if isinstance(refused, LineRefused):
        line = next(
            d for d in plan.dates if (d.cycle_id, d.kind) == (refused.cycle_id, refused.kind)
        )
        line.wrong = refused.message
    words = refused.message
    if line is not None:
        which = f"{KINDS[line.kind]} of cycle {line.number}"
        words = f"{which}: {refused.message} Nothing is booked or moved yet."
    form.general(words)
    return check_page(plan, form, status=409)


def check_page(plan: Plan, form: BookAllForm, status: int = 200) -> Response:
    """The last look; what is taken carries the time proposed beside it, and a 409 says so."""
    taken = [date for date in plan.dates if date.taken and date.changes]
    if taken and status == 200:
        number = "One time is" if len(taken) == 1 else f"{len(taken)} times are"
        form.general(f"{number} not free any more. Another is proposed beside it.")
        status = 409
    for date in taken:
        if date.instead is not None and date.instead.value:
            date.value, before = date.instead.value, date.starts_at
            date.starts_at, date.instead.starts_at = date.instead.starts_at, before
    shown = wanted_dates(plan)
    try:
        told = told_by(plan, lines_of(plan), plan.at)
    except DomainError as refused:
        form.general(refused.message)
        told, status = Told([], 0, 0), 409
    back = Plan(plan.family, plan.programme, MultiDict(request.args))
    return page_of(
        "dates_check", plan, status, form=form, shown=shown, told=told,
        back=address(plan, "programmes.dates", back_query(back)),
    )  # fmt: skip


def back_query(plan: Plan) -> dict[str, Any]:
    """The table that led here: only what somebody picked."""
    picked = set(str(plan.args.get("picked", "")).split("."))
    kept = []
    for date in plan.dates:
        if date.name in picked and date.open:
            kept.append(replace(date, value=plan.args.get(date.name, ""), picked=True))
    return plan.query(carry=kept)
