"""The goals of a programme: set one, rate them again, close one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import clock
from app.access import found, signed_in
from app.db import transact
from app.errors import DomainError
from app.programmes.blueprint import last_programme, private_family, programmes
from app.programmes.forms import GoalForm, RatingsForm, rated, ratings_in
from app.programmes.goals import close_goal, rate_goals, set_goal
from app.programmes.goals_shown import goals_of, rating_days
from app.programmes.models import Programme
from app.programmes.queries import open_programme
from app.saving import save


@programmes.route("/families/<reference>/goals", methods=["GET", "POST"])
@signed_in
def goals(reference: str) -> Any:
    """Goals of the running programme with their ratings, and a new one."""
    family, at = private_family(reference), clock.now()
    running: Programme = found(open_programme(family.id))
    form = GoalForm()

    def page() -> str:
        here = private_family(reference)
        shown = goals_of(found(open_programme(here.id)))
        return render_template(
            "programmes/goals.html", form=form, family=here, goals=shown, days=rating_days(shown),
            still=[goal for goal in shown if not goal.closed_on],
        )  # fmt: skip

    return save(
        form,
        lambda: set_goal(
            running, form.words.data, int(form.first.data), int(form.hoped_for.data),
            about_adult=form.about_adult.data, on=clock.today(), by=current_user, at=at,
        ),
        page=page,
        then=lambda _: url_for("programmes.goals", reference=reference),
        said="The goal is set.",
    )  # fmt: skip


@programmes.route("/families/<reference>/goals/rate", methods=["GET", "POST"])
@signed_in
def rate(reference: str) -> Any:
    """Where the family says it is now; also after the ending, at the follow-up."""
    family, at = private_family(reference), clock.now()
    programme = last_programme(family)
    still = [goal for goal in goals_of(programme) if not goal.closed_on]
    found(still or None)
    form: Any = rated(RatingsForm, still)()
    if request.method == "GET":
        form.on.data = clock.today()

    def act() -> int:
        given = ratings_in(form, still)
        if not given:
            raise DomainError("Choose a number for one goal at least.", f"goal_{still[0].id}")
        rate_goals(programme, given, on=form.on.data, by=current_user, at=at)
        return len(given)

    return save(
        form,
        act,
        page=lambda: render_template(
            "programmes/rate.html", form=form, family=private_family(reference), goals=still
        ),
        then=lambda _: url_for("desk.family", reference=reference),
        said=lambda number: f"{number} goal{'' if number == 1 else 's'} rated.",
    )


@programmes.post("/families/<reference>/goals/<id:goal_id>/close")
@signed_in
def close(reference: str, goal_id: int) -> Response:
    """The family has done with a goal."""
    family = private_family(reference)
    running: Programme = found(open_programme(family.id))
    goal = next((goal for goal in running.goals if goal.id == goal_id), None)
    if goal is None:
        raise NotFound
    chosen = goal
    transact(
        lambda: close_goal(
            chosen, on=clock.today(), family_id=family.id, by=current_user, at=clock.now()
        )
    )
    flash("The goal is closed. Its ratings stay.", "success")
    return redirect(url_for("programmes.goals", reference=reference))
