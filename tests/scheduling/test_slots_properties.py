"""A slow, obvious second finder agrees: nothing offered breaks a rule, nothing lawful is missed,
and the check of a single start, made inside the acts, says the same."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.scheduling.reasons import ORDER, SOFT
from app.scheduling.refusals import check_slot
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Slot, Stop, Wanted, Worker
from app.windows import days
from tests.scheduling.obvious_slots import HOLIDAYS, RULES, Person, lawful, minutes_of
from tests.scheduling.random_days import Search, searches

MANY = settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
FEWER = settings(MANY, max_examples=100)


@given(searches())
@MANY
def test_the_slots_are_exactly_the_lawful_starts_with_the_least_driving(search: Search) -> None:
    wanted, team, now = search
    found = find_slots(wanted, team, RULES, now=now, bank_holidays=HOLIDAYS)
    offered = {(slot.starts_at, slot.worker_id): slot.added_travel for slot in found.slots}
    assert len(offered) == len(found.slots)
    assert offered == lawful(wanted, team, now)


@given(searches())
@MANY
def test_every_start_looked_at_is_a_slot_or_counted_once(search: Search) -> None:
    wanted, team, now = search
    found = find_slots(wanted, team, RULES, now=now, bank_holidays=HOLIDAYS)
    assert found.looked_at == len(found.slots) + sum(found.removed.values())
    assert set(found.removed) <= set(ORDER)
    assert [day.free for day in found.days] == [len(found.slots)]


@given(searches(), st.integers(0, 10_000))
@FEWER
def test_checking_one_start_agrees_with_the_finder(search: Search, anywhere: int) -> None:
    wanted, team, now = search
    lead, other = team
    second = other if wanted.needs_two else None
    starts = [m for m in minutes_of(wanted.first) if clock.london(m).minute % 15 == 0]
    allowed = {start for start, worker in lawful(wanted, team, now) if worker == lead.id}
    tried = [
        *sorted(allowed)[:3],
        starts[anywhere % len(starts)],
        starts[anywhere // 7 % len(starts)],
    ]
    for start in tried:
        refusals = check_slot(wanted, lead, second, start, RULES, now=now, bank_holidays=HOLIDAYS)
        assert (not refusals) == (start in allowed)
        assert all(refusal.staff and refusal.family for refusal in refusals)


@given(searches(), st.sets(st.sampled_from(sorted(SOFT))))
@FEWER
def test_setting_rules_aside_only_ever_adds_and_a_check_agrees(
    search: Search, aside: set[str]
) -> None:
    wanted, team, now = search
    given_up = frozenset(aside)
    strict = find_slots(wanted, team, RULES, now=now, bank_holidays=HOLIDAYS)
    loose = find_slots(wanted, team, RULES, now=now, bank_holidays=HOLIDAYS, relax=given_up)
    assert _who_and_when(strict.slots) <= _who_and_when(loose.slots)
    people = {worker.id: worker for worker in team}
    for slot in loose.slots[:5]:
        assert not check_slot(
            wanted, people[slot.worker_id], people.get(slot.second_worker_id or 0), slot.starts_at,
            RULES, now=now, bank_holidays=HOLIDAYS, relax=given_up,
        )  # fmt: skip


@given(searches())
@FEWER
def test_after_booking_a_slot_the_day_still_works_and_the_time_is_gone(search: Search) -> None:
    wanted, team, now = search
    found = find_slots(wanted, team, RULES, now=now, bank_holidays=HOLIDAYS)
    for slot in found.slots[:2]:
        booked = [_with(worker, slot, wanted) for worker in team]
        again = find_slots(wanted, tuple(booked), RULES, now=now, bank_holidays=HOLIDAYS)
        for worker in booked:
            if worker.id in (slot.worker_id, slot.second_worker_id):
                _every_drive_fits(worker, wanted)
                assert not any(
                    other.starts_at < slot.ends_at and slot.starts_at < other.ends_at
                    for other in again.slots
                    if worker.id in (other.worker_id, other.second_worker_id)
                )


@given(searches())
@FEWER
def test_a_search_over_weeks_finds_what_a_search_of_each_date_finds(search: Search) -> None:
    wanted, team, now = search
    first, last = wanted.first - timedelta(days=1), wanted.first + timedelta(days=8)
    weeks = find_slots(
        replace(wanted, first=first, last=last), team, RULES, now=now, bank_holidays=HOLIDAYS
    )
    dates = [
        find_slots(
            replace(wanted, first=day, last=day), team, RULES, now=now, bank_holidays=HOLIDAYS
        )
        for day in days(first, last)
    ]
    assert sorted(weeks.slots) == sorted(slot for one in dates for slot in one.slots)
    assert [day.free for day in weeks.days] == [len(one.slots) for one in dates]


def _who_and_when(slots: tuple[Slot, ...]) -> set[tuple[int, datetime]]:
    return {(slot.worker_id, slot.starts_at) for slot in slots}


def _with(worker: Worker, slot: Slot, wanted: Wanted) -> Worker:
    if worker.id not in (slot.worker_id, slot.second_worker_id):
        return worker
    stop = Stop(slot.starts_at, slot.ends_at, wanted.spot, wanted.travels)
    return replace(worker, stops=(*worker.stops, stop))


def _every_drive_fits(worker: Worker, wanted: Wanted) -> None:
    """The booked stop, asked for once more without itself, is still lawful."""
    stop = worker.stops[-1]
    without = Person(replace(worker, stops=worker.stops[:-1]), wanted.first)
    assert without.can((stop.starts_at, stop.ends_at), wanted)
