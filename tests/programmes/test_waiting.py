"""What programmes leave on the work list."""

from datetime import date, datetime

import pytest
from flask import Flask

from app.db import transact
from app.desk.work_list import work_list
from app.programmes.causes import CAUSES
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.outcome import record_outcome
from app.scheduling.settle import settle
from app.tasks.causes import items_of
from app.tasks.waiting import Item
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_REVIEW,
    AFTER_VIDEO,
    VIDEO_DAY,
    agreed,
    at,
    chosen,
    cycle,
    filmed,
    one,
    paired,
    says,
    started,
    video,
    wanted,
)
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database


def test_a_yes_with_nothing_booked_asks_for_a_goals_visit(app: Flask, cast: Cast) -> None:
    says(cast)

    (row,) = [row for row in work_list(cast.jago, NOW).rows if row.item.kind == "to_book"]

    assert row.item.why == "Said yes; no goals visit is booked."
    assert row.item.values == {"reference": "F1042", "kind": "goals_visit"}
    assert "Find times" in signed_in(app, cast.jago).get("/").text


def test_clips_without_a_review_ask_for_one(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    video_id, review_id = paired(cast, programme)
    filmed(cast, video_id)
    chosen(cast, programme)
    transact(lambda: cancel(one(review_id), "we_asked", by=cast.tamsin, at=AFTER_VIDEO))

    (row,) = [row for row in work_list(cast.jago, AFTER_VIDEO).rows if row.item.kind == "to_book"]

    assert row.item.why == "The clips of cycle 1 are chosen and no review is booked."
    assert row.item.values["kind"] == "shared_review"


def to_book(cast: Cast, now: datetime) -> list[str]:
    rows = work_list(cast.jago, now).rows
    return [row.item.why for row in rows if row.item.kind in ("to_book", "book_again")]


def test_a_cycle_waits_for_the_goals_visit_before_it_asks_for_a_video(
    app: Flask, cast: Cast
) -> None:
    started(cast)
    assert to_book(cast, NOW) == ["Cycle 1 has nothing booked."]

    transact(lambda: book(wanted(cast, "goals_visit", at(VIDEO_DAY, 10)), by=cast.jago, at=NOW))

    assert to_book(cast, NOW) == []
    assert to_book(cast, AFTER_VIDEO) == ["Cycle 1 has nothing booked."]


def test_what_fell_through_is_off_the_list_once_its_cycle_has_a_time_again(
    app: Flask, cast: Cast
) -> None:
    programme = started(cast)
    for appointment_id in reversed(paired(cast, programme)):
        transact(lambda made=appointment_id: cancel(one(made), "we_asked", by=cast.jago, at=NOW))
    assert len(to_book(cast, NOW)) == 2

    paired(cast, programme)

    assert to_book(cast, NOW) == []


def test_a_cancelled_video_is_on_the_list_once_until_it_is_explained(
    app: Flask, cast: Cast
) -> None:
    video_id, review_id = paired(cast, started(cast))
    for appointment_id in (review_id, video_id):
        transact(
            lambda made=appointment_id: cancel(
                one(made), "child_ill", by=cast.tamsin, at=NOW,
                settled="Booked with its video" if made == review_id else None,
            )
        )  # fmt: skip

    assert to_book(cast, NOW) == ["Video session of Tue 1 Dec 10:00: child ill."]

    transact(lambda: settle(one(video_id), "They go away first", by=cast.tamsin, at=NOW))

    assert to_book(cast, NOW) == ["Cycle 1 has nothing booked."]


def test_a_later_video_that_is_near_and_untold_waits_for_a_person(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    filming, reviewing = paired(cast, programme)
    later = video(cast, date(2026, 12, 15), cycle_id=cycle(programme, 2).id)
    second = transact(lambda: book(later, by=cast.jago, at=NOW))
    assert second.status == "provisional"
    agreed(cast)
    filmed(cast, filming)
    chosen(cast, programme)

    assert not untold(at(date(2026, 12, 9), 12)), "six days before is early"
    (item,) = untold(at(date(2026, 12, 10), 12))
    assert "video session on Tue 15 Dec 10:00 while it is provisional" in item.why
    assert "The shared review of cycle 1 has not taken place yet" in item.why
    assert item.due_at == at(date(2026, 12, 14), 10)

    transact(lambda: record_outcome(one(reviewing), "done", by=cast.tamsin, at=AFTER_REVIEW))
    assert not untold(at(date(2026, 12, 10), 12))


def untold(now: datetime) -> list[Item]:
    return [item for item in items_of(CAUSES, now) if item.kind == "to_check"]


def test_consent_is_asked_for_the_video_that_is_told_and_not_for_each_later_one(
    app: Flask, cast: Cast
) -> None:
    programme = started(cast)
    paired(cast, programme)
    later = video(cast, date(2026, 12, 15), cycle_id=cycle(programme, 2).id)
    transact(lambda: book(later, by=cast.jago, at=NOW))

    (item,) = [item for item in items_of(CAUSES, NOW) if item.kind == "consent_due"]

    assert "Tue 1 Dec 10:00" in item.why
