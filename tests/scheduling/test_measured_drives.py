"""A drive that somebody measured: kept for each way, obeyed by searches and by booking alike."""

from collections.abc import Callable
from datetime import datetime, time

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.errors import DomainError
from app.places.drives import drive_from, drives_of, forget_drive, set_drive
from app.places.keep_places import add_place
from app.places.models import MeasuredDrive, Place
from app.risk.models import Assessment
from app.scheduling.book import Booking, book
from app.scheduling.search import Wish, find_times
from app.settings import store
from tests.cast import NOW, Cast
from tests.programmes.course import says
from tests.scheduling.test_book import TUESDAY

SignIn = Callable[[Staff], FlaskClient]


def at(hour: int, minute: int = 0) -> datetime:
    return at_london(TUESDAY, time(hour, minute))


@pytest.fixture
def school(app: Flask, cast: Cast) -> Place:
    return transact(
        lambda: add_place(
            kind="school", name="Camborne School", postcode="TR14 8NS", by=cast.jago, at=NOW
        )
    )


def measured() -> dict[tuple[int, int], int]:
    return {
        (row.from_id, row.to_id): row.minutes for row in db.session.scalars(select(MeasuredDrive))
    }


def keep(cast: Cast, here: Place, there: Place, minutes: int, *, both: bool = False) -> None:
    transact(lambda: set_drive(here, there, minutes, both_ways=both, by=cast.jago, at=NOW))


def test_one_way_or_both_and_the_last_figure_counts(app: Flask, cast: Cast, school: Place) -> None:
    keep(cast, cast.hub, school, 50)
    assert measured() == {(cast.hub.id, school.id): 50}
    keep(cast, school, cast.hub, 45, both=True)
    assert measured() == {(cast.hub.id, school.id): 45, (school.id, cast.hub.id): 45}

    row = drive_from(cast.hub.id, school.id)
    assert row is not None
    transact(lambda: forget_drive(row, by=cast.jago, at=NOW))

    assert [(drive.minutes, name, away) for drive, name, away in drives_of(cast.hub.id)] == [
        (45, "Camborne School", False)
    ]


@pytest.mark.parametrize(("minutes", "field"), [(0, "minutes"), (241, "minutes")])
def test_refuses_what_is_no_drive(
    app: Flask, cast: Cast, school: Place, minutes: int, field: str
) -> None:
    online = add_place(kind="online", name="Teams", by=cast.jago, at=NOW)
    for there, wrong in ((school, field), (cast.hub, "there"), (online, "there")):
        with pytest.raises(DomainError) as refused:
            set_drive(cast.hub, there, minutes, both_ways=False, by=cast.jago, at=NOW)
        assert refused.value.field == wrong


def test_searches_and_booking_count_with_it(app: Flask, cast: Cast, school: Place) -> None:
    """From the hub (Hannah until 11:00) to the school: 37 minutes estimated and 10 between."""
    with time_machine.travel(NOW, tick=False):
        says(cast)
        wanted = Booking(
            kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
            starts_at=at(10), minutes=60, place_id=cast.hub.id,
        )  # fmt: skip
        transact(lambda: book(wanted, by=cast.jago, at=NOW))

    assert first_at_school(cast, school) == at(12)
    keep(cast, cast.hub, school, 65)
    assert first_at_school(cast, school) == at(12, 15)
    keep(cast, cast.hub, school, 20)
    assert first_at_school(cast, school) == at(11, 30)
    keep(cast, cast.hub, school, 90)
    at_noon = Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
        starts_at=at(12), minutes=60, place_id=school.id,
    )  # fmt: skip
    with pytest.raises(DomainError, match="90 minutes"):
        transact(lambda: book(at_noon, by=cast.jago, at=NOW))


def first_at_school(cast: Cast, school: Place) -> datetime:
    wish = Wish(
        family_id=cast.hannah.id, kind="goals_visit", minutes=60, place_id=school.id,
        staff_ids=(cast.tamsin.id,), weeks=2,
    )  # fmt: skip
    found = find_times(wish, store.current(), at=NOW).found
    return min(slot.starts_at for slot in found.slots if at(11) <= slot.starts_at < at(17))


def test_the_nearest_places_are_those_that_could_be_met_at(app: Flask, cast: Cast) -> None:
    """Hannah's home in Redruth has not been assessed: Camborne is near, Bude is not."""
    for name, postcode in (
        ("Bodmin Hub", "PL31 2JB"), ("Bude Hub", "EX23 8BX"), ("Camborne Hub", "TR14 8NS"),
        ("Liskeard Hub", "PL14 3DB"),
    ):  # fmt: skip
        transact(
            lambda name=name, postcode=postcode: add_place(
                kind="venue", name=name, postcode=postcode, hours=cast.hub.hours,
                by=cast.jago, at=NOW,
            )
        )  # fmt: skip
    transact(lambda: db.session.execute(delete(Assessment)))
    wish = Wish(
        family_id=cast.hannah.id, kind="goals_visit", minutes=60, place_id=cast.hannah.home_id,
        staff_ids=(cast.tamsin.id,), weeks=2,
    )  # fmt: skip
    opens = find_times(wish, store.current(), at=NOW).opens
    places = [one.words for one in opens if one.code.startswith("place:")]
    assert "At Camborne Hub" in places
    assert "At Bude Hub" not in places


@pytest.mark.one_database
def test_is_kept_and_forgotten_on_the_places_page(
    app: Flask, cast: Cast, school: Place, sign_in: SignIn
) -> None:
    jago, page = sign_in(cast.jago), f"/places/{cast.hub.id}"
    typed = {"there": str(school.id), "minutes": "41"}

    assert "every drive from here is estimated" in jago.get(page).text
    wrong = jago.post(f"{page}/drives", data={**typed, "minutes": "no"})
    assert (wrong.status_code, "There is a problem" in wrong.text) == (422, True)
    assert jago.post(f"{page}/drives", data={**typed, "there": "999"}).status_code == 422
    assert jago.post(f"{page}/drives", data={**typed, "both_ways": "y"}).location == page
    assert "To Camborne School" in jago.get(page).text
    assert "From Camborne School" in jago.get(page).text
    forget = f"{page}/drives/{school.id}/{cast.hub.id}/forget"
    assert sign_in(cast.tamsin).post(forget).status_code == 404
    assert sign_in(cast.tamsin).post(f"{page}/drives", data=typed).status_code == 404
    assert jago.post(forget).location == page
    assert jago.post(forget).status_code == 404
    assert measured() == {(cast.hub.id, school.id): 41}
    home = f"/places/{cast.hub.id}/drives/{cast.hub.id}/{cast.hannah.home_id}/forget"
    assert jago.post(home).status_code == 404


@pytest.mark.one_database
def test_the_diary_says_the_same_minutes(
    app: Flask, cast: Cast, school: Place, sign_in: SignIn
) -> None:
    with time_machine.travel(NOW, tick=False):
        says(cast)
        for hour, place in ((10, cast.hub), (13, school)):
            wanted = Booking(
                kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
                starts_at=at(hour), minutes=60, place_id=place.id,
            )  # fmt: skip
            transact(lambda wanted=wanted: book(wanted, by=cast.jago, at=NOW))
        keep(cast, cast.hub, school, 51)

        page = sign_in(cast.tamsin).get("/diary/2026-12-01?view=list").text

    assert "51 min" in page
