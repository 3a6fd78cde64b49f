"""Starting, changing and ending a programme; goals and ratings; what comes after."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, transact
from app.errors import DomainError, Stale
from app.messaging.models import Outbox
from app.programmes.ending import delete_media, end_programme, keep_media, settle_follow_up
from app.programmes.goals import close_goal, rate_goal, rate_goals
from app.programmes.models import Programme, Rating
from app.programmes.queries import open_programme
from app.programmes.reviews import finish_review
from app.programmes.start import change_planned, cycles_of, start_programme
from app.scheduling.cancel import cancel
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_REVIEW,
    AFTER_VIDEO,
    TODAY,
    VIDEO_DAY,
    agreed,
    chosen,
    cycle,
    days,
    filmed,
    goal,
    one,
    paired,
    says,
    started,
)


def ended(cast: Cast, programme: Programme, ending: str = "moved", *, at=NOW, **more) -> list:
    return transact(
        lambda: end_programme(programme, ending, on=at.date(), by=cast.tamsin, at=at, **more)
    )


# Starting


def test_a_programme_starts_after_the_yes_with_its_cycles(app: Flask, cast: Cast) -> None:
    programme = started(cast, cycles=4)

    assert [c.number for c in cycles_of(programme)] == [1, 2, 3, 4]
    assert open_programme(cast.hannah.id).id == programme.id


def test_the_practitioner_becomes_the_familys(app: Flask, cast: Cast) -> None:
    says(cast)
    before = cast.hannah.version
    transact(
        lambda: start_programme(cast.hannah, cast.kerensa.id, 3, on=TODAY, by=cast.jago, at=NOW)
    )

    assert cast.hannah.practitioner_id == cast.kerensa.id
    assert cast.hannah.version == before + 1


@pytest.mark.parametrize("step", [None, "wants_to_talk", "thinking", "not_now", "no"])
def test_no_programme_before_the_familys_yes(app: Flask, cast: Cast, step) -> None:
    if step:
        says(cast, step)

    with pytest.raises(DomainError, match="has not said yes"):
        start_programme(cast.hannah, cast.tamsin.id, 3, on=TODAY, by=cast.morwenna, at=NOW)


def test_there_is_one_programme_at_a_time(app: Flask, cast: Cast) -> None:
    started(cast)

    with pytest.raises(DomainError, match="has not ended"):
        start_programme(cast.hannah, cast.tamsin.id, 3, on=TODAY, by=cast.jago, at=NOW)


@pytest.mark.parametrize(
    ("who", "planned", "reason", "refused"),
    [
        ("jago", 2, None, "at least 3"),
        ("jago", 3, None, None),
        ("jago", 7, None, None),
        ("jago", 8, "They asked", "needs a manager"),
        ("tamsin", 8, "They asked", "needs a manager"),
        ("morwenna", 8, None, "Write down why"),
        ("morwenna", 8, " ", "Write down why"),
        ("morwenna", 8, "A new baby came", None),
        ("morwenna", 13, "A new baby came", "at most 12"),
        ("morwenna", -1, None, "at least 3"),
    ],
)
def test_three_to_seven_cycles_and_an_eighth_by_a_manager_with_a_reason(
    app: Flask, cast: Cast, who: str, planned: int, reason, refused
) -> None:
    says(cast)

    def start() -> Programme:
        return start_programme(
            cast.hannah, cast.tamsin.id, planned, on=TODAY, reason=reason,
            by=getattr(cast, who), at=NOW,
        )  # fmt: skip

    if refused:
        with pytest.raises(DomainError, match=refused):
            start()
    else:
        assert transact(start).planned_cycles == planned


@pytest.mark.parametrize("who", ["jago", "nobody"])
def test_only_somebody_who_visits_can_be_the_practitioner(app: Flask, cast: Cast, who) -> None:
    says(cast)
    staff_id = cast.jago.id if who == "jago" else 999

    with pytest.raises(DomainError) as refused:
        start_programme(cast.hannah, staff_id, 3, on=TODAY, by=cast.jago, at=NOW)
    assert refused.value.field == "practitioner"


# Changing


def test_cycles_are_added_and_taken_away(app: Flask, cast: Cast) -> None:
    programme = started(cast, cycles=3)
    for planned in (5, 3, 4):
        transact(lambda n=planned: change_planned(programme, n, by=cast.jago, at=NOW))
        assert [c.number for c in cycles_of(programme)] == list(range(1, planned + 1))


def test_a_cycle_that_began_stays(app: Flask, cast: Cast) -> None:
    programme = started(cast, cycles=4)
    filming, reviewing = paired(cast, programme, 4)

    with pytest.raises(DomainError, match="Cycle 4 has begun"):
        change_planned(programme, 3, by=cast.jago, at=NOW)

    for appointment_id in (reviewing, filming):
        transact(lambda i=appointment_id: cancel(one(i), "other", by=cast.jago, at=NOW))
    transact(lambda: change_planned(programme, 3, by=cast.jago, at=NOW))
    assert {one(filming).cycle_id, one(reviewing).cycle_id} == {None}


def test_an_older_form_is_refused(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    transact(lambda: change_planned(programme, 4, by=cast.jago, at=NOW, opened_at=1))

    with pytest.raises(Stale):
        change_planned(programme, 5, by=cast.jago, at=NOW, opened_at=1)


# Goals


def test_a_goal_has_its_first_rating_and_what_they_hope_for(app: Flask, cast: Cast) -> None:
    made = goal(cast, started(cast))

    assert (made.words, made.hoped_for) == ("Wait and watch", 8)
    assert [r.value for r in db.session.scalars(select(Rating))] == [3]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"about_adult": False}, "about_adult"),
        ({"first": 11}, "first"),
        ({"first": -1}, "first"),
        ({"hoped_for": 11}, "hoped_for"),
        ({"first": 8, "hoped_for": 3}, "hoped_for"),
        ({"on": TODAY + days(1)}, "on"),
        ({"on": TODAY - days(1)}, "on"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(app: Flask, cast: Cast, change, field: str) -> None:
    programme = started(cast)

    with pytest.raises(DomainError) as refused:
        goal(cast, programme, **change)

    assert refused.value.field == field


def test_there_are_three_goals_at_a_time(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    goals = [goal(cast, programme, f"Goal {n}") for n in range(3)]
    with pytest.raises(DomainError, match="three|3 goals"):
        goal(cast, programme, "A fourth")

    transact(
        lambda: close_goal(goals[0], on=TODAY, family_id=cast.hannah.id, by=cast.tamsin, at=NOW)
    )

    assert goal(cast, programme, "A fourth").words == "A fourth"


def test_the_last_number_of_a_day_stands(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = goal(cast, programme)

    for value in (5, 5, 6):
        transact(
            lambda v=value: rate_goal(
                programme, made, v, on=VIDEO_DAY, by=cast.tamsin, at=AFTER_VIDEO
            )
        )

    rows = db.session.execute(select(Rating.on, Rating.value).order_by(Rating.on)).all()
    assert [tuple(row) for row in rows] == [(TODAY, 3), (VIDEO_DAY, 6)]


def test_ratings_are_0_to_10_of_open_goals_of_this_programme(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = goal(cast, programme)
    for ratings in ({made.id: 11}, {made.id: -1}, {999: 5}):
        with pytest.raises(DomainError):
            transact(lambda r=ratings: rate_goals(programme, r, on=TODAY, by=cast.tamsin, at=NOW))
    transact(lambda: close_goal(made, on=TODAY, family_id=cast.hannah.id, by=cast.tamsin, at=NOW))

    with pytest.raises(DomainError, match="closed"):
        rate_goals(programme, {made.id: 5}, on=TODAY, by=cast.tamsin, at=NOW)


# The review


def test_a_review_that_took_place_counts_the_cycle_and_rates_the_goals(
    app: Flask, cast: Cast
) -> None:
    programme = started(cast)
    agreed(cast)
    made = goal(cast, programme)
    filming, reviewing = paired(cast, programme)
    filmed(cast, filming)
    chosen(cast, programme)

    transact(
        lambda: finish_review(
            cycle(programme), by=cast.tamsin, at=AFTER_REVIEW, words="She saw it herself",
            ratings={made.id: 5},
        )
    )  # fmt: skip

    done = cycle(programme)
    assert (done.reviewed_on, done.review_words) == (date(2026, 12, 8), "She saw it herself")
    assert one(reviewing).status == "done"
    rating = db.session.scalars(select(Rating).where(Rating.cycle_id == done.id)).one()
    assert (rating.value, rating.on) == (5, date(2026, 12, 8))
    with pytest.raises(DomainError, match="reviewed already"):
        finish_review(done, by=cast.tamsin, at=AFTER_REVIEW)


def test_a_review_cannot_count_before_its_time(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    agreed(cast)
    first = cycle(programme)
    for prepare, words in (
        (lambda: None, "video session comes before"),
        (lambda: paired(cast, programme), "video session comes before"),
        (lambda: filmed(cast, 1), "Choose the clips"),
        (lambda: chosen(cast, programme), "not begun"),
    ):
        prepare()
        with pytest.raises(DomainError, match=words):
            transact(lambda: finish_review(first, by=cast.tamsin, at=AFTER_VIDEO))
    assert cycle(programme).reviewed_on is None


# Ending


def test_ending_cancels_what_is_to_come_and_sets_the_dates_after(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = goal(cast, programme)
    filming, reviewing = paired(cast, programme)
    filmed(cast, filming)

    gone = ended(cast, programme, "moved", at=AFTER_VIDEO, words="To Devon", ratings={made.id: 6})

    assert [a.id for a in gone] == [reviewing]
    assert (one(reviewing).status, one(filming).status) == ("cancelled", "done")
    assert programme.follow_up_due == date(2027, 6, 1)
    assert programme.media_delete_by == date(2027, 1, 31)
    assert open_programme(cast.hannah.id) is None
    assert max(r.value for r in db.session.scalars(select(Rating))) == 6
    with pytest.raises(DomainError, match="has ended"):
        ended(cast, programme)


def test_a_visit_that_was_missed_is_not_cancelled_afterwards(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    filming, _ = paired(cast, programme)

    ended(cast, programme, "lost_touch", at=AFTER_VIDEO)

    assert one(filming).status == "booked"  # how it went is still to be recorded


def test_where_nothing_was_filmed_there_is_nothing_to_delete(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    ended(cast, programme)

    assert programme.media_delete_by is None


def test_completed_needs_three_reviewed_cycles(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    with pytest.raises(DomainError, match="0 of at least 3"):
        ended(cast, programme, "completed")

    for each in cycles_of(programme):
        each.reviewed_on = TODAY
    db.session.commit()

    ended(cast, programme, "completed")
    assert programme.ending == "completed"


@pytest.mark.parametrize(
    ("ending", "more", "field"),
    [
        ("bored", {}, "ending"),
        ("moved", {"at": NOW - days(1)}, "on"),
        ("moved", {"words": "x" * 2001}, "words"),
    ],
)
def test_an_ending_that_cannot_be_is_refused(
    app: Flask, cast: Cast, ending: str, more, field: str
) -> None:
    programme = started(cast)

    with pytest.raises(DomainError) as refused:
        ended(cast, programme, ending, **more)

    assert refused.value.field == field


def test_who_knows_is_not_texted(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    paired(cast, programme)

    ended(cast, programme, "family_chose", tell_family=False)

    told = select(Outbox.state).where(Outbox.channel == "text", Outbox.state == "ready")
    assert db.session.scalars(told).all() == []


# Afterwards


def test_a_follow_up_is_settled_once_in_words(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    with pytest.raises(DomainError, match="has ended"):
        settle_follow_up(programme, "All well", by=cast.tamsin, at=NOW)
    ended(cast, programme)

    transact(lambda: settle_follow_up(programme, " All well ", by=cast.tamsin, at=NOW))

    assert programme.follow_up_words == "All well"
    with pytest.raises(DomainError, match="on record already"):
        settle_follow_up(programme, "Again", by=cast.tamsin, at=NOW)


def test_films_are_tracked_by_where_they_are_and_when_they_were_deleted(
    app: Flask, cast: Cast
) -> None:
    programme = started(cast)
    filming, _ = paired(cast, programme)
    filmed(cast, filming)
    first = cycle(programme)
    transact(lambda: keep_media(programme, {first.id: "Laptop 4"}, by=cast.tamsin, at=AFTER_VIDEO))
    with pytest.raises(DomainError, match="still needed"):
        delete_media(programme, AFTER_VIDEO.date(), by=cast.tamsin, at=AFTER_VIDEO)
    ended(cast, programme, at=AFTER_VIDEO)

    transact(lambda: delete_media(programme, AFTER_VIDEO.date(), by=cast.tamsin, at=AFTER_VIDEO))

    assert (programme.media_deleted_on, programme.media_deleted_by) == (
        AFTER_VIDEO.date(), f"staff:{cast.tamsin.id}",
    )  # fmt: skip
    with pytest.raises(DomainError, match="deleted already"):
        delete_media(programme, AFTER_VIDEO.date(), by=cast.tamsin, at=AFTER_VIDEO)
