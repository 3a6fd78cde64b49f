"""The pages that begin a programme, plan it and end it."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.programmes.models import Programme, Rating
from app.programmes.queries import open_programme
from app.programmes.start import cycles_of
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast
from tests.programmes.course import TODAY, agreed, goal, one, paired, says, started
from tests.programmes.pages import refused, typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
START, END = "/families/F1042/programme", "/families/F1042/programme/end"


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_programme_begins_with_its_cycles(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    says(cast)
    jago = sign_in(cast.jago)
    assert f'value="{cast.tamsin.id}" selected' in words_of(jago.get(START))

    answer = jago.post(START, data={"practitioner": cast.kerensa.id, "planned_cycles": "4"})

    assert answer.location == "/families/F1042"
    running = open_programme(cast.hannah.id)
    assert running is not None
    assert (running.practitioner_id, len(running.cycles)) == (cast.kerensa.id, 4)


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"practitioner": ""}, "Choose the practitioner", "practitioner"),
        ({"practitioner": "999"}, "Choose the practitioner", "practitioner"),
        ({"planned_cycles": ""}, "Enter how many cycles", "planned_cycles"),
        ({"planned_cycles": "many"}, "whole number from 1 to 12", "planned_cycles"),
        ({"planned_cycles": "13"}, "whole number from 1 to 12", "planned_cycles"),
        ({"planned_cycles": "2"}, "at least 3 cycles", "planned_cycles"),
        ({"planned_cycles": "8"}, "needs a manager", "planned_cycles"),
        ({"reason": "x" * 501}, "500 characters", "reason"),
    ],
)
def test_a_wrong_plan_is_kept_beside_its_sentence(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str, field: str
) -> None:
    says(cast)
    data = {"practitioner": str(cast.tamsin.id), "planned_cycles": "5", "reason": "As agreed"}

    page = refused(sign_in(cast.jago), START, {**data, **change}, sentence, field)

    assert change.get("planned_cycles", "5") in page
    assert change.get("reason", "As agreed") in page
    assert open_programme(cast.hannah.id) is None


def test_no_programme_begins_before_the_familys_own_yes(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    says(cast, "thinking")

    answer = sign_in(cast.jago).post(
        START, data={"practitioner": cast.tamsin.id, "planned_cycles": "3"}
    )

    assert answer.status_code == 422
    assert "has not said yes" in words_of(answer)
    assert open_programme(cast.hannah.id) is None


def test_an_eighth_cycle_needs_a_manager_and_a_reason(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    manager = sign_in(cast.morwenna)

    eight = {"planned_cycles": "8", "version": str(programme.version)}
    refused(manager, START, eight, "Write down why", "reason")
    answer = manager.post(START, data={**eight, "reason": "A second child came"})

    assert answer.status_code == 302
    assert len(cycles_of(programme)) == 8
    assert "A second child came" in words_of(manager.get(START))


def test_a_plan_changed_meanwhile_is_not_overwritten(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    jago = sign_in(cast.jago)
    opened = {"version": str(programme.version), "planned_cycles": "6"}
    sign_in(cast.tamsin).post(START, data={**opened, "planned_cycles": "5"})

    answer = jago.post(START, data=opened)

    assert answer.status_code == 409
    assert len(cycles_of(programme)) == 5


def test_an_ending_names_what_it_cancels_and_takes_the_last_ratings(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    made = goal(cast, programme)
    agreed(cast)
    filming, reviewing = paired(cast, programme)
    tamsin = sign_in(cast.tamsin)
    page = words_of(tamsin.get(END))
    assert "Video session, Tue 1 Dec 10:00, with Tamsin Nance" in page
    assert "“Wait and watch”" in page

    answer = tamsin.post(
        END,
        data={
            "ending": "family_chose", "on": typed(TODAY), "quiet": "y", f"goal_{made.id}": "6",
            "words": "They notice him now.", "version": str(programme.version),
        },
    )  # fmt: skip

    assert answer.location == "/families/F1042"
    ended = db.session.get_one(Programme, programme.id, populate_existing=True)
    assert (ended.ending, ended.ending_words) == ("family_chose", "They notice him now.")
    assert {one(filming).status, one(reviewing).status} == {"cancelled"}
    assert db.session.query(Rating).filter_by(goal_id=made.id, value=6).count() == 1
    after = words_of(tamsin.get("/families/F1042"))
    assert "the family chose to stop" in after
    assert "Change the plan" not in after


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"ending": ""}, "Choose how it ended", "ending"),
        ({"ending": "thrown_out"}, "Choose how it ended", "ending"),
        ({"ending": "completed"}, "of at least 3 cycles are reviewed", "ending"),
        ({"on": ["", "", ""]}, "Enter the day", "on"),
        ({"on": ["31", "2", "2026"]}, "Enter a real date", "on"),
        ({"on": typed(date(2026, 11, 24))}, "not one ahead", "on"),
        ({"on": typed(date(2026, 11, 22))}, "since the programme began", "on"),
        ({"words": "x" * 2001}, "2000 characters", "words"),
    ],
)
def test_a_wrong_ending_ends_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict, sentence: str, field: str
) -> None:
    programme = started(cast)
    filming, _ = paired(cast, programme)
    opened = str(programme.version)
    data = {"ending": "moved", "on": typed(TODAY), "words": "To Devon", "version": opened}

    page = refused(sign_in(cast.tamsin), END, {**data, **change}, sentence, field)

    assert change.get("words", "To Devon") in page
    assert open_programme(cast.hannah.id) is not None
    assert one(filming).status == "booked"


def test_a_number_off_the_scale_ends_nothing(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    programme = started(cast)
    made = goal(cast, programme)
    data = {"ending": "moved", "on": typed(TODAY), f"goal_{made.id}": "11"}

    refused(sign_in(cast.tamsin), END, data, "Choose one of the answers", f"goal_{made.id}")

    assert open_programme(cast.hannah.id) is not None


def test_an_ending_opened_before_a_change_is_shown_again_with_what_was_typed(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    opened = str(programme.version)
    tamsin = sign_in(cast.tamsin)
    tamsin.post(START, data={"planned_cycles": "5", "version": opened})
    data = {"ending": "moved", "on": typed(TODAY), "words": "To Devon", "version": opened}

    answer = tamsin.post(END, data=data)

    page = words_of(answer)
    assert answer.status_code == 409
    assert "changed by somebody else" in page
    assert "To Devon" in page
    assert open_programme(cast.hannah.id) is not None
    assert tamsin.post(END, data={**data, "version": str(int(opened) + 1)}).status_code == 302


def test_where_nothing_runs_there_is_nothing_to_end(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    assert sign_in(cast.tamsin).get(END).status_code == 404
    assert db.session.query(Appointment).count() == 0
