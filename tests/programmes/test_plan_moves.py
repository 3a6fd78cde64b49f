"""Moving the dates of a programme that come after one that changed, by the same pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import Staff
from app.db import db, transact
from app.messaging.models import Outbox
from app.programmes.dates import Line
from app.programmes.plan_acts import moved
from app.programmes.start import cycles_of
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.move import Change, move
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_VIDEO,
    agreed,
    at,
    filmed,
    heard,
    one,
    paired,
    started,
    wanted,
)
from tests.programmes.course import chosen as chosen_clips
from tests.programmes.pages import words_of
from tests.programmes.planning import DATES, all_dates, hidden, planned, value

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_those_after_one_that_moved_are_offered_and_moved(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    jago = sign_in(cast.jago)
    planned(jago)
    third = all_dates()[2]
    change = Change(starts_at=at(date(2026, 12, 10), 11))
    transact(lambda: move(one(third.id), change, by=cast.jago, at=NOW))

    offered = words_of(jago.get(f"/appointments/{third.id}"))
    assert f"{DATES}?after={third.id}" in offered
    page = words_of(jago.get(f"{DATES}?after={third.id}"))
    assert "Thu 17 Dec 11:00" in page
    assert "Now Tue 15 Dec 10:00" in page
    planned(jago, f"{DATES}?after={third.id}")

    assert [row.starts_at for row in all_dates()][2:] == [
        at(date(2026, 12, 10), 11), at(date(2026, 12, 17), 11),
        at(date(2026, 12, 24), 11), at(date(2026, 12, 31), 11),
    ]  # fmt: skip


def test_after_a_cancelled_one_it_is_booked_anew_and_the_later_ones_move(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    jago = sign_in(cast.jago)
    planned(jago)
    first = all_dates()[0]
    transact(lambda: cancel(one(first.id), "child_ill", by=cast.jago, at=NOW))

    page = words_of(jago.get(f"{DATES}?after={first.id}"))
    assert "is cancelled" in page

    planned(jago, f"{DATES}?after={first.id}")
    live = [row for row in all_dates() if row.status != "cancelled"]
    assert len(live) == 6


def test_one_the_family_was_told_of_moves_with_a_text_as_the_page_says(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    agreed(cast)
    filming, reviewing = paired(cast, programme)
    filmed(cast, filming)
    chosen_clips(cast, programme)
    heard(reviewing)
    with time_machine.travel(AFTER_VIDEO, tick=False):
        jago = sign_in(cast.jago)
        page = words_of(jago.get(f"{DATES}?after={filming}"))
        other = at(date(2026, 12, 9), 14)
        name = f"r{cycles_of(programme)[0].id}"
        asked = {**hidden(page), name: value(other, cast.tamsin), "picked": name}
        asked.pop("chosen")
        look = planned(jago, f"{DATES}?{urlencode(asked)}")

    assert "New time: appointment with Tamsin, Wed 9 Dec 2pm (was Tue 8 Dec 10am)" in look
    assert "now Tue 8 Dec 10:00" in look
    row = one(reviewing)
    assert (row.starts_at, row.status) == (other, "booked")
    texts = db.session.scalars(
        select(Outbox.purpose).where(Outbox.about_id == reviewing, Outbox.state == "ready")
    )
    assert "moved" in list(texts)


def test_after_a_move_or_a_cancellation_the_next_page_offers_to_move_the_others(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    started(cast)
    jago = sign_in(cast.jago)
    planned(jago)
    third = all_dates()[2]
    to = value(at(date(2026, 12, 10), 11), cast.tamsin)
    data = {"version": str(third.version), "reason": "family_asked"}

    after = jago.post(f"/appointments/{third.id}/move?time={to}", data=data, follow_redirects=True)
    assert "3 dates of the programme come after it and keep theirs" in words_of(after)
    assert f'href="{DATES}?after={third.id}"' in words_of(after)

    data = {"version": str(one(third.id).version), "reason": "child_ill", "after": "list"}
    gone = jago.post(f"/appointments/{third.id}/cancel", data=data, follow_redirects=True)
    assert "3 dates of the programme come after it" in words_of(gone)
    assert f'href="{DATES}?after={third.id}"' in words_of(gone)

    last = all_dates()[-1]
    data = {"version": str(last.version), "reason": "child_ill", "after": "list"}
    answer = jago.post(f"/appointments/{last.id}/cancel", data=data)
    assert answer.location == "/families/F1042", "nothing comes after it"


def test_one_at_another_place_stays_and_says_so(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    started(cast)
    jago = sign_in(cast.jago)
    planned(jago)
    rows = all_dates()
    there = Change(starts_at=rows[4].starts_at, place_id=cast.hub.id, how="in_person")
    transact(lambda: move(one(rows[4].id), there, by=cast.jago, at=NOW))

    page = words_of(jago.get(f"{DATES}?after={rows[1].id}"))

    assert page.count("move it by itself") == 1
    assert "Tue 22 Dec 10:00" in page


def test_one_of_those_that_would_move_is_left_where_it_stands(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    jago = sign_in(cast.jago)
    planned(jago)
    rows = all_dates()
    change = Change(starts_at=at(date(2026, 12, 10), 11))
    transact(lambda: move(one(rows[2].id), change, by=cast.jago, at=NOW))
    last = cycles_of(programme)[2].id
    page = words_of(jago.get(f"{DATES}/change?step=r{last}&after={rows[2].id}"))
    (leave,) = re.findall(r'href="([^"]*)">Leave it there', page)

    table = jago.get(unescape(leave), follow_redirects=True)

    assert "As it is" in words_of(table)
    planned(jago, f"{DATES}?{table.request.query_string.decode()}")
    assert [row.starts_at for row in all_dates()][3:] == [
        at(date(2026, 12, 17), 11), at(date(2026, 12, 24), 11), at(date(2026, 12, 29), 10),
    ]  # fmt: skip


def test_what_would_be_sent_names_the_second_worker_who_would_come(app: Flask, cast: Cast) -> None:
    cycle_id = cycles_of(started(cast))[0].id
    goes = {"cycle_id": cycle_id, "second_id": cast.kerensa.id}
    booking = wanted(cast, "video_session", at(date(2026, 12, 1), 12), **goes)
    row = one(transact(lambda: book(booking, by=cast.jago, at=NOW)).id)

    kept = moved(row, Line(cycle_id, replace(booking, second_id=None), row.id))
    other = moved(row, Line(cycle_id, replace(booking, second_id=cast.jago.id), row.id))

    assert [row.second and row.second.id for row in (kept, other)] == [
        cast.kerensa.id, cast.jago.id,
    ]  # fmt: skip
    assert other not in db.session


def test_a_date_of_a_programme_is_offered_times_that_keep_its_order(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    """A later video session comes after the review before it, however near the other times are; a
    date beyond the weeks that are usually searched is offered times around it."""
    started(cast)
    jago = sign_in(cast.jago)
    planned(jago)
    dates = all_dates()
    review, later, last = dates[1], dates[2], dates[-1]

    for row, before in ((later, review), (last, dates[-2])):
        page = jago.get(f"/appointments/{row.id}/move?all=1").text
        offered = re.findall(r'name="time"[^>]* value="(\d{8})T', page)
        day = clock.london(before.starts_at).date()
        assert offered, "times are offered"
        assert min(offered) > f"{day:%Y%m%d}"
    assert max(offered) >= f"{clock.london(last.starts_at).date():%Y%m%d}"
