"""The page of somebody's own calendar: its address, what came of reading it, reading it now,
removing it.

One's own for everybody; anybody's for those who arrange. The worker does the reading, so "read it
now" answers at once and the page says later what came of it.
"""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app import clock
from app.access import found, signed_in
from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.audit.record import actor_words
from app.calendars.addresses import or_words
from app.db import db, transact
from app.forms import Form, text
from app.saving import save
from app.scheduling.blueprint import scheduling
from app.scheduling.own_calendars.models import BusyTime, OwnCalendar
from app.scheduling.own_calendars.own_calendar import (
    allowed_hosts,
    host_of,
    may_set,
    of_staff,
    read_again,
    remove_calendar,
    set_calendar,
)
from app.settings import store


class CalendarForm(Form):
    address = text(
        "Address of the calendar",
        required="Paste the address of the calendar",
        hint="The ICS link, which begins with https:// or webcal:// and mostly ends with .ics",
        most=2000,
        render_kw={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"},
    )


def whose(staff_id: int) -> Staff:
    """The member of staff of an address, whom the reader may set this for; else a 404."""
    person: Staff = found(accounts.one(current_user, staff_id))
    return found(person if may_set(current_user, person) and person.active else None)  # type: ignore[no-any-return]


@scheduling.get("/me/calendar")
@signed_in
def my_calendar() -> Response:
    return redirect(url_for("scheduling.staff_calendar", staff_id=current_user.id))


@scheduling.route("/staff/<id:staff_id>/calendar", methods=["GET", "POST"])
@signed_in
def staff_calendar(staff_id: int) -> Any:
    person = whose(staff_id)
    calendar = of_staff(person)
    form = CalendarForm(data={"version": str(calendar.version if calendar else 0)})

    def act() -> OwnCalendar:
        return set_calendar(
            person, form.address.data, by=current_user, at=clock.now(),
            expect_version=form.opened_at,
        )  # fmt: skip

    def page() -> str:
        kept = of_staff(person)
        return render_template(
            "scheduling/own_calendar.html",
            form=form, person=person, own=person.id == current_user.id, calendar=kept,
            set_by=actor_words(kept.set_by, accounts.names()) if kept else "",
            waits=bool(kept and kept.due_at <= clock.now()),
            host=host_of(kept) if kept else "", times=number_of_times(person),
            hosts=or_words(allowed_hosts()),
            every=store.current().calendar_minutes, back=back_to(person),
        )  # fmt: skip

    return save(
        form,
        act,
        page=page,
        then=lambda _: url_for("scheduling.staff_calendar", staff_id=staff_id),
        said="The address is saved. It is read within a minute.",
        version=lambda: version_of(person),
    )


@scheduling.post("/staff/<id:staff_id>/calendar/read")
@signed_in
def read_calendar_now(staff_id: int) -> Response:
    person = whose(staff_id)
    transact(lambda: read_again(person, by=current_user, at=clock.now()))
    flash("It is read within a minute. Open this page again to see what came of it.", "success")
    return redirect(url_for("scheduling.staff_calendar", staff_id=staff_id))


@scheduling.post("/staff/<id:staff_id>/calendar/remove")
@signed_in
def remove_own_calendar(staff_id: int) -> Response:
    person = whose(staff_id)
    transact(lambda: remove_calendar(person, by=current_user, at=clock.now()))
    flash("The calendar is removed, with every busy time that was read from it.", "success")
    return redirect(url_for("scheduling.staff_calendar", staff_id=staff_id))


def version_of(person: Staff) -> int:
    calendar = of_staff(person)
    return calendar.version if calendar else 0


def number_of_times(person: Staff) -> int:
    """How many busy times of theirs are to come."""
    coming = (BusyTime.staff_id == person.id, BusyTime.ends_at > clock.now())
    return db.session.scalar(select(func.count()).select_from(BusyTime).where(*coming)) or 0


def back_to(person: Staff) -> str:
    own = person.id == current_user.id
    return url_for("accounts.me") if own else url_for("scheduling.absences")
