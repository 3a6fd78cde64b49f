"""Fault 17: clocks that go back or forward, machines that disagree, and the two changes of the
year: no reminder early, twice or left out; what is of no use any more expires.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app import clock
from app.db import db
from app.messaging import send
from app.messaging.claim import claim_next, database_now
from app.messaging.schedule import texts_for
from app.settings.rules import Rules
from app.working_days import is_working_day
from tests.cast import NOW
from tests.messaging.steps import forget, reconcile, stored, work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_fault_17_a_clock_that_goes_back_repeats_nothing_and_loses_nothing(standin, queue):
    went, waits = queue(1), queue(2, due_at=NOW + timedelta(minutes=30))
    work(NOW)
    for minute in range(-60, 30, 10):
        work(NOW + timedelta(minutes=minute))
    assert (stored(went).attempt, stored(waits).state) == (1, "ready")
    work(NOW + timedelta(minutes=30))
    assert len(standin.texts) == 2


@pytest.mark.parametrize("fault", ["before_500", "after_500"])
def test_fault_17_a_clock_that_goes_back_while_it_is_unknown_only_waits_longer(
    standin, queue, fault
):
    row_id = queue(1)
    standin.faults.append(fault)
    work(NOW)
    for minutes in (-60, -30, 0):
        assert reconcile(NOW + timedelta(minutes=minutes)) == 0
    reconcile(NOW + timedelta(minutes=6))
    work(NOW + timedelta(minutes=6))
    assert (stored(row_id).state, len(standin.texts)) == ("accepted", 1)


def test_fault_17_a_clock_that_jumps_a_day_sends_what_is_of_use_and_no_more(standin, queue):
    of_use = queue(1, "reminder", due_at=NOW + HOUR, expires_at=NOW + 3 * DAY)
    stale = queue(2, "reminder", due_at=NOW + HOUR, expires_at=NOW + DAY)
    work(NOW)
    work(NOW + DAY)
    assert stored(of_use).state == "accepted"
    assert stored(stale).reason == "It was too late to be of use."
    for minutes in (-60, 0, 60):  # and comes back
        work(NOW + timedelta(minutes=minutes))
    assert len(standin.texts) == 1


def test_fault_17_a_jump_while_a_send_is_unknown_finds_the_text_it_sent(standin, queue):
    row_id = queue(1, expires_at=NOW + 3 * DAY)
    standin.faults.append("after_500")
    work(NOW)
    reconcile(NOW + DAY)
    work(NOW + DAY)
    assert (stored(row_id).state, len(standin.texts)) == ("accepted", 1)


@pytest.mark.parametrize("ours", [-HOUR, HOUR, 20 * HOUR])
def test_fault_17_a_text_is_found_however_far_our_clock_is_from_twilios(standin, queue, ours):
    at = NOW + ours
    row_id = queue(1, due_at=at, expires_at=at + 3 * DAY, now=True)
    standin.faults.append("after_500")
    work(at)
    assert stored(row_id).state == "unknown"
    reconcile(at + timedelta(minutes=6))
    work(at + timedelta(minutes=6))
    assert (stored(row_id).state, len(standin.texts)) == ("accepted", 1)


def test_fault_17_machines_five_minutes_apart_have_one_clock(app):
    """PostgreSQL's; a file is used by one machine."""
    here = database_now()
    with time_machine.travel(NOW + timedelta(minutes=5), tick=True):
        there = database_now()
    apart = timedelta(0) if db.engine.dialect.name == "postgresql" else timedelta(minutes=5)
    assert abs(there - here - apart) < timedelta(seconds=5)


def test_fault_17_a_worker_five_minutes_ahead_does_not_send_again_what_another_sends(
    standin, app, queue
):
    """It takes the lease for over, and then waits its own five minutes before it looks."""
    row_id = queue(1)
    ahead = timedelta(minutes=5)

    def the_other(_):
        with app.app_context():
            assert send.expire_next(at=NOW + ahead)
            assert send.send_next("ahead", at=NOW + ahead) is False
            assert reconcile(NOW + ahead, owner="ahead") == 0
            forget()

    standin.on_accept = the_other
    work(NOW, owner="behind")
    standin.on_accept = None
    reconcile(NOW + 3 * ahead, owner="ahead")
    work(NOW + 3 * ahead, owner="ahead")
    assert (stored(row_id).state, len(standin.texts)) == ("accepted", 1)


def test_fault_17_a_lease_is_as_long_for_a_worker_that_is_behind(app, queue):
    row_id = queue(1, due_at=NOW)
    assert claim_next("right", at=NOW)
    assert not send.expire_next(at=NOW - timedelta(minutes=5))
    assert claim_next("behind", at=NOW - timedelta(minutes=5)) is None
    assert stored(row_id).attempt == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("visit", "reminded"),
    [
        (
            date(2027, 3, 30),
            "2027-03-25 10:00",
        ),  # Easter; clocks change on 28 March
        (date(2027, 11, 1), "2027-10-29 10:00"),  # and back on Sunday 31 October
        (date(2026, 10, 26), "2026-10-23 10:00"),  # and on Sunday 25 October 2026
    ],
)
def test_fault_17_around_a_change_of_clocks_each_reminder_goes_once_at_its_hour(
    standin, queue, visit, reminded
):
    """A worker that looks every hour from nine days before, through the doubled hour."""
    starts_at = clock.at_london(visit, datetime(2026, 1, 1, 14).time())
    booked_at = starts_at - 9 * DAY
    planned = texts_for(
        starts_at, booked_at, kind="follow_up", rules=Rules(), safe_times=None,
        is_working_day=is_working_day, announce=False,
    )  # fmt: skip
    for number, text in enumerate(planned):
        queue(
            number, "reminder", due_at=text.due_at, expires_at=text.expires_at,
            dedupe=f"text {number}", at=booked_at,
        )  # fmt: skip
    went: list[datetime] = []
    now = booked_at
    while now < starts_at:
        before = len(standin.texts)
        work(now)
        went += [now] * (len(standin.texts) - before)
        now += HOUR
    assert len(went) == len(planned)
    there = [clock.london(at).strftime("%Y-%m-%d %H:%M") for at in went]
    assert there[-1] == reminded
    assert {at[11:] for at in there} == {"10:00"}
    assert all(at.tzinfo == UTC for at in went)
