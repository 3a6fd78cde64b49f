"""The pages after a programme: where videos are kept, that they were deleted, the follow-up."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db, transact
from app.programmes.ending import end_programme
from app.programmes.models import Programme
from tests.cast import Cast
from tests.programmes.course import AFTER_VIDEO, agreed, cycle, filmed, paired, started
from tests.programmes.pages import refused, typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
MEDIA, KEPT = "/families/F1042/media", "/families/F1042/media/kept"
FOLLOW_UP = "/families/F1042/follow-up"
TODAY = AFTER_VIDEO.date()


@pytest.fixture(autouse=True)
def after_the_video() -> Iterator[None]:
    with time_machine.travel(AFTER_VIDEO, tick=False):
        yield


@pytest.fixture
def running(cast: Cast) -> Programme:
    programme = started(cast)
    agreed(cast)
    filming, _ = paired(cast, programme)
    filmed(cast, filming)
    return programme


@pytest.fixture
def ended(running: Programme, cast: Cast) -> Programme:
    transact(
        lambda: end_programme(running, "moved", on=TODAY, by=cast.tamsin, at=AFTER_VIDEO)
    )  # fmt: skip
    return running


def fresh(programme: Programme) -> Programme:
    return db.session.get_one(Programme, programme.id, populate_existing=True)


def test_where_videos_are_kept_is_written_down(
    running: Programme, cast: Cast, sign_in: SignIn
) -> None:
    tamsin = sign_in(cast.tamsin)
    assert "not written down" in words_of(tamsin.get(MEDIA))

    answer = tamsin.post(KEPT, data={"kept_1": "Laptop 4", "version": str(running.version)})

    assert answer.location == MEDIA
    assert cycle(running).kept_where == "Laptop 4"
    assert "Laptop 4" in words_of(tamsin.get(MEDIA))
    refused(tamsin, KEPT, {"kept_1": "x" * 201}, "200 characters", "kept_1")
    stale = tamsin.post(KEPT, data={"kept_1": "Laptop 5", "version": "1"})
    assert stale.status_code == 409
    assert cycle(running).kept_where == "Laptop 4"


def test_while_a_programme_runs_its_videos_are_needed(
    running: Programme, cast: Cast, sign_in: SignIn
) -> None:
    tamsin = sign_in(cast.tamsin)
    assert "They are deleted" not in words_of(tamsin.get(MEDIA))

    answer = tamsin.post(MEDIA, data={"on": typed(TODAY), "version": str(running.version)})

    assert answer.status_code == 422
    assert "has not ended" in words_of(answer)
    assert fresh(running).media_deleted_on is None


def test_deleted_videos_are_recorded_once(ended: Programme, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    assert "to be deleted by <b>Sun 31 Jan 2027</b>" in words_of(tamsin.get(MEDIA))

    answer = tamsin.post(MEDIA, data={"on": typed(TODAY), "version": str(fresh(ended).version)})

    assert answer.location == "/families/F1042"
    assert fresh(ended).media_deleted_on == TODAY
    page = words_of(tamsin.get(MEDIA))
    assert "All were deleted on Tue 1 Dec" in page
    assert "They are deleted" not in page
    again = {"on": typed(TODAY), "version": str(fresh(ended).version)}
    assert tamsin.post(MEDIA, data=again).status_code == 422


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (typed(date(2026, 12, 2)), "cannot lie ahead"),
        (typed(date(2026, 11, 1)), "cannot lie ahead"),
        (["", "", ""], "Enter the day"),
        (["1", "13", "2026"], "Enter a real date"),
    ],
)
def test_videos_are_not_deleted_on_an_impossible_day(
    ended: Programme, cast: Cast, sign_in: SignIn, on: list[str], sentence: str
) -> None:
    data = {"on": on, "version": str(fresh(ended).version)}
    refused(sign_in(cast.tamsin), MEDIA, data, sentence, "on")

    assert fresh(ended).media_deleted_on is None


def test_the_follow_up_is_booked_or_settled(ended: Programme, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    page = words_of(tamsin.get(FOLLOW_UP))
    assert "due on Tue 1 Jun 2027" in page
    assert "/families/F1042/book?kind=follow_up" in page

    answer = tamsin.post(FOLLOW_UP, data={"words": "They are well."})

    assert answer.location == "/families/F1042"
    assert fresh(ended).follow_up_words == "They are well."
    assert "<textarea" not in words_of(tamsin.get(FOLLOW_UP))
    assert tamsin.post(FOLLOW_UP, data={"words": "Again"}).status_code == 422
    assert fresh(ended).follow_up_words == "They are well."


@pytest.mark.parametrize(
    ("words", "sentence"), [(" ", "Say what came of it"), ("x" * 2001, "2000 characters")]
)
def test_a_follow_up_says_something_short(
    ended: Programme, cast: Cast, sign_in: SignIn, words: str, sentence: str
) -> None:
    refused(sign_in(cast.tamsin), FOLLOW_UP, {"words": words}, sentence, "words")

    assert fresh(ended).follow_up_words is None


def test_without_a_programme_there_is_nothing_after_it(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    tamsin: Any = sign_in(cast.tamsin)

    for path in (MEDIA, KEPT, FOLLOW_UP):
        assert tamsin.get(path).status_code == 404
        assert tamsin.post(path, data={}).status_code == 404
