"""Which dates and hours exist at all: notice, horizon, bank holidays, and the clocks' changes."""

from datetime import date, datetime, timedelta

import pytest

from app import clock
from app.scheduling.wanted import Slot
from app.settings.rules import Rules
from tests.scheduling.winter_tuesday import ALWAYS, NOW, at, runs, search, times, visit

AUTUMN_2026 = date(2026, 10, 25)
SPRING_2027 = date(2027, 3, 28)
AUTUMN_2027 = date(2027, 10, 31)
NIGHT = {"hours": times("Sun 00:00-04:00"), "minutes": 15}


def on(day: date, last: date | None = None, **changed: object) -> list[Slot]:
    now = clock.midnight(day) - timedelta(weeks=2)
    found = search(first=day, last=last or day, **{"now": now, **changed})
    return sorted(found.slots, key=lambda slot: slot.starts_at)


def walls(slots: list[Slot]) -> list[str]:
    return [f"{clock.london(slot.starts_at):%H:%M}" for slot in slots]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 30, 9, 0, tzinfo=clock.LONDON), "09:00-16:00"),
        (datetime(2026, 11, 30, 9, 0, 1, tzinfo=clock.LONDON), "09:15-16:00"),
        (datetime(2026, 11, 30, 16, 0, tzinfo=clock.LONDON), "16:00"),
        (datetime(2026, 11, 30, 16, 1, tzinfo=clock.LONDON), ""),
    ],
)
def test_a_start_keeps_a_day_of_notice_to_the_second(now: datetime, expected: str) -> None:
    assert runs(slot.starts_at for slot in search(now=now).slots) == expected


def test_without_notice_the_past_stays_past() -> None:
    found = search(now=at("10:16"), relax=frozenset({"notice"}))
    assert runs(slot.starts_at for slot in found.slots) == "10:30-16:00"
    assert found.removed == {"past": 6}


def test_notice_counts_hours_not_wall_time_over_a_clock_change() -> None:
    # 24 hours after Saturday 10:30 the clocks have gone back: it is Sunday 09:30.
    now = at("10:30", date(2026, 10, 24))
    assert walls(on(AUTUMN_2026, now=now, hours=ALWAYS))[0] == "09:30"


def test_the_horizon_ends_with_its_last_day() -> None:
    last = date(2027, 2, 15)
    assert len(search(first=last, last=last).slots) == 29
    after = search(first=last + timedelta(days=1), last=last + timedelta(days=1))
    assert (after.slots, after.days[0].code) == ((), "horizon")


@pytest.mark.parametrize(
    ("first", "last", "working"),
    [
        (date(2026, 12, 24), date(2026, 12, 29), ["24 Dec", "29 Dec"]),
        (date(2027, 3, 25), date(2027, 3, 30), ["25 Mar", "30 Mar"]),
        (date(2027, 5, 3), date(2027, 5, 4), ["04 May"]),
        (date(2027, 12, 24), date(2027, 12, 29), ["24 Dec", "29 Dec"]),
    ],
    ids=["Boxing Day's substitute 2026", "Easter 2027", "May Day", "both substitutes 2027"],
)
def test_no_bank_holiday_of_england_is_offered(first: date, last: date, working: list[str]) -> None:
    slots = on(first, last, hours=times("Mon-Fri 9-17"))
    assert sorted({f"{slot.starts_at:%d %b}" for slot in slots}) == working


def test_a_bank_holiday_may_be_set_aside() -> None:
    good_friday = date(2027, 3, 26)
    assert (
        runs(slot.starts_at for slot in on(good_friday, relax=frozenset({"bank_holiday"})))
        == "09:00-16:00"
    )


def test_an_hour_that_spring_skips_is_never_offered() -> None:
    assert walls(on(SPRING_2027, **NIGHT)) == [
        *("00:00", "00:15", "00:30", "00:45"),
        *("02:00", "02:15", "02:30", "02:45", "03:00", "03:15", "03:30", "03:45"),
    ]


def test_a_visit_over_the_skipped_hour_takes_its_real_time() -> None:
    slots = on(SPRING_2027, **{**NIGHT, "minutes": 90})
    ends = {f"{slot.starts_at:%H:%M}": clock.london(slot.ends_at) for slot in slots}
    assert f"{ends['00:30']:%H:%M}" == "03:00"
    assert f"{max(ends.values()):%H:%M}" == "04:00"


@pytest.mark.parametrize("day", [AUTUMN_2026, AUTUMN_2027])
def test_an_hour_that_autumn_repeats_is_offered_twice_and_told_apart(day: date) -> None:
    slots = on(day, **NIGHT)

    assert len(slots) == 20
    assert walls(slots)[4:12] == ["01:00", "01:15", "01:30", "01:45"] * 2
    assert [slot.why[-1] for slot in slots[4:12]] == (
        ["The first of that hour, as the clocks go back"] * 4
        + ["The second of that hour, as the clocks go back"] * 4
    )
    assert slots[4].starts_at + timedelta(hours=1) == slots[8].starts_at


def test_an_appointment_in_the_first_of_two_hours_leaves_the_second_free() -> None:
    held = visit("00:00-01:00", day=AUTUMN_2026)
    first_hour = held.ends_at, held.ends_at + timedelta(hours=1)
    slots = on(AUTUMN_2026, **NIGHT, absences=(first_hour,), stops=(held,))
    assert walls(slots)[:4] == ["01:00", "01:15", "01:30", "01:45"]
    assert clock.london(slots[0].starts_at).fold == 1


@pytest.mark.parametrize("day", [AUTUMN_2026, SPRING_2027, AUTUMN_2027])
def test_working_hours_are_wall_time_on_the_day_of_a_change(day: date) -> None:
    slots = on(day, hours=times("Sun 09:00-17:00"))
    assert runs(slot.starts_at for slot in slots) == "09:00-16:00"


def test_a_grid_of_another_width_stays_on_the_clock() -> None:
    slots = on(date(2026, 12, 1), minutes=30, rules=Rules(grid_minutes=40), now=NOW)
    assert walls(slots)[:4] == ["09:20", "10:00", "10:40", "11:20"]


@pytest.mark.parametrize("day", [AUTUMN_2026, SPRING_2027])
def test_such_a_grid_stays_on_the_clock_over_a_change_too(day: date) -> None:
    slots = on(day, minutes=30, rules=Rules(grid_minutes=40), hours=times("Sun 00:00-12:00"))
    shown = {hour * 60 + minute for hour, minute in _hours_and_minutes(slots)}
    assert shown <= set(range(0, 1440, 40))
    assert 9 * 60 + 20 in shown


def _hours_and_minutes(slots: list[Slot]) -> list[tuple[int, int]]:
    there = [clock.london(slot.starts_at) for slot in slots]
    return [(one.hour, one.minute) for one in there]
