"""Starting and ending a programme, consent to film, goals, clips and reviews: one page each."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from app import clock
from app.access import found, signed_in
from app.accounts import queries as accounts
from app.db import db, transact
from app.errors import DomainError
from app.families.blueprint import home_of
from app.forms import Form, put
from app.programmes.blueprint import programmes, this_cycle, this_family
from app.programmes.clips import Moment, choose_clips
from app.programmes.consents import record_consent, withdraw_consent
from app.programmes.ending import (
    delete_media,
    end_programme,
    settle_follow_up,
    visits_to_come,
)
from app.programmes.filmed import consents_of, people_of
from app.programmes.forms import (
    ClipsForm,
    ConsentForm,
    DeletedForm,
    EndForm,
    FollowUpForm,
    GoalForm,
    ReviewForm,
    StartForm,
)
from app.programmes.goals import close_goal, rate_goals, set_goal
from app.programmes.models import PURPOSES, Consent, Goal, Programme
from app.programmes.queries import may_read_goals, open_programme, programmes_of
from app.programmes.reviews import finish_review
from app.programmes.start import change_planned, start_programme
from app.programmes.time_codes import read_time_code, time_code
from app.scheduling.models import KINDS
from app.settings import store
from app.times import for_staff


def saved(form: Form, act: Callable[[], object]) -> bool:
    """Whether a posted form was whole and its act was done; a refusal stands on the form."""
    if not form.validate_on_submit():
        return False
    try:
        transact(act)
    except DomainError as refused:
        put(form, refused)
        return False
    return True


def page(template: str, form: Form, **words: Any) -> tuple[str, int]:
    refused = bool(form.errors or form.form_errors)
    return render_template(f"programmes/{template}", form=form, **words), 422 if refused else 200


def ratings_from(goals: list[Goal]) -> dict[int, int]:
    """The numbers typed for goals, by goal; one left open is not rated."""
    typed = {goal.id: request.form.get(f"goal_{goal.id}", "") for goal in goals}
    return {goal_id: int(n) for goal_id, n in typed.items() if n.isdigit() and int(n) <= 10}


def open_goals_of(programme: Programme | None) -> list[Goal]:
    return [goal for goal in programme.goals if goal.closed_on is None] if programme else []


@programmes.route("/families/<reference>/programme", methods=["GET", "POST"])
@signed_in
def programme(reference: str) -> Any:
    """Begin a course, or plan more or fewer cycles."""
    family, at = this_family(reference), clock.now()
    running = open_programme(family.id)
    form = StartForm()
    form.practitioner_id.choices = [(str(p.id), p.name) for p in accounts.team()]
    if running:
        del form.practitioner_id
    if request.method == "GET":
        form.version.data = str(running.version) if running else ""
        form.planned_cycles.data = (
            running.planned_cycles if running else store.current().cycles_least
        )
        if not running:
            form.practitioner_id.data = str(family.practitioner_id or "")

    def act() -> object:
        reason = form.reason.data or None
        cycles = int(form.planned_cycles.data)
        if running:
            change_planned(
                running, cycles, by=current_user, at=at, reason=reason, opened_at=form.opened_at
            )
            return running
        return start_programme(
            family, int(form.practitioner_id.data), cycles, on=clock.today(), by=current_user,
            at=at, reason=reason,
        )  # fmt: skip

    if saved(form, act):
        flash("The programme is planned.", "success")
        return redirect(home_of(family))
    return page("start.html", form, family=family, running=running)


@programmes.route("/families/<reference>/programme/end", methods=["GET", "POST"])
@signed_in
def end(reference: str) -> Any:
    """End a course, with a reason and no blame; what is cancelled is named first."""
    family, at = this_family(reference), clock.now()
    running = found(open_programme(family.id))
    form = EndForm()
    if request.method == "GET":
        form.version.data, form.on.data = str(running.version), clock.today()
    if saved(
        form,
        lambda: end_programme(
            running, form.ending.data, on=form.on.data or clock.today(), by=current_user, at=at,
            words=form.words.data or None, tell_family=not form.quiet.data,
            opened_at=form.opened_at,
        ),
    ):  # fmt: skip
        flash("The programme has ended. Thank the family.", "success")
        return redirect(home_of(family))
    coming = [
        f"{KINDS[visit.kind]}, {for_staff(visit.starts_at)}"
        for visit in visits_to_come(family.id, at)
    ]
    return page("end.html", form, family=family, coming=coming)


@programmes.route("/families/<reference>/media", methods=["GET", "POST"])
@signed_in
def media(reference: str) -> Any:
    """Where videos are kept, and that they were deleted; no video is ever here."""
    family = this_family(reference)
    last: Programme = found(next(iter(programmes_of(family.id)), None))
    form = DeletedForm()
    if request.method == "GET":
        form.version.data, form.on.data = str(last.version), clock.today()
    if saved(
        form,
        lambda: delete_media(
            last,
            form.on.data or clock.today(),
            by=current_user,
            at=clock.now(),
            opened_at=form.opened_at,
        ),
    ):
        flash("Recorded: the videos are deleted.", "success")
        return redirect(home_of(family))
    return page("media.html", form, family=family, programme=last)


@programmes.route("/families/<reference>/follow-up", methods=["GET", "POST"])
@signed_in
def follow_up(reference: str) -> Any:
    """What came of the follow-up, or why there was none; or book one."""
    family = this_family(reference)
    last: Programme = found(next((p for p in programmes_of(family.id) if p.ended_on), None))
    form = FollowUpForm()
    if saved(
        form,
        lambda: settle_follow_up(last, form.words.data, by=current_user, at=clock.now()),
    ):
        flash("Recorded.", "success")
        return redirect(home_of(family))
    return page("follow_up.html", form, family=family, programme=last)


@programmes.route("/families/<reference>/consent", methods=["GET", "POST"])
@signed_in
def consent(reference: str) -> Any:
    """Each person's own answer for each purpose."""
    family, at = this_family(reference), clock.now()
    people = people_of(family.id)
    form = ConsentForm()
    form.person.choices = [(f"{kind}:{n}", name) for (kind, n), name in people.items()]
    if request.method == "GET":
        form.on.data = clock.today()

    def act() -> Consent:
        kind, _, number = str(form.person.data).partition(":")
        return record_consent(
            family, (kind, int(number)), form.purpose.data, form.given.data == "yes",
            given_by=form.given_by.data, method=form.method.data, on=form.on.data or clock.today(),
            by=current_user, at=at,
        )  # fmt: skip

    if saved(form, act):
        flash("The answer is recorded.", "success")
        return redirect(url_for("programmes.consent", reference=family.reference))
    return page(
        "consent.html", form, family=family, answers=consents_of(family.id), purposes=PURPOSES
    )


