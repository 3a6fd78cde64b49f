"""What programmes leave on the work list."""

import pytest
from flask import Flask

from app.db import transact
from app.desk.work_list import work_list
from app.scheduling.cancel import cancel
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_VIDEO,
    chosen,
    filmed,
    one,
    paired,
    says,
    started,
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
