"""The staff's pages about texts: what waits, one person's thread, and answering it."""

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import ScalarSelect, func, select
from werkzeug.wrappers import Response

from app import clock, pages
from app.access import ARRANGERS, found, signed_in
from app.db import db, transact, write_in_get
from app.errors import DomainError
from app.forms import put
from app.messaging import blocks, free_text, inbox, languages, registry, threads
from app.messaging.blueprint import messaging
from app.messaging.calls import record_call, settle_by_call
from app.messaging.coming import coming, deciders
from app.messaging.forms import CallForm, NumberForm, QuarantineForm, TextForm
from app.messaging.threads import NUMBER, Thread
from app.paging import Asked
from app.tasks.by_hand import close_by_hand
from app.tasks.models import Task
from app.tasks.waiting import TAGS

SHOWS = ("waiting", "all", "not-sent")
# Closed from the thread with one click; any other kind wants words, on its own page.
NOTHING_TO_DO = ("reply",)


messaging.app_template_filter("direction")(languages.direction)


def badge() -> tuple[int, str]:
    """How many replies wait, for the navigation; practitioners see none."""
    if current_user.role not in ARRANGERS:
        return (0, "")
    return (pages.small_read("replies") or 0, "replies wait")


def replies_waiting() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Task.closed_at.is_(None), Task.kind.in_(("danger", "reply", "change_asked")))
        .scalar_subquery()
    )


@messaging.get("")
@signed_in
def index() -> str:
    at = clock.now()
    show = request.args.get("show", "waiting")
    if show not in SHOWS:
        abort(404)
    waiting = inbox.waiting(current_user)
    asked = Asked.of(request.args)
    held = inbox.not_sent(current_user, at, asked.page if show == "not-sent" else 1)
    return render_template(
        "messaging/inbox.html",
        show=show,
        waiting=waiting,
        done=inbox.done_by_the_service(current_user, at) if show == "waiting" else (),
        everybody=inbox.everything(current_user, asked) if show == "all" else None,
        asked=asked,
        held=held,
        tags=TAGS,
    )


@messaging.route("/<kind>/<id:person_id>", methods=["GET", "POST"])
@signed_in
def thread(kind: str, person_id: int) -> str | Response | tuple[str, int]:
    read = found(threads.thread(kind, person_id, current_user))
    form, at, draft = TextForm(), clock.now(), None
    if form.validate_on_submit():
        if read.person is None:
            abort(404)
        try:
            now = bool(form.now.data)
            if form.check.data:
                draft = free_text.draft(read.person, form.words.data, now=now, at=at)
            else:
                send(read, form, at)
                flash("The text is on its way.", "success")
                return redirect(url_for("messaging.thread", kind=kind, person_id=person_id))
        except DomainError as refused:
            put(form, refused)
    elif request.method == "GET":
        note_read(kind, person_id, at)
        read = found(threads.thread(kind, person_id, current_user))
    status = 422 if form.errors else 200
    return thread_page(read, form, draft, at), status


def send(read: Thread, form: TextForm, at: datetime) -> None:
    person = found(read.person)
    transact(
        lambda: free_text.send_words(
            person,
            form.words.data,
            once=str(form.once.data or "")[:32],
            now=bool(form.now.data),
            by=current_user,
            at=at,
        )
    )


def note_read(kind: str, person_id: int, at: datetime) -> None:
    """The read is stored before it is shown."""
    if kind != NUMBER:
        write_in_get(lambda: registry.around(kind).note_read(person_id, current_user, at))


def thread_page(read: Thread, form: TextForm, draft: Any, at: datetime) -> str:
    around, lines = registry.around(read.kind), coming(read.planned, at)
    return render_template(
        "messaging/thread.html",
        thread=read,
        form=form,
        draft=draft,
        refusal=free_text.refusal(read.person) if read.person else None,
        page=around.page(read.id) if read.person else None,
        together=around.together(read.id) if read.person else None,
        concerns=around.concerns(read.id, at) if read.person else (),
        waiting=inbox.waiting(current_user),
        tags=TAGS,
        nothing_to_do=NOTHING_TO_DO,
        block_words=blocks.REASONS,
        coming=lines,
        deciders=deciders(lines, current_user),
    )