@programmes.post("/families/<reference>/consent/<id:consent_id>/withdraw")
@signed_in
def withdraw(reference: str, consent_id: int) -> Any:
    """A yes is taken back."""
    family = this_family(reference)
    row = found(db.session.get(Consent, consent_id))
    if row.family_id != family.id:
        raise NotFound
    transact(lambda: withdraw_consent(row, clock.today(), by=current_user, at=clock.now()))
    flash("Taken back. What it touches is on the work list.", "success")
    return redirect(url_for("programmes.consent", reference=family.reference))


@programmes.route("/families/<reference>/goals", methods=["GET", "POST"])
@signed_in
def goals(reference: str) -> Any:
    """Goals of the running programme: add one, rate all, close one."""
    family, at = this_family(reference), clock.now()
    if not may_read_goals(current_user, family):
        raise NotFound
    running = found(open_programme(family.id))
    form = GoalForm()
    if saved(
        form,
        lambda: set_goal(
            running, form.words.data, int(form.first.data), int(form.hoped_for.data),
            about_adult=form.about_adult.data, on=clock.today(), by=current_user, at=at,
        ),
    ):  # fmt: skip
        flash("The goal is set.", "success")
        return redirect(url_for("programmes.goals", reference=family.reference))
    return page("goals.html", form, family=family, goals=open_goals_of(running))


