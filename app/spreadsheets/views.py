"""Importing by upload, for managers: choose files, see what would be done, import; take back.

The first post is a dry run; its page carries the files to the second (`carried.py`).
"""

import csv
import io
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from sqlalchemy import select

from app import clock
from app.access import MANAGER, allow, found
from app.accounts import queries as accounts
from app.db import db, transact
from app.errors import DomainError
from app.forms import put
from app.spreadsheets.carried import pack, unpack
from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.forms import CheckedForm, FilesForm, TakeBackForm
from app.spreadsheets.imports import KIND_WORDS, Outcome, import_files
from app.spreadsheets.models import Import
from app.spreadsheets.take_back import take_back, what_was_touched

spreadsheets = Blueprint("spreadsheets", __name__)
URGENT: tuple[str, ...] = ("left out", "imported without this", "imported")  # shown in this order
MOST_SHOWN = 500  # lines of the report on a page; the CSV has all of them


@spreadsheets.route("/import", methods=["GET", "POST"])
@allow(MANAGER)
def upload() -> Any:
    """Choose files; the post with files is a dry run, the post of its page imports."""
    if request.method == "POST" and "carried" in request.form:
        return import_checked()
    form = FilesForm()
    if form.validate_on_submit() and (files := form.chosen()):
        try:
            return show_check(files)
        except DomainError as error:
            put(form, error)
    return show_upload(form)


def show_upload(form: FilesForm | CheckedForm) -> Response:
    page = render_template(
        "spreadsheets/upload.html",
        form=form,
        files_form=form if isinstance(form, FilesForm) else FilesForm(formdata=None),
        imports=db.session.scalars(select(Import).order_by(Import.id.desc()).limit(50)).all(),
        columns=COLUMNS,
        kinds=KIND_WORDS,
        who=accounts.who,
        imported_of=imported_of,
    )
    return make_response(page, 422 if form.is_submitted() else 200)


def show_check(files: list[tuple[str, bytes]]) -> Response:
    """What would be done; nothing of it is stored, and nothing of the files kept.

    Files of which nothing can be read are a form that was filled in wrongly: 422.
    """
    staff_id = current_user.id
    outcome = import_files(files, by=current_user, at=clock.now(), dry_run=True)
    db.session.rollback()
    page = render_template(
        "spreadsheets/check.html",
        form=CheckedForm(formdata=None, carried=pack(files, key=secret(), staff_id=staff_id)),
        outcome=outcome,
        lines=sorted(outcome.problems, key=lambda line: URGENT.index(line.what_was_done))[
            :MOST_SHOWN
        ],
        files=[name for name, _ in files],
        kinds=KIND_WORDS,
    )
    return make_response(page, 422 if outcome.refused and not outcome.counts else 200)


def import_checked() -> Any:
    form = CheckedForm()
    try:
        files = unpack(form.carried.data or "", key=secret(), staff_id=current_user.id)
        outcome = transact(lambda: import_files(files, by=current_user, at=clock.now()))
    except DomainError as error:
        put(form, error)
        return show_upload(form)
    if outcome.import_id is None:
        flash("Nothing was new in these files, so nothing was changed.", "success")
        return redirect(url_for("spreadsheets.upload"))
    flash(said(outcome), "success")
    return redirect(url_for("spreadsheets.imported", import_id=outcome.import_id))


def said(outcome: Outcome) -> str:
    rows = "1 row" if outcome.imported == 1 else f"{outcome.imported} rows"
    return f"Imported {rows}. No booking texts go; reminders go where nothing is to be checked."


def secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@spreadsheets.get("/import/<id:import_id>")
@allow(MANAGER)
def imported(import_id: int) -> str:
    """What one import did, with its report."""
    made = import_of(import_id)
    lines = report_lines(made)
    return render_template(
        "spreadsheets/imported.html",
        made=made,
        lines=sorted(lines, key=lambda line: URGENT.index(line["what_was_done"]))[:MOST_SHOWN],
        number=len(lines),
        kinds=KIND_WORDS,
        who=accounts.who,
        touched=[] if made.taken_back_at else what_was_touched(made),
    )


@spreadsheets.get("/import/<id:import_id>/report.csv")
@allow(MANAGER)
def report(import_id: int) -> Response:
    """The report as a spreadsheet opens it: with its mark for UTF-8, every cell guarded."""
    made = import_of(import_id)
    name = f"import-{made.id}-{clock.london(made.at):%Y-%m-%d}.csv"
    return Response(
        made.report.encode("utf-8-sig"),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@spreadsheets.route("/import/<id:import_id>/take-back", methods=["GET", "POST"])
@allow(MANAGER)
def undo(import_id: int) -> Any:
    """Ask once, then delete what the import made."""
    form = TakeBackForm()
    made = import_of(import_id)
    if form.validate_on_submit():
        try:
            transact(lambda: take_back(made, by=current_user, at=clock.now()))
            flash("Taken back. Everything that this import made is deleted.", "success")
            return redirect(url_for("spreadsheets.upload"))
        except DomainError as error:
            put(form, error)
    page = render_template(
        "spreadsheets/take_back.html",
        form=form,
        made=import_of(import_id),
        kinds=KIND_WORDS,
    )
    return make_response(page, 409 if form.is_submitted() else 200)


def import_of(import_id: int) -> Import:
    row: Import = found(db.session.get(Import, import_id))
    return row


def imported_of(made: Import) -> int:
    return sum(count["imported"] for count in made.counts.values())


def report_lines(made: Import) -> list[dict[str, str]]:
    """The stored report's lines, as the pages show them."""
    return list(csv.DictReader(io.StringIO(made.report, newline="")))
