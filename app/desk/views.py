"""Today, a family's page, tasks, search, and the settings."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import PRACTITIONER, found, signed_in
from app.audit.record import actor, record_reads
from app.db import db, transact, write_in_get
from app.desk import family_page, family_texts, search, timeline, today, work_list
from app.desk.forms import TaskForm
from app.desk.ringing import to_ring
from app.enquiries.models import STEPS
from app.errors import DomainError
from app.families.models import CARER_TYPES, PHONE_OWNERS, WHERE, Family
from app.families.queries import carer_of, family_by_id, family_by_reference, visible_to
from app.forms import put
from app.messaging.coming import coming, deciders
from app.paging import Asked
from app.risk.duty import covering
from app.risk.models import LEVEL_MEANS, LEVELS
from app.scheduling.models import KINDS, STATUSES
from app.settings import store
from app.tasks.by_hand import close_by_hand
from app.tasks.models import Task
from app.times import age_words, near
from app.typed import read_number

desk = Blueprint("desk", __name__)


@desk.get("/")
@signed_in
def index() -> str:
    """Today: the work list, the day, and what is going on beside it."""
    at = clock.now()
    user = current_user._get_current_object()  # the row itself: it is asked about for every line
    mine = request.args.get("mine") == "1" or user.role == PRACTITIONER
    kind = request.args.get("kind", "")
    page = Asked.of(request.args).page
    manager, buddy = covering(at, store.current())
    work = work_list.work_list(user, at, mine=mine, kind=kind, page=page)
    lines, tomorrow = today.two_days(user, at)
    return render_template(
        "desk/today.html",
        at=at,
        mine=mine,
        kind=kind,
        work=work,
        lines=lines,
        left=[line for line in lines if not line.over],
        tomorrow=tomorrow,
        states_of=today.states_of,
        near=near,
        texts=today.texts_since_morning(at),
        manager=manager,
        buddy=buddy,
        nothing_yet=not work.team and not lines and nothing_yet(),
    )


def nothing_yet() -> bool:
    """Whether this is day one: no family at all, so the page says what to do first."""
    return (
        db.session.scalars(visible_to(current_user).with_only_columns(Family.id).limit(1)).first()
        is None
    )


@desk.get("/families/<reference>")
@signed_in
def family(reference: str) -> str | Response:
    """A family's page. Reading it is recorded before it is shown."""
    at, by = clock.now(), actor(current_user)
    whose = visible_to(current_user).where(Family.reference == reference)
    ids = write_in_get(
        lambda: record_reads(whose.with_only_columns(Family.id), "family", by=by, at=at)
    )
    if not ids:  # typed in another way, or merged into another
        family = found(family_by_reference(current_user, reference))
        return redirect(url_for("desk.family", reference=family.reference))
    family = found(family_by_id(current_user, ids[0]))
    page = family_page.read_page(
        current_user, family, store.current(), show=request.args.get("show", ""), at=at,
        older="all" in request.args,
    )  # fmt: skip
    return render_template(
        "desk/family.html",
        page=page,
        family=family,
        filters_shown=timeline.FILTERS,
        steps=STEPS,
        kinds=KINDS,
        statuses=STATUSES,
        levels=LEVELS,
        level_means=LEVEL_MEANS,
        carer_types=CARER_TYPES,
        phone_owners=PHONE_OWNERS,
        where_shown=WHERE,
        where_words=today.where_words,
        age_words=age_words,
        **{name: read(family, at) for name, read in family_page.parts.items()},
    )


@desk.get("/families/<reference>/texts")
@signed_in
def family_texts_page(reference: str) -> str | Response:
    """Every text, e-mail and call with a family. Reading it is recorded before it is shown."""
    at, by = clock.now(), actor(current_user)
    family = found(family_by_reference(current_user, reference))
    if family.reference != reference:
        return redirect(url_for("desk.family_texts_page", reference=family.reference))
    show, asked = request.args.get("show", ""), Asked.of(request.args)
    carer_id = read_number(request.args.get("carer"))
    if show not in family_texts.SHOWS or (carer_id and carer_of(family, carer_id) is None):
        abort(404)
    whose = visible_to(current_user).where(Family.id == family.id)
    write_in_get(lambda: record_reads(whose.with_only_columns(Family.id), "texts", by=by, at=at))
    thread = family_texts.family_thread(family, show=show, carer_id=carer_id, page=asked.page)
    lines = coming(thread.waiting[: family_texts.MOST_COMING], at)
    return render_template(
        "desk/family_texts.html",
        family=family,
        thread=thread,
        show=show,
        carer_id=carer_id,
        shows=family_texts.SHOWS,
        coming=lines,
        deciders=deciders(lines, current_user),
    )


@desk.route("/tasks/<id:task_id>", methods=["GET", "POST"])
@signed_in
def task(task_id: int) -> str | Response | tuple[str, int]:
    """One task: why it is there, what it is about, and closing it with what came of it."""
    row = found(db.session.get(Task, task_id))
    shown = found(work_list.named(current_user, work_list.task_item(row), clock.now()))
    form = TaskForm()
    if form.validate_on_submit():
        try:
            transact(lambda: close_by_hand(row, form.outcome.data, by=current_user, at=clock.now()))
        except DomainError as error:
            put(form, error)
        else:
            flash("Done. It is off the list.", "success")
            return redirect(url_for("desk.index"))
    status = 422 if form.errors else 200
    ring = to_ring(row)
    return render_template("desk/task.html", task=row, row=shown, form=form, ring=ring), status


@desk.get("/search")
@signed_in
def find() -> str | Response:
    """Search; one match opens it."""
    words = request.args.get("q", "").strip()[:100]
    hits = search.search(current_user, words) if words else []
    if len(hits) == 1:
        return redirect(hits[0].href)
    return render_template("desk/search.html", words=words, hits=hits, most=search.MOST)
