"""The pages of a cycle: its clips, its review, an imported appointment that joins it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.messaging.models import Outbox
from app.programmes.models import Rating
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_REVIEW,
    AFTER_VIDEO,
    agreed,
    chosen,
    cycle,
    filmed,
    goal,
    one,
    paired,
    started,
)
from tests.programmes.pages import refused, words_of
from tests.scheduling.reading import value

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
CLIPS, REVIEW = "/cycles/1/clips", "/cycles/1/review"
THREE = {
    "version": "1", "from_1": "1:03", "to_1": "1:20", "note_1": "He looks, she waits",
    "from_2": "2:00", "to_2": "2.21", "from_3": "300", "to_3": "0:05:30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def after_the_video() -> Iterator[None]:
    with time_machine.travel(AFTER_VIDEO, tick=False):
        yield


@pytest.fixture
def course(cast: Cast) -> Any:
    """A programme with goal and consent, its first cycle filmed: (programme, goal, review)."""
    programme = started(cast)
    made = goal(cast, programme)
    agreed(cast)
    filming, reviewing = paired(cast, programme)
    filmed(cast, filming)
    return programme, made, reviewing


def stored(programme: Any) -> list[tuple[int, int, str | None]]:
    return [(clip.starts_s, clip.ends_s, clip.note) for clip in cycle(programme).clips]


def told() -> list[str]:
    return [row.purpose for row in db.session.query(Outbox).filter_by(about_kind="appointment")]


def test_chosen_clips_free_the_review(course: Any, cast: Cast, sign_in: SignIn) -> None:
    programme, _, reviewing = course
    tamsin = sign_in(cast.tamsin)
    assert one(reviewing).status == "provisional"
    assert "the review on Tue 8 Dec 10:00 stands" in words_of(tamsin.get(CLIPS))

    answer = tamsin.post(CLIPS, data={**THREE, "kept_where": "Laptop 4", "version": "1"})

    assert answer.location == "/families/F1042"
    assert stored(programme) == [
        (63, 80, "He looks, she waits"), (120, 141, None), (300, 330, None),
    ]  # fmt: skip
    assert one(reviewing).status == "booked"
    again = words_of(tamsin.get(CLIPS))
    assert 'value="1:03"' in again
    assert 'value="Laptop 4"' in again


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"from_1": "soon"}, "minutes and seconds", "from_1"),
        ({"from_1": "1:75"}, "seconds from 00 to 59", "from_1"),
        ({"to_2": "2:5"}, "minutes and seconds", "to_2"),
        ({"to_1": ""}, "Write when clip 1 ends", "to_1"),
        ({"from_3": "", "to_3": "", "note_3": "A smile"}, "Write when clip 3 begins", "from_3"),
        ({"to_1": "1:04"}, "lasts 1 seconds", "to_1"),
        ({"to_2": "3:01"}, "lasts 61 seconds", "to_2"),
        ({"to_1": "1:00"}, "must end after it begins", "to_1"),
        ({"from_1": "999:00", "to_1": "999:10"}, "beyond the film", "to_1"),
        ({"note_1": "x" * 501}, "500 characters", "note_1"),
        ({"kept_where": "x" * 201}, "200 characters", "kept_where"),
        ({**dict.fromkeys(THREE, ""), "version": "1"}, "at least one clip", "to_1"),
    ],
)
def test_wrong_clips_are_kept_beside_their_sentence(
    course: Any, cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str, field: str
) -> None:
    programme, _, reviewing = course

    page = refused(sign_in(cast.tamsin), CLIPS, {**THREE, **change}, sentence, field)

    for words in {**THREE, **change}.values():
        assert not words or f'value="{words}"' in page
    assert stored(programme) == []
    assert one(reviewing).status == "provisional"


@pytest.mark.parametrize(("end", "right"), [("1:05", True), ("2:03", True)])
def test_a_clip_may_last_two_and_sixty_seconds(
    course: Any, cast: Cast, sign_in: SignIn, end: str, right: bool
) -> None:
    answer = sign_in(cast.tamsin).post(CLIPS, data={"version": "1", "from_1": "1:03", "to_1": end})

    assert answer.status_code == 302
    assert len(stored(course[0])) == 1


def test_an_empty_row_between_moves_the_later_ones_up(
    course: Any, cast: Cast, sign_in: SignIn
) -> None:
    typed = {"version": "1", "from_1": "1:00", "to_1": "1:10", "from_3": "2:00", "to_3": "9:00"}

    page = refused(sign_in(cast.tamsin), CLIPS, typed, "Clip 2 lasts 420 seconds", "to_2")

    assert (value(page, "from_2"), value(page, "to_2")) == ("2:00", "9:00")
    assert value(page, "to_3") == ""


def test_clips_chosen_meanwhile_are_shown_beside_what_was_typed(
    course: Any, cast: Cast, sign_in: SignIn
) -> None:
    programme = course[0]
    chosen(cast, programme)
    before = stored(programme)

    answer = sign_in(cast.tamsin).post(
        CLIPS, data={"from_1": "9:00", "to_1": "9:10", "version": "1"}
    )

    page = words_of(answer)
    assert answer.status_code == 409
    assert "Clips that are stored" in page
    assert 'value="9:00"' in page
    assert stored(programme) == before


def test_nothing_is_chosen_before_anything_was_filmed(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    with time_machine.travel(NOW, tick=False):
        programme = started(cast)
        agreed(cast)
        paired(cast, programme)
        answer = sign_in(cast.tamsin).post(CLIPS, data=THREE)

    assert answer.status_code == 422
    assert "has not taken place yet" in words_of(answer)
    assert stored(programme) == []


def test_a_review_counts_once_it_took_place_with_its_ratings(
    course: Any, cast: Cast, sign_in: SignIn
) -> None:
    programme, made, reviewing = course
    chosen(cast, programme)
    with time_machine.travel(AFTER_REVIEW, tick=False):
        answer = sign_in(cast.tamsin).post(
            REVIEW, data={"words": "He waits for me.", f"goal_{made.id}": "5", "version": "2"}
        )

        assert answer.location == "/families/F1042"
        after = cycle(programme)
        assert (after.reviewed_on, after.review_words) == (AFTER_REVIEW.date(), "He waits for me.")
        assert one(reviewing).status == "done"
        last = db.session.query(Rating).order_by(Rating.id.desc()).first()
        assert last is not None
        assert (last.value, last.cycle_id) == (5, after.id)
        tamsin = sign_in(cast.tamsin)
        assert "He waits for me." in words_of(tamsin.get(REVIEW))
        assert "stay as they were shown" in words_of(tamsin.get(CLIPS))
        now = {**THREE, "version": str(after.version)}
        assert tamsin.post(CLIPS, data=now).status_code == 422


@pytest.mark.parametrize(
    ("data", "sentence", "field"),
    [
        ({"words": "x" * 1001}, "1000 characters", "words"),
        ({"goal_1": "12"}, "Choose one of the answers", "goal_1"),
    ],
)
def test_a_wrong_review_counts_nothing(
    course: Any, cast: Cast, sign_in: SignIn, data: dict[str, str], sentence: str, field: str
) -> None:
    programme = course[0]
    chosen(cast, programme)
    with time_machine.travel(AFTER_REVIEW, tick=False):
        refused(sign_in(cast.tamsin), REVIEW, data, sentence, field)

    assert cycle(programme).reviewed_on is None


def test_a_review_that_cannot_count_yet_says_why_instead_of_asking(
    course: Any, cast: Cast, sign_in: SignIn
) -> None:
    programme = course[0]
    tamsin = sign_in(cast.tamsin)
    assert "Choose the clips first" in words_of(tamsin.get(REVIEW))
    chosen(cast, programme)

    page = words_of(tamsin.get(REVIEW))

    assert "The review on Tue 8 Dec 10:00 has not begun" in page
    assert "<textarea" not in page
    early = {"words": "Early", "version": str(cycle(programme).version)}
    assert tamsin.post(REVIEW, data=early).status_code == 422
    assert cycle(programme).reviewed_on is None


def test_who_arranges_opens_neither_clips_nor_review(
    course: Any, cast: Cast, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)

    assert "1 chosen" not in words_of(jago.get("/families/F1042"))
    for path in (CLIPS, REVIEW):
        assert jago.get(path).location == "/families/F1042"
        assert path not in words_of(jago.get("/families/F1042"))
        assert jago.post(path, data=THREE).status_code == 404
    assert sign_in(cast.morwenna).get(CLIPS).status_code == 200
