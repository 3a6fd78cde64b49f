"""Reading own calendars: what is kept, what stays when it fails, and who is told of it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.calendars.busy import Busy
from app.calendars.reading import Reading
from app.clock import midnight
from app.db import db, transact
from app.scheduling.book import book
from app.scheduling.diary.team import team_between
from app.scheduling.own_calendars.models import BusyTime
from app.scheduling.own_calendars.own_calendar import remove_calendar, set_calendar
from app.scheduling.own_calendars.read import claim_next, read_next, record_reading
from app.scheduling.own_calendars.waiting import CAUSES
from app.settings.store import change_setting
from app.tasks.causes import items_of
from tests.cast import NOW, Cast
from tests.programmes.course import says, wanted
from tests.scheduling.own_calendars import (
    ADDRESS,
    LATER,
    NO,
    OTHER,
    answers,
    at,
    busy_of,
    reads,
    row_of,
    set_for,
    ten,
)

pytestmark = pytest.mark.usefixtures("monday")


def test_the_worker_reads_it_next_and_keeps_only_the_times(cast: Cast) -> None:
    set_for(cast.tamsin)

    reader = reads(answers(ten(), Busy(at(14), at(15)), etag='"a"'))

    assert busy_of(cast.tamsin) == [(at(10), at(11)), (at(14), at(15))]
    calendar = row_of(cast.tamsin)
    assert (calendar.good_at, calendar.failure, calendar.etag) == (NOW, None, '"a"')
    assert calendar.due_at == NOW + timedelta(minutes=30)
    assert reader.jobs[0].address == ADDRESS
    assert "calendar.google.com" in reader.jobs[0].hosts
    assert not read_next(at=NOW, read=reader)


def test_it_reads_from_last_week_to_beyond_what_is_searched(cast: Cast) -> None:
    set_for(cast.tamsin)

    (job,) = reads(answers()).jobs

    assert job.first == midnight(date(2026, 11, 16))
    assert job.until == midnight(date(2026, 11, 23) + timedelta(weeks=13, days=21))


def test_times_that_meet_are_one_and_odd_seconds_are_whole_minutes(cast: Cast) -> None:
    set_for(cast.tamsin)

    reads(answers(ten(), Busy(at(11), at(11, 30) + timedelta(seconds=1)), ten()))

    assert busy_of(cast.tamsin) == [(at(10), at(11, 31))]


def test_a_failure_keeps_the_last_good_copy_and_says_why(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten()))

    reads(NO, on=LATER)

    assert busy_of(cast.tamsin) == [(at(10), at(11))]
    calendar = row_of(cast.tamsin)
    assert (calendar.tried_at, calendar.good_at, calendar.failure) == (LATER, NOW, NO.failure)
    assert calendar.due_at == LATER + timedelta(minutes=30)
    reads(answers(), on=LATER + timedelta(hours=1))
    assert (row_of(cast.tamsin).failure, busy_of(cast.tamsin)) == (None, [])


def test_that_nothing_changed_keeps_it_too(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten(), etag='"a"', modified="Monday"))

    reader = reads(Reading(busy=None), on=LATER)

    assert (reader.jobs[0].etag, reader.jobs[0].modified) == ('"a"', "Monday")
    assert busy_of(cast.tamsin) == [(at(10), at(11))]
    assert (row_of(cast.tamsin).good_at, row_of(cast.tamsin).etag) == (LATER, '"a"')


def test_a_new_day_is_read_whole_for_what_repeats_reaches_further(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten(), etag='"a"'))

    reader = reads(answers(ten(), etag='"a"'), on=NOW + timedelta(days=1))

    assert reader.jobs[0].etag is None


def test_it_is_read_whole_once_the_search_reaches_further(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten(), etag='"a"'))
    transact(lambda: change_setting("horizon_weeks", 20, by=cast.morwenna, at=LATER))

    (job,) = reads(answers(ten(), etag='"a"'), on=LATER).jobs

    assert job.etag is None
    assert job.until == midnight(date(2026, 11, 23) + timedelta(weeks=21, days=21))


def test_what_stays_busy_is_not_written_again(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten(), Busy(at(14), at(15))))
    ten_of = select(BusyTime.id).where(BusyTime.starts_at == at(10))
    before = db.session.scalars(ten_of).one()

    reads(answers(ten(), Busy(at(16), at(17))), on=LATER)

    assert busy_of(cast.tamsin) == [(at(10), at(11)), (at(16), at(17))]
    assert db.session.scalars(ten_of).one() == before


def test_our_own_appointments_that_come_back_are_not_busy_twice(cast: Cast) -> None:
    says(cast)
    made = transact(lambda: book(wanted(cast, "goals_visit", at(10)), by=cast.jago, at=NOW))
    set_for(cast.tamsin)
    own = f"-s{cast.tamsin.id}"
    unknown = f"0b8ad9d0-7a3c-4c9a-9a43-2c1a7f9e1f11{own}"

    reads(answers(ten(f"{made.uid}{own}"), Busy(at(14), at(15), unknown)))

    assert busy_of(cast.tamsin) == [(at(14), at(15))]


def test_an_invitation_that_a_colleague_passed_on_takes_time(cast: Cast) -> None:
    says(cast)
    made = transact(lambda: book(wanted(cast, "goals_visit", at(10)), by=cast.jago, at=NOW))
    set_for(cast.kerensa)

    reads(answers(ten(f"{made.uid}-s{cast.tamsin.id}")))

    assert busy_of(cast.kerensa) == [(at(10), at(11))]


def test_another_address_keeps_the_times_until_it_is_read(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten(), etag='"a"'))

    set_for(cast.tamsin, OTHER)
    assert busy_of(cast.tamsin) == [(at(10), at(11))]
    assert row_of(cast.tamsin).good_at is None
    (job,) = reads(NO).jobs
    assert (job.address, job.etag) == (OTHER, None)
    assert busy_of(cast.tamsin) == [(at(10), at(11))]
    reads(answers(Busy(at(14), at(15))), on=LATER)
    assert busy_of(cast.tamsin) == [(at(14), at(15))]


def test_one_that_is_being_read_is_read_by_nobody_else_until_the_claim_runs_out(
    cast: Cast,
) -> None:
    set_for(cast.tamsin)

    claim = transact(lambda: claim_next(at=NOW))

    assert claim is not None
    assert transact(lambda: claim_next(at=NOW + timedelta(seconds=100))) is None
    assert transact(lambda: claim_next(at=NOW + timedelta(minutes=2))) is not None


@pytest.mark.parametrize("meanwhile", ["changed", "removed"])
def test_what_was_read_from_an_address_that_changed_meanwhile_is_of_no_use(
    cast: Cast, meanwhile: str
) -> None:
    set_for(cast.tamsin)
    claim = transact(lambda: claim_next(at=NOW))
    assert claim is not None
    if meanwhile == "changed":
        set_for(cast.tamsin, OTHER)
    else:
        transact(lambda: remove_calendar(cast.tamsin, by=cast.tamsin, at=NOW))

    transact(lambda: record_reading(claim, answers(ten()), at=NOW))

    assert busy_of(cast.tamsin) == []
    if meanwhile == "changed":
        assert row_of(cast.tamsin).tried_at is None
        assert row_of(cast.tamsin).due_at == NOW


@pytest.mark.parametrize("whose", ["kerensa", "tamsin"])
def test_what_is_set_in_place_of_one_that_was_removed_gets_nothing_of_it(
    cast: Cast, whose: str
) -> None:
    # The number and the version of the removed one may come again: SQLite gives them anew.
    set_for(cast.tamsin)
    claim = transact(lambda: claim_next(at=NOW))
    assert claim is not None
    transact(lambda: remove_calendar(cast.tamsin, by=cast.tamsin, at=NOW))
    person = getattr(cast, whose)
    transact(lambda: set_calendar(person, OTHER, by=person, at=LATER))

    transact(lambda: record_reading(claim, answers(ten()), at=LATER))

    assert busy_of(person) == []
    assert row_of(person).good_at is None


def waits(on: datetime) -> list[str]:
    return [item.why for item in items_of(CAUSES, on)]


def test_a_day_without_a_reading_waits_for_a_person_and_goes_by_itself(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten()))
    day, more = NOW + timedelta(hours=23), NOW + timedelta(hours=25)
    reads(NO, on=day)
    assert waits(day) == []

    assert waits(more) == [
        "Their own calendar has not been read since Mon 23 Nov 10:00. "
        "The calendar’s server could not be reached."
    ]
    assert items_of(CAUSES, more)[0].owner_id == cast.tamsin.id
    assert old_calendars(more) == [
        "Tamsin Nance’s own calendar has not been read since Mon 23 Nov 10:00: "
        "its busy times may have changed."
    ]
    reads(answers(ten()), on=more)
    assert (waits(more), old_calendars(more)) == ([], [])


def old_calendars(at: datetime) -> list[str]:
    """What the diary says of calendars that have not been read."""
    return team_between(at.date(), at.date() + timedelta(days=1)).old_calendars(at=at)


def test_one_that_was_never_read_waits_too(cast: Cast) -> None:
    set_for(cast.tamsin)

    assert len(waits(NOW + timedelta(hours=25))) == 1