@messaging.route("/<kind>/<id:person_id>/call", methods=["GET", "POST"])
@signed_in
def call(kind: str, person_id: int) -> str | Response | tuple[str, int]:
    read = found(threads.thread(kind, person_id, current_user))
    person, at = found(read.person), clock.now()
    there = clock.london(at)
    form = CallForm(
        day=there.date(),
        time=there.time().replace(second=0),
        settles=[request.args.get("task", "")],
    )
    form.settles.choices = [(str(t.id), f"{TAGS[t.kind][0]}: {t.words}") for t in read.tasks]
    if form.validate_on_submit():
        try:
            transact(lambda: save_call(read, form, person.family_id, at))
            flash("The call is recorded.", "success")
            return redirect(url_for("messaging.thread", kind=kind, person_id=person_id))
        except DomainError as refused:
            put(form, refused)
    status = 422 if form.errors else 200
    return render_template("messaging/call.html", thread=read, form=form), status


def save_call(read: Thread, form: CallForm, family_id: int | None, at: datetime) -> None:
    assert form.day.data is not None
    assert form.time.data is not None
    try:
        called_at = clock.at_london(form.day.data, form.time.data)
    except ValueError as error:
        raise DomainError(f"{error}.", "time") from error
    record_call(
        (read.kind, read.id),
        form.outcome.data,
        form.words.data,
        called_at=called_at,
        family_id=family_id,
        by=current_user,
        at=at,
    )
    for task in read.tasks:
        if str(task.id) in (form.settles.data or ()):
            settle_by_call(task, form.outcome.data, by=current_user, at=at)


@messaging.route("/<kind>/<id:person_id>/number", methods=["GET", "POST"])
@signed_in
def number(kind: str, person_id: int) -> str | Response | tuple[str, int]:
    read = found(threads.thread(kind, person_id, current_user))
    phone = found(read.number)
    form = NumberForm() if read.block else QuarantineForm()
    if form.validate_on_submit():
        try:
            transact(lambda: change_number(read, form, phone, clock.now()))
            flash("Done. It holds from the next text on.", "success")
            return redirect(url_for("messaging.thread", kind=kind, person_id=person_id))
        except DomainError as refused:
            put(form, refused)
    status = 422 if form.errors else 200
    shown = render_template(
        "messaging/number.html", thread=read, form=form, block_words=blocks.REASONS
    )
    return shown, status


def change_number(read: Thread, form: Any, phone: str, at: datetime) -> None:
    if read.block is None:
        blocks.block_number(phone, "quarantine", "a member of staff", by=current_user, at=at)
        return
    if read.block.kind == "twilio":
        raise DomainError("Only the phone itself can lift this: it sends START to our number.")
    if not form.confirmed.data:
        raise DomainError("Tick this only after speaking to them.", "confirmed")
    blocks.lift_block(read.block, by=current_user, at=at)


@messaging.post("/tasks/<id:task_id>/nothing")
@signed_in
def nothing_to_do(task_id: int) -> Response:
    task = found(db.session.get(Task, task_id))
    kind, person_id = found(inbox.concerned([task]).get(task.id))
    read = found(threads.thread(kind, person_id, current_user))
    if task.kind not in NOTHING_TO_DO:
        abort(404)
    try:
        transact(lambda: close_by_hand(task, "Nothing to do.", by=current_user, at=clock.now()))
        flash("It is off the list.", "success")
    except DomainError as refused:
        flash(refused.message, "error")
    return redirect(url_for("messaging.thread", kind=read.kind, person_id=read.id))
