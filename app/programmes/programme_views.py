"""Beginning a programme, planning more or fewer cycles, and ending it."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from app import clock
from app.access import found, signed_in
from app.accounts import queries as accounts
from app.families.blueprint import home_of
from app.programmes.blueprint import programmes, this_family
from app.programmes.ending import end_programme, visits_to_come
from app.programmes.forms import EndForm, StartForm, rated, ratings_in
from app.programmes.goals_shown import goals_of
from app.programmes.queries import may_read_goals, open_programme, programme_by_id
from app.programmes.start import change_planned, start_programme
from app.saving import save
from app.scheduling.models import KINDS
from app.settings import store
from app.times import for_staff


@programmes.route("/families/<reference>/programme", methods=["GET", "POST"])
@signed_in
def programme(reference: str) -> Any:
    """Begin a course, or plan more or fewer cycles."""
    family, at = this_family(reference), clock.now()
    running = open_programme(family.id)
    form = start_form(new=running is None)
    if request.method == "GET":
        form.planned_cycles.data = store.current().cycles_least
        if running is None:
            form.practitioner.data = str(family.practitioner_id or "")
        else:
            form.version.data = str(running.version)
            form.planned_cycles.data, form.reason.data = (
                running.planned_cycles, running.planned_reason,
            )  # fmt: skip

    def act() -> object:
        reason, cycles = form.reason.data or None, int(form.planned_cycles.data)
        if running is None:
            return start_programme(
                family, int(form.practitioner.data), cycles, on=clock.today(),
                by=current_user, at=at, reason=reason,
            )  # fmt: skip
        change_planned(
            running, cycles, by=current_user, at=at, reason=reason, opened_at=form.opened_at
        )
        return running

    return save(
        form,
        act,
        page=lambda: render_template(
            "programmes/start.html", form=form, family=this_family(reference), running=running
        ),
        then=lambda _: home_of(this_family(reference)),
        said="The new plan is saved." if running else "The programme has begun.",
        row=running,
    )


def start_form(*, new: bool) -> StartForm:
    """What is asked for a new programme, or for one that runs."""
    form, most = StartForm(), store.current().cycles_most
    form.reason.label.text = f"Why more than {most} cycles?"
    form.reason.description = f"A manager can plan more than {most}, and writes down why."
    form.practitioner.choices = [("", "Choose"), *((str(p.id), p.name) for p in accounts.team())]
    if not new:
        del form.practitioner
    return form


@programmes.route("/families/<reference>/programme/end", methods=["GET", "POST"])
@signed_in
def end(reference: str) -> Any:
    """End a course, with a reason and no blame; what is cancelled is named first."""
    family, at = this_family(reference), clock.now()
    running = found(open_programme(family.id))
    private = may_read_goals(current_user, family)
    goals = [goal for goal in goals_of(running) if not goal.closed_on] if private else []
    form: Any = rated(EndForm, goals)()
    if request.method == "GET":
        form.version.data, form.on.data = str(running.version), clock.today()

    def page() -> str:
        here = this_family(reference)
        coming = [
            f"{KINDS[visit.kind]}, {for_staff(visit.starts_at)}, with {visit.staff.name}"
            for visit in visits_to_come(here.id, at)
        ]
        return render_template(
            "programmes/end.html", form=form, family=here, coming=coming, goals=goals
        )

    return save(
        form,
        lambda: end_programme(
            running, form.ending.data, on=form.on.data, by=current_user, at=at,
            words=form.words.data or None, tell_family=not form.quiet.data,
            ratings=ratings_in(form, goals), opened_at=form.opened_at,
        ),
        page=page,
        then=lambda _: home_of(this_family(reference)),
        said="The programme has ended. Thank the family.",
        version=lambda: found(programme_by_id(running.id)).version,
    )  # fmt: skip
