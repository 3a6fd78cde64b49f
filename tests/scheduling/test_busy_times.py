"""Busy times of own calendars: not offered, and booked over with a reason that is kept."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from flask import Flask

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.errors import DomainError
from app.scheduling.book import Booking, book
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.scheduling.own_calendars.models import BusyTime
from app.scheduling.search import PAIR, Wish, find_times
from app.settings import store
from app.worker.jobs import jobs
from tests.cast import NOW, Cast
from tests.programmes.course import says

TUESDAY = date(2026, 12, 1)

pytestmark = pytest.mark.usefixtures("monday")


def at(hour: int, minute: int = 0) -> datetime:
    return at_london(TUESDAY, time(hour, minute))


def booking(cast: Cast, hour: int = 10, **more: object) -> Booking:
    made = Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
        starts_at=at(hour), minutes=60, place_id=cast.hannah.home_id,
    )  # fmt: skip
    return replace(made, **more)


def booked(cast: Cast, **more: object) -> Appointment:
    says(cast)
    return transact(lambda: book(booking(cast, **more), by=cast.jago, at=NOW))


def busy(person: Staff, *spans: tuple[datetime, datetime]) -> None:
    db.session.add_all(BusyTime(staff_id=person.id, starts_at=s, ends_at=e) for s, e in spans)
    db.session.commit()


def free(cast: Cast, **more: object) -> set[str]:
    wish = Wish(
        family_id=cast.hannah.id, kind="goals_visit", minutes=60, weeks=2,
        staff_ids=(cast.tamsin.id,), place_id=cast.hannah.home_id, **more,
    )  # fmt: skip
    found = find_times(wish, store.current(), at=NOW)
    return {f"{s.starts_at:%H:%M}" for s in found.found.slots if s.starts_at.date() == TUESDAY}


def test_a_busy_time_is_not_offered_but_where_it_is_set_aside(cast: Cast) -> None:
    says(cast)
    before = free(cast)

    busy(cast.tamsin, (at(11), at(12)))

    assert {"11:00", "11:30"} <= before
    assert not {"10:15", "11:00", "11:45"} & free(cast)
    assert free(cast, relax=frozenset({"busy"})) == before


def test_a_review_needs_a_reason_where_only_the_shorter_video_would_not(cast: Cast) -> None:
    busy(cast.tamsin, (at(12), at(13)))
    wish = Wish(
        family_id=cast.hannah.id, kind=PAIR, minutes=45, review_minutes=60, weeks=2,
        staff_ids=(cast.tamsin.id,), place_id=cast.hannah.home_id, relax=frozenset({"busy"}),
    )  # fmt: skip

    found = find_times(wish, store.current(), at=NOW)

    video = next(slot for slot in found.found.slots if slot.starts_at == at(11, 15))
    review = video._replace(ends_at=at(12, 15))
    assert [found.needs_reason(slot) for slot in (video, review)] == [False, True]


def test_nobody_elses_busy_time_is_in_the_way(cast: Cast) -> None:
    says(cast)
    before = free(cast)

    busy(cast.kerensa, (at(9), at(17)))

    assert free(cast) == before


def test_booking_over_it_needs_a_reason_that_is_kept(cast: Cast) -> None:
    busy(cast.tamsin, (at(9, 30), at(10, 30)))

    with pytest.raises(DomainError, match="Tamsin’s own calendar says busy until 10:30"):
        booked(cast)
    made = transact(
        lambda: book(
            booking(cast, override_reason="She says that it is over"), by=cast.jago, at=NOW
        )
    )

    assert made.override_reason == "She says that it is over"


def test_a_family_learns_nothing_of_it(cast: Cast) -> None:
    busy(cast.tamsin, (at(9, 30), at(10, 30)))

    with pytest.raises(DomainError) as refused:
        booked(cast)
    assert refused.value.family == "We are not free then. Please choose another time."


def test_moving_into_it_needs_a_reason_too(cast: Cast) -> None:
    made = booked(cast)
    busy(cast.tamsin, (at(14), at(15)))

    with pytest.raises(DomainError, match="own calendar says busy until 15:00"):
        transact(lambda: move(made, Change(starts_at=at(14)), by=cast.jago, at=NOW))


def test_a_second_worker_who_is_busy_cannot_come_without_a_reason(cast: Cast) -> None:
    busy(cast.kerensa, (at(9), at(12)))

    with pytest.raises(DomainError, match="Kerensa’s own calendar says busy until 12:00"):
        booked(cast, second_id=cast.kerensa.id)


def test_an_application_reads_them_aside_from_texts(app: Flask) -> None:
    assert jobs["read own calendars"].aside
