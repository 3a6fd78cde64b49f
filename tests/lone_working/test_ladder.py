"""The ladder as a table: what is due when, at which level, after which answers."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.lone_working.ladder import (
    Sight,
    due_steps,
    is_live,
    ladder,
    minutes_over,
    standing,
)
from app.settings.rules import Rules

RULES = Rules()
START = datetime(2026, 11, 23, 11, tzinfo=UTC)
END = START + timedelta(hours=1)


def sight(level: str = "standard", came: int | None = 0, **more: object) -> Sight:
    """A visit from 11:00 to 12:00; `came` minutes after the start, None: never."""
    checked_in = None if came is None else START + timedelta(minutes=came)
    return Sight(**{
        "level": level, "due_in": START, "due_out": END, "checked_in_at": checked_in, **more
    })  # fmt: skip


def names(seen: Sight, minutes_after_start: int) -> list[str]:
    now = START + timedelta(minutes=minutes_after_start)
    return [step.name for step in due_steps(seen, RULES, now)]


@pytest.mark.parametrize(
    ("minutes", "due"),
    [
        (-1, []),
        (14, []),
        (59, []),
        (60, ["remind_out"]),
        (74, ["remind_out"]),
        (75, ["remind_out", "buddy"]),
        (89, ["remind_out", "buddy"]),
        (90, ["remind_out", "buddy", "manager"]),
        (104, ["remind_out", "buddy", "manager"]),
        (105, ["remind_out", "buddy", "manager", "all_managers"]),
        (24 * 60, ["remind_out", "buddy", "manager", "all_managers"]),
    ],
)
def test_who_checked_in_and_not_out_is_looked_for(minutes, due):
    assert names(sight(), minutes) == due


@pytest.mark.parametrize("level", ["raised", "high", "not_assessed", "no_home_visits"])
@pytest.mark.parametrize(
    ("minutes", "due"),
    [
        (74, ["remind_out"]),
        (75, ["remind_out", "buddy"]),
        (79, ["remind_out", "buddy"]),
        (80, ["remind_out", "buddy", "manager"]),
        (94, ["remind_out", "buddy", "manager"]),
        (95, ["remind_out", "buddy", "manager", "all_managers"]),
    ],
)
def test_sooner_wherever_the_level_is_not_known_to_be_standard(level, minutes, due):
    assert names(sight(level), minutes) == due


@pytest.mark.parametrize(
    ("minutes", "due"),
    [(0, []), (14, []), (15, ["not_in"]), (60, ["not_in", "remind_out"]),
     (105, ["not_in", "remind_out", "buddy", "manager", "all_managers"])],
)  # fmt: skip
def test_who_never_checked_in_is_asked_and_then_looked_for(minutes, due):
    assert names(sight(came=None), minutes) == due


def test_a_late_check_in_is_no_alarm_any_more():
    late = sight(came=25, raised=frozenset({("not_in", START)}))

    assert names(late, 30) == []
    assert not is_live("not_in", START, late)


def test_each_step_is_raised_once():
    raised = frozenset({("remind_out", END), ("buddy", END)})

    assert names(sight(raised=raised), 76) == []
    assert names(sight(raised=raised), 90) == ["manager"]


def test_after_an_extension_the_ladder_begins_again():
    longer = sight(
        due_out=END + timedelta(minutes=30),
        raised=frozenset({("remind_out", END), ("buddy", END)}),
    )

    assert names(longer, 89) == []
    assert names(longer, 90) == ["remind_out"]
    assert names(longer, 105) == ["remind_out", "buddy"]
    assert not is_live("buddy", END, longer)


def test_nothing_is_due_once_somebody_knows_that_they_are_safe():
    assert names(sight(closed=True), 500) == []


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_change_of_the_clocks_neither_hastens_nor_delays(day):
    start = clock.at_london(day, time(0, 30))
    over_it = Sight("standard", start, start + timedelta(hours=2), start)
    steps = {step.name: step.at for step in ladder(over_it, RULES)}

    assert steps["manager"] - start == timedelta(minutes=150)


@pytest.mark.parametrize(
    ("seen", "minutes", "state", "over"),
    [
        (sight(came=None), -20, "not_started", 0),
        (sight(came=None), 5, "expected", 0),
        (sight(came=None), 15, "late_in", 15),
        (sight(came=None), 80, "late_out", 20),
        (sight(), 20, "inside", 0),
        (sight(), 50, "due_out", 0),
        (sight(), 74, "due_out", 14),
        (sight(), 75, "late_out", 15),
        (sight(), 87, "late_out", 27),
        (sight(raised=frozenset({("help", START)})), 5, "calls", 0),
        (sight(closed=True), 500, "closed", 440),
    ],
)
def test_how_it_stands_is_told_by_the_clock(seen, minutes, state, over):
    now = START + timedelta(minutes=minutes)

    assert standing(seen, RULES, now) == state
    assert minutes_over(seen, RULES, now) == over


@given(
    st.integers(0, 600),
    st.sampled_from(["standard", "raised", "high", "not_assessed"]),
    st.one_of(st.none(), st.integers(-60, 120)),
    st.lists(st.integers(1, 60), max_size=20),
)
def test_however_often_one_looks_nothing_is_missed_or_raised_twice(until, level, came, gaps):
    raised: list[tuple[str, datetime]] = []
    at = 0
    for gap in [*gaps, 600]:
        at = min(at + gap, until)
        now = START + timedelta(minutes=at)
        for step in due_steps(sight(level, came, raised=frozenset(raised)), RULES, now):
            raised.append((step.name, step.expected))
    once = due_steps(sight(level, came), RULES, START + timedelta(minutes=until))
    assert sorted(raised) == sorted((step.name, step.expected) for step in once)
