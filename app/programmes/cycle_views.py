"""What happens in a cycle: its clips are chosen, its review took place, an appointment joins it."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from app import clock
from app.access import found, signed_in
from app.errors import DomainError
from app.families.blueprint import home_of
from app.programmes.blueprint import programmes, this_cycle
from app.programmes.booking import join_cycle
from app.programmes.clips import Moment, choose_clips, is_near
from app.programmes.cycles import REVIEWED, CycleFacts, review_of, state_of
from app.programmes.forms import JoinForm, ReviewForm, rated, ratings_in, with_rows
from app.programmes.goals_shown import goals_of
from app.programmes.models import Cycle
from app.programmes.queries import cycle_by_id, facts_of, open_programme, programme_by_id
from app.programmes.reviews import finish_review, not_yet
from app.programmes.time_codes import read_time_code, time_code
from app.saving import save
from app.scheduling.blueprint import this_appointment
from app.scheduling.models import KINDS
from app.settings import store
from app.times import for_staff


def rows_of(cycle: Cycle) -> range:
    """The rows of a cycle's form: as many clips as are wanted, or were chosen."""
    return range(1, max(store.current().clips_wanted, len(cycle.clips)) + 1)


@programmes.route("/cycles/<id:cycle_id>/clips", methods=["GET", "POST"])
@signed_in
def clips(cycle_id: int) -> Any:
    """Moments that went well, by time code; choosing them frees the review."""
    cycle, family = this_cycle(cycle_id)
    rows = rows_of(cycle)
    form: Any = with_rows(len(rows))()
    if request.method == "GET":
        form.version.data, form.kept_where.data = str(cycle.version), cycle.kept_where
        for number, clip in enumerate(cycle.clips, start=1):
            form[f"from_{number}"].data = time_code(clip.starts_s)
            form[f"to_{number}"].data = time_code(clip.ends_s)
            form[f"note_{number}"].data = clip.note
    else:
        close_up(form, rows)

    def page() -> str:
        stored, here = this_cycle(cycle_id)
        facts = facts_of([stored])[stored.id]
        return render_template(
            "programmes/clips.html", form=form, family=here, cycle=stored, rows=rows,
            settled=state_of(facts) == REVIEWED, then=told_then(facts), time_code=time_code,
        )  # fmt: skip

    return save(
        form,
        lambda: choose_clips(
            cycle, moments(form, rows), by=current_user, at=clock.now(),
            kept_where=form.kept_where.data or None, opened_at=form.opened_at,
        ),
        page=page,
        then=lambda _: home_of(family),
        said=lambda warnings: " ".join(["The clips are chosen.", *warnings, told_now(cycle_id)]),
        version=lambda: this_cycle(cycle_id)[0].version,
    )  # fmt: skip


def close_up(form: Any, rows: range) -> None:
    """Rows that were left empty go last, so that clip 2 is the second that was written."""
    typed = [[form[f"{part}_{n}"].data for part in ("from", "to", "note")] for n in rows]
    typed.sort(key=lambda row: not any(row))
    for n, row in zip(rows, typed, strict=True):
        for part, words in zip(("from", "to", "note"), row, strict=True):
            form[f"{part}_{n}"].data = words


def moments(form: Any, rows: range) -> list[Moment]:
    """The rows that were filled in; a time code that is missing or cannot be read is named."""
    found_rows = []
    for number in rows:
        start, end, note = (form[f"{part}_{number}"].data for part in ("from", "to", "note"))
        if start or end or note:
            found_rows.append(
                Moment(seconds(start, f"from_{number}"), seconds(end, f"to_{number}"), note or None)
            )
    return found_rows


def seconds(typed: str | None, field: str) -> int:
    part, _, number = field.partition("_")
    if not typed:
        when = "begins" if part == "from" else "ends"
        raise DomainError(f"Write when clip {number} {when}, such as 2:05.", field)
    try:
        return read_time_code(typed)
    except ValueError as error:
        wrong = str(error)
        raise DomainError(f"Clip {number}: {wrong[0].lower()}{wrong[1:]}.", field) from None


def told_then(facts: CycleFacts) -> str:
    """Who will be told of the review when the clips are saved."""
    review = review_of(facts)
    if review is None or review.status != "provisional":
        return ""
    when = for_staff(review.starts_at)
    if is_near(review, store.current(), clock.now()):
        return f"The review on {when} is near: when you save, you are asked to ring the family."
    return f"When you save, the review on {when} stands and the family is told of it."


def told_now(cycle_id: int) -> str:
    """What became of the review once they were saved."""
    cycle = found(cycle_by_id(cycle_id))
    review = review_of(facts_of([cycle])[cycle.id])
    if review is None:
        return "Now book the review."
    when = for_staff(review.starts_at)
    if review.status == "provisional":
        return f"The review on {when} still waits: open it to see for what."
    if is_near(review, store.current(), clock.now()):
        return f"The review on {when} is near: ring the family."
    return f"The review on {when} stands."


@programmes.route("/cycles/<id:cycle_id>/review", methods=["GET", "POST"])
@signed_in
def review(cycle_id: int) -> Any:
    """The review took place: the cycle counts, and the goals are rated again."""
    cycle, family = this_cycle(cycle_id)
    programme = found(programme_by_id(cycle.programme_id))
    goals = [goal for goal in goals_of(programme) if not goal.closed_on]
    form: Any = rated(ReviewForm, goals)()
    if request.method == "GET":
        form.version.data = str(cycle.version)

    def page() -> str:
        stored, here = this_cycle(cycle_id)
        return render_template(
            "programmes/review.html", form=form, family=here, cycle=stored, goals=goals,
            wait=not_yet(facts_of([stored])[stored.id], clock.now()),
        )  # fmt: skip

    return save(
        form,
        lambda: finish_review(
            cycle, by=current_user, at=clock.now(), words=form.words.data or None,
            ratings=ratings_in(form, goals) or None, opened_at=form.opened_at,
        ),
        page=page,
        then=lambda _: home_of(family),
        said=f"Cycle {cycle.number} is reviewed.",
        version=lambda: this_cycle(cycle_id)[0].version,
    )  # fmt: skip


@programmes.route("/appointments/<id:appointment_id>/cycle", methods=["GET", "POST"])
@signed_in
def join(appointment_id: int) -> Any:
    """Which cycle a video session or review belongs to that came from a spreadsheet."""
    visit = this_appointment(appointment_id)
    if visit.kind not in ("video_session", "shared_review"):
        raise NotFound
    running = open_programme(visit.family_id)
    form = JoinForm()
    cycles = running.cycles if running else []
    form.cycle.choices = [
        (str(cycle.id), f"Cycle {cycle.number}") for cycle in cycles if not cycle.reviewed_on
    ]
    if request.method == "GET":
        form.version.data = str(visit.version)
        form.cycle.data = str(visit.cycle_id or "")
    return save(
        form,
        lambda: join_cycle(
            visit, found(cycle_by_id(int(form.cycle.data))), by=current_user, at=clock.now(),
            opened_at=form.opened_at,
        ),
        page=lambda: render_template(
            "programmes/join.html", form=form, visit=this_appointment(appointment_id),
            kind=KINDS[visit.kind],
        ),
        then=lambda _: url_for("scheduling.appointment", appointment_id=appointment_id),
        said="It belongs to its cycle now.",
        version=lambda: this_appointment(appointment_id).version,
    )  # fmt: skip
