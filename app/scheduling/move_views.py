"""Moving an appointment: another time, person or place; the old one stands until it is booked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app import clock
from app.access import signed_in
from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError, Stale
from app.families.queries import family_by_id
from app.forms import Form, area, check, put, select
from app.places.models import TRAVELLED_TO, Place
from app.places.queries import open_places
from app.scheduling.appointment_views import changed_since
from app.scheduling.blueprint import scheduling, this_appointment
from app.scheduling.booking_form import HOME
from app.scheduling.check import refusals_at
from app.scheduling.chosen import Chosen, read_chosen
from app.scheduling.diary.dragged import came_from, dropped_at, read_drag
from app.scheduling.facts import Ask
from app.scheduling.hooks import later_words
from app.scheduling.interpreters import interpreters
from app.scheduling.let_go.time_let_go import who_waits_words
from app.scheduling.models import HOWS, KINDS, MOVE_REASONS, Appointment
from app.scheduling.move import Change, move
from app.scheduling.reasons import SOFT
from app.scheduling.search import ANYBODY, Times, Wish, find_times
from app.scheduling.times_page import TimesPage, others_of
from app.scheduling.wanted import Refusal
from app.scheduling.where import inside, place_words, where_words
from app.scheduling.will_be_sent import Line, as_moved, lines_for
from app.settings import store
from app.times import for_staff
from app.typed import read_number


class MoveForm(Form):
    """What may be different, as the page's address carries it."""

    who = select("Who goes?", required="Choose who goes")
    where = select("Where?", required="Choose where it takes place")
    interpreter = select("Interpreter", required="Choose another interpreter")
    weeks = HiddenField()
    relax = HiddenField()
    start = HiddenField()

    class Meta:
        csrf = False


class MoveNowForm(Form):
    reason = select("Why is it moved?", [("", ""), *MOVE_REASONS.items()])
    override_reason = area("Why it is moved there all the same", hint="For staff only", most=500)
    quiet = check("They know already: do not text now")


@dataclass
class MoveWanted:
    """One move as its address has it. Shares the names that the page of times asks for."""

    row: Appointment
    form: MoveForm
    places: list[Place]
    home_id: int | None

    @classmethod
    def of(cls, row: Appointment, args: Any) -> "MoveWanted":
        places = [place for place in open_places() if place.kind in TRAVELLED_TO]
        offered = interpreters() if row.interpreter_id else ()
        stays = any(one.id == row.interpreter_id for one in offered)
        first = {
            "who": str(row.staff_id), "where": where_now(row),
            "interpreter": str(row.interpreter_id) if stays else "",
        }  # fmt: skip
        typed = {name: args.get(name) or first[name] for name in first}
        hidden = {name: args.get(name, "")[:200] for name in ("weeks", "relax", "start")}
        form = MoveForm(formdata=MultiDict({**typed, **hidden}))
        people = [(str(person.id), person.name) for person in accounts.team()]
        now = [] if typed["who"] in dict(people) else [(str(row.staff_id), row.staff.name)]
        form.who.choices = [*now, *people, (ANYBODY, "Anybody of the team")]
        family = family_by_id(current_user, row.family_id)
        home_id = family.home_id if family and row.kind != "conversation" else None
        home = [(HOME, "At home")] if home_id else []
        there = [(str(place.id), place.name) for place in places]
        ways = [(how, words) for how, words in HOWS.items() if how != "in_person"]
        form.where.choices = [*home, *there, *ways]
        form.interpreter.choices = [
            *([] if stays else [("", "Choose another")]), *((str(i.id), i.name) for i in offered)
        ]  # fmt: skip
        if not row.interpreter_id:
            del form.interpreter
        return cls(row, form, places, home_id)

    def validate(self) -> bool:
        return bool(self.form.validate())

    @property
    def interpreter_id(self) -> int | None:
        """Who would interpret; None where nobody does."""
        return read_number(self.form.interpreter.data) if "interpreter" in self.form else None

    @property
    def place_id(self) -> int | None:
        where = str(self.form.where.data)
        return self.home_id or self.row.place_id if where == HOME else read_number(where)

    @property
    def place(self) -> Place | None:
        """The place that it would be at."""
        wanted = self.place_id
        if wanted is not None and wanted == self.row.place_id:
            return self.row.place
        return db.session.get(Place, wanted) if wanted else None

    @property
    def how(self) -> str:
        where = str(self.form.where.data)
        return where if where in HOWS else "in_person"

    def wish(self) -> Wish:
        row, who = self.row, self.form.who.data
        weeks = min(max(read_number(self.form.weeks.data) or 4, 1), store.current().horizon_weeks)
        return Wish(
            family_id=row.family_id,
            kind=row.kind,
            minutes=row.minutes // (2 if row.interpreter_id else 1),
            staff_ids=() if who == ANYBODY else (int(who),),
            second=row.second_id,
            how=self.how,
            place_id=self.place_id,
            interpreter_id=self.interpreter_id,
            peer_id=row.peer_id,
            carer_id=row.carer_id,
            weeks=weeks,
            relax=frozenset(str(self.form.relax.data or "").split(".")) & SOFT,
            ignoring=(row.id,),
        )

    def query(self, **changes: Any) -> dict[str, str]:
        fields = ("who", "where", "interpreter", "weeks", "relax", "start")
        carried = {name: self.form[name].data for name in fields if name in self.form}
        return {name: str(v) for name, v in {**carried, **changes}.items() if v not in (None, "")}

    def with_change(self, code: str) -> dict[str, str]:
        name, _, value = code.partition(":")
        if not value:
            relax = self.wish().relax | {code}
            return self.query(relax=".".join(sorted(relax)))
        return self.query(**{"where" if name == "place" else name: value})


def where_now(row: Appointment) -> str:
    if row.how != "in_person":
        return row.how
    if row.place is not None and row.place.kind == "home":
        return HOME
    return str(row.place_id or "")


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
        broken=[refusal for refusal in broken if refusal.soft],
        others=others,
        refused=bool(hard) or status == 409,
        back=came_from(row) if "from" in request.args else "",
    )  # fmt: skip
    return make_response(words, 409 if hard else status)


def ask_for(wanted: MoveWanted, chosen: Chosen) -> Ask:
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