@programmes.post("/families/<reference>/goals/rate")
@signed_in
def rate(reference: str) -> Any:
    """Where the family says it is now, for every goal that was answered."""
    family = this_family(reference)
    if not may_read_goals(current_user, family):
        raise NotFound
    running = found(open_programme(family.id))
    given = ratings_from(open_goals_of(running))
    transact(lambda: rate_goals(running, given, on=clock.today(), by=current_user, at=clock.now()))
    flash(f"{len(given)} rated.", "success")
    return redirect(home_of(family))


@programmes.post("/families/<reference>/goals/<id:goal_id>/close")
@signed_in
def close(reference: str, goal_id: int) -> Any:
    """The family has done with a goal."""
    family = this_family(reference)
    running = found(open_programme(family.id))
    goal = next((goal for goal in running.goals if goal.id == goal_id), None)
    if goal is None or not may_read_goals(current_user, family):
        raise NotFound
    transact(
        lambda: close_goal(
            goal, on=clock.today(), family_id=family.id, by=current_user, at=clock.now()
        )
    )
    flash("The goal is closed.", "success")
    return redirect(url_for("programmes.goals", reference=family.reference))


@programmes.route("/cycles/<id:cycle_id>/clips", methods=["GET", "POST"])
@signed_in
def clips(cycle_id: int) -> Any:
    """Three moments that went well, by time code; choosing them frees the review."""
    cycle, family = this_cycle(cycle_id)
    form = ClipsForm()
    if request.method == "GET":
        form.version.data, form.kept_where.data = str(cycle.version), cycle.kept_where
        for number, clip in enumerate(cycle.clips[:3], start=1):
            form[f"from_{number}"].data = time_code(clip.starts_s)
            form[f"to_{number}"].data = time_code(clip.ends_s)
            form[f"note_{number}"].data = clip.note
    warnings: list[str] = []

    def act() -> None:
        warnings[:] = choose_clips(
            cycle, moments(form), by=current_user, at=clock.now(),
            kept_where=form.kept_where.data or None, opened_at=form.opened_at,
        )  # fmt: skip

    if saved(form, act):
        flash(" ".join(["The clips are chosen.", *warnings]), "success")
        return redirect(home_of(family))
    return page("clips.html", form, family=family, cycle=cycle)


def moments(form: ClipsForm) -> list[Moment]:
    """The rows that were filled in; a time code that cannot be read is named."""
    rows = []
    for number in (1, 2, 3):
        typed = [
            str(form[f"{part}_{number}"].data or "").strip() for part in ("from", "to", "note")
        ]
        if not typed[0] and not typed[1]:
            continue
        try:
            rows.append(
                Moment(read_time_code(typed[0]), read_time_code(typed[1]), typed[2] or None)
            )
        except ValueError:
            raise DomainError(
                f"Write the times of clip {number} as minutes and seconds, such as 2:05.",
                f"from_{number}",
            ) from None
    return rows


@programmes.route("/cycles/<id:cycle_id>/review", methods=["GET", "POST"])
@signed_in
def review(cycle_id: int) -> Any:
    """The review took place: the cycle counts, and the goals are rated again."""
    cycle, family = this_cycle(cycle_id)
    rated = open_goals_of(open_programme(family.id))
    form = ReviewForm()
    if request.method == "GET":
        form.version.data = str(cycle.version)
    if saved(
        form,
        lambda: finish_review(
            cycle, by=current_user, at=clock.now(), words=form.words.data or None,
            ratings=ratings_from(rated) or None, opened_at=form.opened_at,
        ),
    ):  # fmt: skip
        flash(f"Cycle {cycle.number} is reviewed.", "success")
        return redirect(home_of(family))
    return page("review.html", form, family=family, cycle=cycle, goals=rated)
