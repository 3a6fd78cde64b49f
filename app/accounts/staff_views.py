"""Staff accounts, for managers: the list, adding, changing, leaving, sessions and links."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import MANAGER, allow, found
from app.accounts import invite, leaving, queries, sessions, staff
from app.accounts.blueprint import accounts
from app.accounts.forms import WEEKDAYS, LeaveForm, StaffForm, words_of
from app.accounts.models import LEVELS, Staff
from app.audit.record import history
from app.db import transact
from app.errors import DomainError, Stale
from app.forms import put
from app.settings import store
from app.windows import Windows


def person_of(staff_id: int) -> Staff:
    row: Staff = found(queries.one(current_user, staff_id))
    return row


@accounts.get("/staff", endpoint="staff")
@allow(MANAGER)
def list_page() -> str:
    left = request.args.get("show") == "left"
    words, sort = request.args.get("q", "")[:100].strip(), request.args.get("sort", "name")
    return render_template(
        "accounts/staff.html",
        people=queries.listed(current_user, words=words, sort=sort, left=left),
        words=words,
        sort=sort,
        left=left,
        levels=LEVELS,
    )


@accounts.route("/staff/add", methods=["GET", "POST"])
@allow(MANAGER)
def add_staff() -> Any:
    form = StaffForm(languages="English")

    def act() -> Staff:
        added = staff.add_staff(by=current_user, at=clock.now(), **form.particulars())
        invite.email_new_staff(added, by=current_user, at=clock.now())
        return added

    if form.validate_on_submit():
        try:
            added = transact(act)
            flash("Added. A link to set a password is on its way to them.", "success")
            return redirect(url_for("accounts.staff_page", staff_id=added.id))
        except DomainError as error:
            put(form, error)
    status = 400 if form.is_submitted() else 200
    return make_response(
        render_template("accounts/staff_form.html", form=form, person=None), status
    )


@accounts.get("/staff/<id:staff_id>", endpoint="staff_page")
@allow(MANAGER)
def staff_page(staff_id: int) -> str:
    return show(person_of(staff_id))


def show(person: Staff, link: str | None = None) -> str:
    at = clock.now()
    return render_template(
        "accounts/staff_page.html",
        person=person,
        link=link,
        levels=LEVELS,
        genders=staff.GENDERS,
        sessions=sessions.live_sessions(person, at=at, rules=store.current()),
        held=leaving.held_by(person, at=at) if person.active else [],
        entries=[(entry, queries.who(entry.by)) for entry in history(person, most=20)],
        tag_words=TAG_WORDS,
    )


TAG_WORDS = {
    "staff:added": "Added",
    "staff:changed": "Changed",
    "staff:left": "Left",
    "staff:returned": "Brought back",
    "staff:signed_in": "Signed in",
    "staff:signed_out": "Signed out",
    "staff:password_set": "Set a password",
    "staff:password_asked": "Asked for a new password",
    "staff:sessions_ended": "Sessions ended",
    "staff:calendar_set": "Address of the own calendar set",
    "staff:calendar_removed": "Own calendar removed",
    "link:made": "Link to set a password made",
}


@accounts.route("/staff/<id:staff_id>/edit", methods=["GET", "POST"])
@allow(MANAGER)
def edit_staff(staff_id: int) -> Any:
    person = person_of(staff_id)
    form = StaffForm(data=as_typed(person))
    status = 200
    if form.validate_on_submit():
        try:
            transact(
                lambda: staff.change_staff(
                    person,
                    by=current_user,
                    at=clock.now(),
                    expect_version=form.opened_at,
                    **form.particulars(person.hours),
                )
            )
            flash("Saved.", "success")
            return redirect(url_for("accounts.staff_page", staff_id=staff_id))
        except Stale as error:
            form, status = StaffForm(formdata=None, data=as_typed(person)), 409
            form.general(error.message)
        except DomainError as error:
            put(form, error)
    if form.is_submitted() and status == 200:
        status = 400
    if status != 400:
        form.version.data = str(person.version)
    return make_response(
        render_template("accounts/staff_form.html", form=form, person=person), status
    )


PLAIN_FIELDS = (
    "name", "email", "mobile", "role", "takes_visits", "vig_level", "gender", "base_postcode",
)  # fmt: skip


def as_typed(person: Staff) -> dict[str, Any]:
    """A person's particulars as they stand in the form's fields."""
    hours: Windows | None = person.hours
    return {
        **{name: getattr(person, name) for name in PLAIN_FIELDS},
        "languages": ", ".join(person.languages),
        **{name.lower(): words_of(hours, number) for number, name in enumerate(WEEKDAYS)},
    }


@accounts.route("/staff/<id:staff_id>/leave", methods=["GET", "POST"])
@allow(MANAGER)
def leave_staff(staff_id: int) -> Any:
    person = person_of(staff_id)
    others = [other for other in queries.working_here() if other.id != person.id]
    form = LeaveForm()
    form.hand_to.choices = [("", "Nobody"), *((str(o.id), f"{o.name}, {o.role}") for o in others)]
    if form.validate_on_submit():
        taker = next((o for o in others if str(o.id) == form.hand_to.data), None)
        try:
            transact(
                lambda: leaving.leave_staff(
                    person,
                    hand_to=taker,
                    by=current_user,
                    at=clock.now(),
                    expect_version=form.opened_at,
                )
            )
            flash("They have left. Their access has ended.", "success")
            return redirect(url_for("accounts.staff"))
        except DomainError as error:
            put(form, error)
    form.version.data = str(person.version)
    return make_response(
        render_template(
            "accounts/leave.html",
            form=form,
            person=person,
            held=leaving.held_by(person, at=clock.now()),
        ),
        400 if form.is_submitted() else 200,
    )


def act_on(staff_id: int, act: Callable[[Staff], Any], done: str) -> Response:
    """Do something with one person and say so on their page; a refusal is said there too."""
    person = person_of(staff_id)
    try:
        transact(lambda: act(person))
        flash(done, "success")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("accounts.staff_page", staff_id=staff_id))


@accounts.post("/staff/<id:staff_id>/sessions/end")
@allow(MANAGER)
def end_staff_sessions(staff_id: int) -> Response:
    return act_on(
        staff_id,
        lambda person: sessions.end_sessions(person, by=current_user, at=clock.now()),
        "All their sessions have ended.",
    )


@accounts.post("/staff/<id:staff_id>/back")
@allow(MANAGER)
def bring_back_staff(staff_id: int) -> Response:
    return act_on(
        staff_id,
        lambda person: leaving.bring_back_staff(person, by=current_user, at=clock.now()),
        "They work here again. Send them a link to set a password.",
    )


@accounts.post("/staff/<id:staff_id>/email-link")
@allow(MANAGER)
def email_staff_link(staff_id: int) -> Response:
    return act_on(
        staff_id,
        lambda person: invite.email_new_staff(person, by=current_user, at=clock.now()),
        "A link to set a password is on its way to them.",
    )


@accounts.post("/staff/<id:staff_id>/link")
@allow(MANAGER)
def make_staff_link(staff_id: int) -> Any:
    # Shown in the answer itself, once: it is stored nowhere and stands in no address.
    person = person_of(staff_id)
    try:
        link = transact(lambda: invite.link_for_new_staff(person, by=current_user, at=clock.now()))
    except DomainError as error:
        flash(error.message, "error")
        return redirect(url_for("accounts.staff_page", staff_id=staff_id))
    return show(person, link)
