"""The pages of goals: set, rate again, close, and the ratings drawn over time."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.programmes.goals import rate_goal
from app.programmes.models import Goal, Rating
from tests.cast import NOW, Cast
from tests.programmes.course import TODAY, days, goal, started
from tests.programmes.pages import refused, typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
GOALS, RATE = "/families/F1042/goals", "/families/F1042/goals/rate"
GOOD = {"words": "I want to wait for him.", "about_adult": "y", "first": "0", "hoped_for": "8"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def ratings() -> list[tuple[int, date]]:
    rows = db.session.execute(select(Rating.value, Rating.on).order_by(Rating.id))
    return [(value, on) for value, on in rows]


def test_a_goal_is_set_with_its_first_rating(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    started(cast)
    tamsin = sign_in(cast.tamsin)
    assert "No goal is set yet" in words_of(tamsin.get(GOALS))

    answer = tamsin.post(GOALS, data=GOOD)

    assert answer.location == GOALS
    made = db.session.scalars(select(Goal)).one()
    assert (made.words, made.hoped_for) == ("I want to wait for him.", 8)
    assert ratings() == [(0, TODAY)]


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"words": " "}, "Enter the goal", "words"),
        ({"words": "x" * 501}, "500 characters", "words"),
        ({"about_adult": ""}, "about what an adult will do", "about_adult"),
        ({"first": ""}, "Choose a number from 0 to 10", "first"),
        ({"first": "11"}, "Choose a number from 0 to 10", "first"),
        ({"hoped_for": "-1"}, "Choose a number from 0 to 10", "hoped_for"),
        ({"first": "9"}, "lower than where they are now", "hoped_for"),
    ],
)
def test_a_wrong_goal_is_kept_beside_its_sentence(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str, field: str
) -> None:
    started(cast)

    page = refused(sign_in(cast.tamsin), GOALS, {**GOOD, **change}, sentence, field)

    assert change.get("words", GOOD["words"]).strip() in page
    assert db.session.scalars(select(Goal)).all() == []


def test_no_number_is_chosen_for_the_family(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    goal(cast, started(cast))
    tamsin = sign_in(cast.tamsin)

    for path in (GOALS, RATE):
        assert not [
            field for field in words_of(tamsin.get(path)).split("<input") if " checked" in field
        ]


def test_a_fourth_goal_is_not_offered_and_not_taken(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    for _ in range(3):
        goal(cast, programme)
    tamsin = sign_in(cast.tamsin)

    assert "Close one before you set another" in words_of(tamsin.get(GOALS))
    refused(tamsin, GOALS, GOOD, "There are 3 goals already", "words")


def test_goals_are_rated_again_on_the_day_that_was_said(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    first, second = goal(cast, programme), goal(cast, programme)
    with time_machine.travel(NOW + days(15), tick=False):
        answer = sign_in(cast.tamsin).post(
            RATE, data={f"goal_{first.id}": "10", "on": typed(TODAY + days(14))}
        )

    assert answer.location == "/families/F1042"
    again = db.session.scalars(select(Rating).order_by(Rating.id.desc()).limit(1)).one()
    assert (again.goal_id, again.value, again.on) == (first.id, 10, TODAY + days(14))
    assert not db.session.scalars(
        select(Rating).where(Rating.goal_id == second.id, Rating.on > TODAY)
    ).all()


@pytest.mark.parametrize(
    ("value", "on", "sentence", "field"),
    [
        ("11", typed(TODAY), "Choose one of the answers", "goal_1"),
        ("-1", typed(TODAY), "Choose one of the answers", "goal_1"),
        ("five", typed(TODAY), "Choose one of the answers", "goal_1"),
        ("", typed(TODAY), "for one goal at least", "goal_1"),
        ("5", typed(TODAY + timedelta(days=1)), "cannot lie ahead", "on"),
        ("5", typed(TODAY - timedelta(days=1)), "had not begun", "on"),
        ("5", ["", "", ""], "Enter the day", "on"),
    ],
)
def test_a_rating_off_the_scale_or_ahead_is_refused(
    app: Flask, cast: Cast, sign_in: SignIn, value: str, on: list[str], sentence: str, field: str
) -> None:
    goal(cast, started(cast))
    before = ratings()

    refused(sign_in(cast.tamsin), RATE, {"goal_1": value, "on": on}, sentence, field)

    assert ratings() == before


def test_a_closed_goal_keeps_its_ratings_and_is_not_rated(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    made = goal(cast, started(cast))
    tamsin = sign_in(cast.tamsin)

    answer = tamsin.post(f"{GOALS}/{made.id}/close")

    assert answer.location == GOALS
    assert "closed on Mon 23 Nov" in words_of(tamsin.get(GOALS))
    assert tamsin.get(RATE).status_code == 404
    assert tamsin.post(f"{GOALS}/{made.id}/close").status_code == 409
    assert tamsin.post(f"{GOALS}/999/close").status_code == 404


def test_a_familys_page_draws_the_ratings_and_says_them(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    made = goal(cast, programme)
    tamsin = sign_in(cast.tamsin)
    assert "<svg" not in words_of(tamsin.get("/families/F1042")).partition("Goals")[2]
    later = NOW + days(15)
    transact(
        lambda: rate_goal(programme, made, 7, on=later.date(), by=cast.tamsin, at=later)
    )  # fmt: skip

    with time_machine.travel(later, tick=False):
        page = words_of(sign_in(cast.tamsin).get("/families/F1042"))

    assert 'aria-label="3 on Mon 23 Nov, 7 on Tue 8 Dec; hoped for 8"' in page
    assert "<polyline" in page


def test_who_arranges_sees_neither_goals_nor_their_pages(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    made = goal(cast, started(cast))
    jago = sign_in(cast.jago)

    assert "Wait and watch" not in words_of(jago.get("/families/F1042"))
    for path in (GOALS, RATE):
        assert jago.get(path).location == "/families/F1042"
        assert jago.post(path, data=GOOD).status_code == 404
    assert jago.post(f"{GOALS}/{made.id}/close").status_code == 404
    assert sign_in(cast.morwenna).get(GOALS).status_code == 200
