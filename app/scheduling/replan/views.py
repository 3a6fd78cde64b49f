"""Replanning the visits of a day that breaks: somebody is away, a place is closed, bad weather.

One page for all of them. Each line that is approved is an act of its own, so that one that is
refused leaves the others as they were approved; nothing is sent for what was not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, allow, found, signed_in
from app.db import db, transact
from app.errors import DomainError, Stale
from app.forms import Form
from app.places.closures import closure_by_id
from app.places.models import Closure, Place
from app.scheduling.absences.absence import absence_for, visible_to
from app.scheduling.blueprint import scheduling, this_appointment
from app.scheduling.check import ASKS_REASON
from app.scheduling.in_doubt import closure_over
from app.scheduling.models import Absence
from app.scheduling.queries import appointment_for
from app.scheduling.replan.approve import Choice, approve, ask_to_ring, call_off
from app.scheduling.replan.breaks import ABSENCE, NO_END, PLACE_CLOSED, WEATHER, Broken, affected
from app.scheduling.replan.page import CANCEL, LEAVE, RING, make_page, read_choice
from app.times import for_staff, staff_date
from app.typed import read_day

CHANGED = "Somebody changed it since you opened this page. Look at it again."
GONE = "It is not affected any more: somebody replanned it since you opened this page."
CHOOSE = "Choose what happens with this visit."
BY_ITSELF = "Choose something else, or move it by itself with a reason: “Other times and places”."


class ReplanForm(Form):
    """The choices of all lines; what is typed is read line by line."""


@dataclass(frozen=True)
class Asked:
    """What one line of the form asks for."""

    id: int
    choice: str
    version: int


@scheduling.route("/absences/<id:absence_id>/replan", methods=["GET", "POST"])
@signed_in
def replan_absence(absence_id: int) -> Any:
    """Every visit of somebody who is away."""
    row: Absence = found(absence_for(current_user, absence_id))
    broken = Broken(ABSENCE, f"{row.staff.name} is away", row.starts_at, row.ends_at, row.staff_id)
    return answer(broken, url_for("scheduling.absences"))


@scheduling.route("/places/<id:place_id>/replan", methods=["GET", "POST"])
@allow(*ARRANGERS)
def replan_place(place_id: int) -> Any:
    """Every visit at a place that is closed, from a day until a day (`from`, `until`); without
    them from now on."""
    row: Place = found(
        db.session.scalars(select(Place).where(Place.id == place_id, Place.kind != "home")).first()
    )
    first, last = (read_day(request.args.get(name, "")) for name in ("from", "until"))
    since = clock.midnight(first) if first else clock.now()
    until = clock.midnight(last + timedelta(days=1)) if last else NO_END
    if until <= since:
        found(None)
    broken = Broken(PLACE_CLOSED, f"{row.name} is closed", since, until, row.id)
    return answer(broken, url_for("places.place", place_id=row.id))


@scheduling.route("/closures/<id:closure_id>/replan", methods=["GET", "POST"])
@allow(*ARRANGERS)
def replan_closure(closure_id: int) -> Any:
    """Every visit at a place, or in a room, that is closed for a time."""
    row: Closure = found(closure_by_id(closure_id))
    broken = Broken(
        PLACE_CLOSED, f"{row.what} is closed", row.starts_at, row.ends_at, row.place_id, row.room_id
    )
    return answer(broken, url_for("places.place", place_id=row.place_id))


@scheduling.route("/replan/weather/<day>", methods=["GET", "POST"])
@allow(*ARRANGERS)
def replan_weather(day: str) -> Any:
    """Every home visit of a day on which nobody should drive."""
    on: date = found(read_day(day))
    since, until = clock.midnight(on), clock.midnight(on + timedelta(days=1))
    broken = Broken(WEATHER, f"Bad weather on {staff_date(on)}", since, until)
    return answer(broken, url_for("scheduling.diary", day=on.isoformat()))


@scheduling.get("/appointments/<id:appointment_id>/replan")
@signed_in
def replan_visit(appointment_id: int) -> Response:
    """From a visit in doubt to the page of the absence or closure that is the cause; where there is
    none that this reader may change, to other times for this visit alone."""
    row = this_appointment(appointment_id)
    absence = db.session.scalars(
        visible_to(current_user)
        .where(
            Absence.starts_at < row.ends_at,
            Absence.ends_at > row.starts_at,
            Absence.staff_id.in_([n for n in (row.staff_id, row.second_id) if n]),
        )
        .order_by(Absence.id)
    ).first()
    if absence is not None:
        return redirect(url_for("scheduling.replan_absence", absence_id=absence.id))
    if current_user.role in ARRANGERS:
        if row.place is not None and row.place.kind != "home" and row.place.closed_at:
            return redirect(url_for("scheduling.replan_place", place_id=row.place_id))
        if closure := closure_over(row):
            return redirect(url_for("scheduling.replan_closure", closure_id=closure.id))
    return redirect(url_for("scheduling.move_appointment", appointment_id=row.id))


def answer(broken: Broken, back: str) -> Any:
    """Draw the page; for a POST do what was approved, and say what could not be done."""
    form = ReplanForm()
    if request.method == "GET" or not form.validate():
        return draw(broken, back, form)
    rows, _ = affected(broken, current_user, at=clock.now())
    asked = [asked_for(row.id) for row in rows]
    wanted = request.form.get("approve", "")
    if wanted == "all":
        now = [one for one in asked if one.choice not in ("", LEAVE)]
    else:
        now = [one for one in asked if str(one.id) == wanted]
        if not now:
            form.general(GONE)
            return draw(broken, back, form, asked, status=409)
    refused: dict[int, str] = {}
    for one in in_order(now):
        try:
            transact(partial(act_on, one, broken))
        except Stale:
            refused[one.id] = CHANGED
        except DomainError as error:
            refused[one.id] = error.message.replace(ASKS_REASON, BY_ITSELF)
    if done := [one.choice for one in now if one.id not in refused]:
        flash(done_words(done), "success")
    if not refused:
        return redirect(request.full_path.rstrip("?"))
    return draw(broken, back, form, asked, refused, status=409)


def done_words(choices: Sequence[str]) -> str:
    """'2 visits are replanned. 1 visit is cancelled. Somebody is asked to ring about 1 visit.'"""
    cancelled, ringing = choices.count(CANCEL), choices.count(RING)
    done = {"replanned": len(choices) - cancelled - ringing, "cancelled": cancelled}
    said = [
        f"{number} {'visit is' if number == 1 else 'visits are'} {what}."
        for what, number in done.items()
        if number
    ]
    if ringing:
        said.append(
            f"Somebody is asked to ring about {ringing} {'visit' if ringing == 1 else 'visits'}."
        )
    return " ".join(said)


def asked_for(appointment_id: int) -> Asked:
    version = request.form.get(f"version-{appointment_id}", "")
    return Asked(
        appointment_id,
        request.form.get(f"choice-{appointment_id}", "")[:60],
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )


def in_order(asked: list[Asked]) -> list[Asked]:
    """The latest new time first: of a family's course that moves on, its end makes room for what
    comes before it."""

    def start(one: Asked) -> tuple[bool, float]:
        choice = read_choice(one.choice)
        return choice is None, -choice.starts_at.timestamp() if choice else 0

    return sorted(asked, key=start)


def act_on(one: Asked, broken: Broken) -> None:
    """Do what one line asks for, at the version that it was drawn at."""
    row = appointment_for(current_user, one.id)
    if row is None:
        raise DomainError(GONE)
    given: dict[str, Any] = {"by": current_user, "at": clock.now(), "opened_at": one.version}
    others: dict[str, Callable[..., object]] = {RING: ask_to_ring, CANCEL: call_off}
    if one.choice in others:
        others[one.choice](row, broken, **given)
        return
    choice: Choice | None = read_choice(one.choice)
    if choice is None:
        raise DomainError(CHOOSE)
    approve(row, choice, broken, **given)


def draw(
    broken: Broken,
    back: str,
    form: ReplanForm,
    asked: list[Asked] | None = None,
    refused: dict[int, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    """The page as things stand now; what was refused of a visit that is gone stands at its top."""
    typed = {one.id: one.choice for one in asked or ()}
    page = make_page(broken, current_user, at=clock.now(), typed=typed, refused=refused)
    seen = {visit.row.id for visit in page.visits}
    for appointment_id, sentence in (refused or {}).items():
        if appointment_id not in seen:
            form.general(sentence)
    words = render_template(
        "scheduling/replan.html", broken=broken, page=page, form=form, back=back,
        span=span_words(broken),
    )  # fmt: skip
    return make_response(words, status)


def span_words(broken: Broken) -> str:
    """'From Tue 1 Dec 08:00', 'Tue 1 Dec to Thu 3 Dec'; a day of bad weather is said already."""
    if broken.kind == WEATHER:
        return ""
    since, until = clock.london(broken.since), clock.london(broken.until)
    whole = since.time() == time(0)
    begins = staff_date(since.date()) if whole else for_staff(broken.since)
    if broken.until == NO_END:
        return f"From {begins}"
    ends = for_staff(broken.until)
    if until.time() == time(0):
        ends = staff_date(until.date() - timedelta(days=1))
    return begins if begins == ends else f"{begins} to {ends}"
