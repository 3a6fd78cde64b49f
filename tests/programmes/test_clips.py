"""Clips free their review: by a text, or by a call where it is near."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, transact
from app.errors import DomainError, Stale
from app.messaging.models import Outbox
from app.programmes.clips import Moment, choose_clips
from app.programmes.ending import end_programme
from app.programmes.models import Programme
from app.scheduling.answer import confirm
from app.scheduling.move import Change, move
from app.tasks.models import Task
from app.times import for_staff
from tests.cast import Cast
from tests.programmes.course import (
    AFTER_REVIEW,
    AFTER_VIDEO,
    THREE,
    agreed,
    at,
    chosen,
    cycle,
    filmed,
    one,
    paired,
    started,
)
from tests.programmes.test_booking_pairs import texts


@pytest.fixture
def course(app: Flask, cast: Cast) -> tuple[Programme, int, int]:
    programme = started(cast)
    agreed(cast)
    return programme, *paired(cast, programme)


def test_the_review_is_booked_and_the_family_is_texted(course, cast: Cast) -> None:
    programme, filming, reviewing = course
    filmed(cast, filming)

    warnings = chosen(cast, programme)

    assert warnings == []
    assert one(reviewing).status == "booked"
    assert texts(reviewing) == ["booked", "reminder_early", "reminder"]
    transact(lambda: confirm(one(reviewing), by=cast.tamsin, at=AFTER_VIDEO, how="phone"))
    assert one(reviewing).status == "confirmed"


@pytest.mark.parametrize(
    ("now", "called"),
    [
        (at(date(2026, 12, 4), 12), False),  # Friday before Tuesday's review: two working days
        (at(date(2026, 12, 7), 9), True),
        (at(date(2026, 12, 8), 8), True),
    ],
)
def test_clips_that_come_late_mean_a_call_and_no_text(course, cast: Cast, now, called) -> None:
    programme, filming, reviewing = course
    filmed(cast, filming)

    chosen(cast, programme, now=now)

    tasks = db.session.scalars(select(Task).where(Task.kind == "ring")).all()
    assert [task.about_id for task in tasks] == ([reviewing] if called else [])
    assert bool(texts(reviewing)) is not called
    held_back = select(Outbox.reason).where(
        Outbox.about_id == reviewing, Outbox.channel == "text", Outbox.state == "cancelled"
    )
    reasons = set(db.session.scalars(held_back))
    assert reasons <= {"The clips came late: a person rings instead."}


def test_clips_chosen_again_ask_nobody_to_ring_twice(course, cast: Cast) -> None:
    programme, filming, _ = course
    filmed(cast, filming)
    chosen(cast, programme)

    chosen(cast, programme, now=at(date(2026, 12, 7), 9))

    assert db.session.scalars(select(Task).where(Task.kind == "ring")).all() == []


def test_fewer_than_three_are_warned_of_and_kept(course, cast: Cast) -> None:
    programme, filming, _ = course
    filmed(cast, filming)

    warnings = transact(
        lambda: choose_clips(
            cycle(programme), THREE[:1], by=cast.tamsin, at=AFTER_VIDEO, kept_where="Laptop 4"
        )
    )

    assert warnings == ["1 of 3 clips: fewer than usual."]
    kept = cycle(programme)
    assert [(c.starts_s, c.ends_s, c.note) for c in kept.clips] == [(63, 80, "He looks, she waits")]
    assert (kept.clips_chosen_by, kept.clips_chosen_at) == (f"staff:{cast.tamsin.id}", AFTER_VIDEO)
    assert kept.kept_where == "Laptop 4"


@pytest.mark.parametrize(
    ("moments", "words", "field"),
    [
        ((), "at least one", "to_1"),
        ((Moment(0, 61),), "lasts 61 seconds", "to_1"),
        ((THREE[0], Moment(9, 3)), "end after it begins", "to_2"),
        ((*THREE, Moment(400, 410)), "at most 3", "to_4"),
        ((Moment(0, 10, "x" * 501),), "500 characters", "note_1"),
    ],
)
def test_clips_that_cannot_be_are_refused(
    course, cast: Cast, moments, words: str, field: str
) -> None:
    programme, filming, reviewing = course
    filmed(cast, filming)

    with pytest.raises(DomainError, match=words) as refused:
        transact(lambda: choose_clips(cycle(programme), moments, by=cast.tamsin, at=AFTER_VIDEO))

    assert refused.value.field == field
    assert one(reviewing).status == "provisional"


def test_there_are_no_clips_before_the_film(course, cast: Cast) -> None:
    programme, filming, _ = course
    with pytest.raises(DomainError, match="not taken place"):
        chosen(cast, programme)

    filmed(cast, filming, status="not_seen")

    with pytest.raises(DomainError, match="not taken place"):
        chosen(cast, programme)


def test_an_older_form_is_refused(course, cast: Cast) -> None:
    programme, filming, _ = course
    filmed(cast, filming)
    chosen(cast, programme)

    with pytest.raises(Stale):
        transact(
            lambda: choose_clips(
                cycle(programme), THREE, by=cast.tamsin, at=AFTER_VIDEO, opened_at=1
            )
        )


def test_after_the_ending_nothing_is_chosen(course, cast: Cast) -> None:
    programme, filming, _ = course
    filmed(cast, filming)
    transact(
        lambda: end_programme(
            programme, "moved", on=AFTER_REVIEW.date(), by=cast.tamsin, at=AFTER_REVIEW
        )
    )

    with pytest.raises(DomainError, match="has ended"):
        chosen(cast, programme, now=AFTER_REVIEW)


def test_a_review_that_was_told_and_is_provisional_once_moved_asks_for_a_call(
    course, cast: Cast
) -> None:
    programme, filming, reviewing = course
    filmed(cast, filming)
    chosen(cast, programme)
    told = for_staff(one(reviewing).starts_at)
    start, why = one(reviewing).starts_at, "Tamsin is ill"
    change = Change(starts_at=start, staff_id=cast.kerensa.id, override_reason=why)

    transact(lambda: move(one(reviewing), change, by=cast.jago, at=AFTER_VIDEO))

    assert one(reviewing).status == "provisional"
    (task,) = db.session.scalars(select(Task).where(Task.closed_at.is_(None)))
    assert (task.kind, task.about_id) == ("to_check", reviewing)
    assert task.words.startswith(f"The family was told of {told}, and it is provisional now")
