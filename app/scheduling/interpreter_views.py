"""Interpreters: the list, one of them with what is booked, adding, changing and closing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, allow, found, signed_in
from app.db import transact
from app.errors import DomainError
from app.forms import EmailField, Form, PhoneField, TimesField, area, text
from app.saving import save
from app.scheduling.blueprint import scheduling
from app.scheduling.interpreters import (
    add_interpreter,
    booked_with,
    change_interpreter,
    close_interpreter,
    interpreter_by_id,
    interpreters,
    reopen_interpreter,
)
from app.scheduling.models import KINDS, Interpreter
from app.scheduling.queries import openable

NARROW = {"params": {"classes": "govuk-input--width-20"}}


class InterpreterForm(Form):
    name = text("Name", required="Enter the interpreter’s name", most=120)
    languages = text(
        "Languages",
        required="Enter at least one language",
        hint="Separate them with commas. British Sign Language is one of them",
    )
    agency = text("Agency", hint="Leave empty when they work alone", most=120)
    phone = PhoneField("Phone", render_kw=NARROW)
    email = EmailField("E-mail address")
    free_times = TimesField(
        "When they can be booked", hint="For example: Mon to Thu 9:00-17:00. Leave empty to ask"
    )
    notes = area("Anything else", most=2000)

    def particulars(self) -> dict[str, Any]:
        typed = (self.languages.data or "").replace(";", ",").split(",")
        return {
            "name": self.name.data,
            "languages": [word.strip() for word in typed if word.strip()],
            "agency": self.agency.data or None,
            "phone": self.phone.data,
            "email": self.email.data,
            "free_times": self.free_times.data,
            "notes": self.notes.data or None,
        }


def this_interpreter(interpreter_id: int) -> Interpreter:
    row: Interpreter = found(interpreter_by_id(interpreter_id))
    return row


@scheduling.get("/interpreters", endpoint="interpreters")
@signed_in
def list_page() -> str:
    closed = request.args.get("show") == "closed"
    words = request.args.get("q", "").strip()[:100].casefold()
    rows = [
        row
        for row in interpreters(closed=closed)
        if not words or any(words in said.casefold() for said in (row.name, *row.languages))
    ]
    return render_template("scheduling/interpreters.html", rows=rows, closed=closed, words=words)


@scheduling.get("/interpreters/<id:interpreter_id>", endpoint="interpreter")
@signed_in
def one_page(interpreter_id: int) -> str:
    row = this_interpreter(interpreter_id)
    booked = booked_with(row, after=clock.now())
    return render_template(
        "scheduling/interpreter.html",
        row=row, booked=booked, seen=openable(booked, current_user), kinds=KINDS,
    )  # fmt: skip


@scheduling.route("/interpreters/new", methods=["GET", "POST"])
@allow(*ARRANGERS)
def new_interpreter() -> Any:
    form = InterpreterForm()
    return save(
        form,
        lambda: add_interpreter(by=current_user, at=clock.now(), **form.particulars()),
        page=lambda: render_template("scheduling/interpreter_form.html", form=form, row=None),
        then=lambda row: url_for("scheduling.interpreter", interpreter_id=row.id),
        said=lambda row: f"{row.name} is added and can be booked.",
    )


@scheduling.route("/interpreters/<id:interpreter_id>/edit", methods=["GET", "POST"])
@allow(*ARRANGERS)
def edit_interpreter(interpreter_id: int) -> Any:
    row = this_interpreter(interpreter_id)
    kept = ("name", "agency", "phone", "email", "free_times", "notes", "version")
    form = InterpreterForm(
        data={"languages": ", ".join(row.languages), **{name: getattr(row, name) for name in kept}}
    )
    return save(
        form,
        lambda: change_interpreter(
            row, form.particulars(), by=current_user, at=clock.now(), expect_version=form.opened_at
        ),
        page=lambda: render_template(
            "scheduling/interpreter_form.html", form=form, row=this_interpreter(interpreter_id)
        ),
        then=lambda _: url_for("scheduling.interpreter", interpreter_id=interpreter_id),
        said="Saved.",
        row=row,
    )


@scheduling.post("/interpreters/<id:interpreter_id>/close", endpoint="close_interpreter")
@allow(*ARRANGERS)
def close_page(interpreter_id: int) -> Response:
    row = this_interpreter(interpreter_id)
    act = reopen_interpreter if row.left_at else close_interpreter
    said = "They can be booked again." if row.left_at else "They are booked for nothing new."
    try:
        transact(lambda: act(row, by=current_user, at=clock.now()))
        flash(said, "success")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("scheduling.interpreter", interpreter_id=interpreter_id))
