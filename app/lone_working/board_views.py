"""The board, the screen on the wall, past visits, and taking and closing alarms."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.access import PRACTITIONER, found, signed_in
from app.accounts.queries import names
from app.db import db, transact
from app.errors import DomainError
from app.forms import put
from app.lone_working import frame, queries, words
from app.lone_working.alarms import acknowledge_alarm
from app.lone_working.blueprint import lone_working
from app.lone_working.check_ins import check_out
from app.lone_working.forms import CloseForm
from app.lone_working.models import Watch
from app.lone_working.stand_down import close_watch
from app.lone_working.watches import levels_of, visits_near, workers_of
from app.lone_working.who_may import may_act, may_open
from app.paging import Asked
from app.risk.duty import covering, covering_at
from app.risk.models import LEVELS
from app.settings import store

WALL_SECONDS = 20
WALL_ROWS = 6


@lone_working.get("/lone-working")
@signed_in
def board() -> str:
    """Is everybody safe? Alarms first, then who is out, then who goes out later."""
    at = clock.now()
    lines = frame.lines_now(at)
    manager, buddy = covering(at, store.current())
    red = [line for line in lines if line.red]
    return render_template(
        "lone_working/board.html",
        at=at,
        red=red,
        out=[line for line in lines if not line.red],
        later=later_today(at, {line.watch_id for line in lines}),
        alarms_said=" ".join(f"{line.tag}: {line.who}. {line.taken_words}" for line in red),
        manager=manager,
        buddy=buddy,
        stale=frame.stale(at),
        acts=may_act(current_user, at),
        opens={line.watch_id for line in lines if opens(line.watch_id, at)},
    )


def opens(watch_id: int, at: datetime) -> bool:
    watch = db.session.get(Watch, watch_id)  # in the session already: no statement
    return watch is not None and may_open(current_user, watch, at)


def later_today(at: datetime, begun: set[int]) -> list[dict[str, Any]]:
    """Today's visits that have not begun, from the appointments themselves: also where the watch
    has not run."""
    inside = {
        watch.appointment_id
        for watch in queries.open_ones(until=at, inside=True)
        if watch.id in begun
    }
    visits = [v for v in visits_near(at) if v.starts_at > at and v.id not in inside]
    levels, people = levels_of(visits, at), names()
    cover = covering_at([visit.starts_at for visit in visits], store.current())
    return [
        {
            "starts_at": visit.starts_at,
            "ends_at": visit.ends_at,
            "who": " + ".join(people[number] for number in workers_of(visit)),
            "short": " + ".join(words.short_name(people[n]) for n in workers_of(visit)),
            "reference": visit.family.reference,
            "town": words.town(visit),
            "level": LEVELS[levels[visit.id]],
            "watched_by": ", ".join(person.first_name for person in pair if person)
            or "nobody is on duty",
        }
        for visit, pair in zip(visits, [(b, m) for m, b in cover], strict=True)
    ]


@lone_working.get("/lone-working/wall")
@signed_in
def wall() -> Response:
    """The same for a screen on the wall: no reference, no level, no buttons; it renews itself."""
    at = clock.now()
    lines = frame.lines_now(at)
    manager, buddy = covering(at, store.current())
    later = later_today(at, {line.watch_id for line in lines})
    page = make_response(
        render_template(
            "lone_working/wall.html",
            at=at,
            lines=lines[:WALL_ROWS],
            later=later[: max(0, WALL_ROWS - len(lines))],
            more=max(0, len(lines) + len(later) - WALL_ROWS),
            out=len(lines),
            red=len([line for line in lines if line.red]),
            manager=words.short_name(manager.name) if manager else None,
            buddy=words.short_name(buddy.name) if buddy else None,
            stale=frame.stale(at),
            beat=frame.beat(),
            short_name=words.short_name,
        )
    )
    page.headers["Refresh"] = str(WALL_SECONDS)
    return page


@lone_working.get("/lone-working/past")
@signed_in
def past() -> str:
    """Visits that are over: a practitioner's own, everybody's for those who arrange."""
    own = current_user.id if current_user.role == PRACTITIONER else None
    asked = Asked.of(request.args)
    part = queries.past(asked, staff_id=own)
    return render_template(
        "lone_working/past.html",
        asked=asked,
        part=part,
        raised={row.id: [a for a in row.alarms if a.step != "remind_out"] for row in part.rows},
        where=words.where,
        levels=LEVELS,
        names=names(),
        hows=words.HOWS,
    )


def watch_to_act_on(watch_id: int) -> Watch:
    watch: Watch = found(queries.one(watch_id))
    if not may_act(current_user, clock.now()):
        found(None)
    return watch


def act_on(watch_id: int, act: Callable[[Watch], Any], done: str) -> BaseResponse:
    """Do something with one visit and go back to the board; a refusal is said there."""
    watch = watch_to_act_on(watch_id)
    who = watch.staff.name
    try:
        transact(lambda: act(watch))
        flash(done.format(who), "success")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("lone_working.board"))


@lone_working.post("/lone-working/<id:watch_id>/take")
@signed_in
def take(watch_id: int) -> BaseResponse:
    return act_on(
        watch_id,
        lambda watch: acknowledge_alarm(watch, by=current_user, at=clock.now()),
        "You have it: {}. It goes on to the next person unless you close it.",
    )


@lone_working.post("/lone-working/<id:watch_id>/out")
@signed_in
def out_for(watch_id: int) -> BaseResponse:
    """Check somebody out who has rung, or was met."""
    return act_on(
        watch_id,
        lambda watch: check_out(watch, how="for_them", by=current_user, at=clock.now()),
        "Checked out: {}.",
    )


@lone_working.route("/lone-working/<id:watch_id>/close", methods=["GET", "POST"])
@signed_in
def close(watch_id: int) -> Any:
    """Close an alarm: how welfare was confirmed."""
    watch = watch_to_act_on(watch_id)
    line = frame.lines_of([watch], clock.now())[0]
    form = CloseForm()
    if form.validate_on_submit():
        try:
            transact(lambda: close_as_typed(watch, form, clock.now()))
        except DomainError as error:
            put(form, error)
        else:
            flash(f"Closed: {line.who} is known to be safe.", "success")
            return redirect(url_for("lone_working.board"))
    status = 422 if form.errors else 200
    return make_response(
        render_template("lone_working/close.html", form=form, line=line, watch=watch), status
    )


def close_as_typed(watch: Watch, form: CloseForm, at: datetime) -> None:
    close_watch(watch, form.confirmed.data, form.words.data, by=current_user, at=at)
