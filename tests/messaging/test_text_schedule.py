from datetime import datetime

import holidays
import pytest

from app import clock
from app.messaging.schedule import (
    NO_ROOM,
    Planned,
    text_at_once,
    texts_for,
)
from app.settings.rules import Rules
from app.windows import Windows, read_windows

RULES = Rules()
ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2025, 2029))


def is_working_day(day):
    return day.weekday() < 5 and day not in ENGLAND


def at(text):
    there = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    return clock.at_london(there.date(), there.time())


def shown(instant):
    return f"{clock.london(instant):%a %Y-%m-%d %H:%M}"


def plan(starts, booked, safe=None, **more):
    texts = texts_for(
        at(starts),
        at(booked),
        kind=more.pop("kind", "goals_visit"),
        rules=more.pop("rules", RULES),
        safe_times=safe and read_windows(safe),
        is_working_day=is_working_day,
        **{name: at(value) if name == "was" else value for name, value in more.items()},
    )
    return [f"{text.purpose} {'RING' if text.cannot else shown(text.due_at)}" for text in texts]


PLANS = [
    # starts, booked, safe times, the texts
    (
        "2026-06-17 10:00",
        "2026-06-01 11:20",
        None,
        [
            "booked Mon 2026-06-01 11:20",
            "reminder_early Fri 2026-06-12 10:00",
            "reminder Tue 2026-06-16 10:00",
        ],
    ),
    # across the spring change: 10:00 stays 10:00 (GMT), 71 hours before and not 72
    (
        "2026-03-30 10:00",
        "2026-03-24 09:00",
        None,
        [
            "booked Tue 2026-03-24 09:00",
            "reminder_early Wed 2026-03-25 10:00",
            "reminder Fri 2026-03-27 10:00",
        ],
    ),
    # the day after Easter Monday: the last working day is the Thursday, five days before
    (
        "2026-04-07 10:00",
        "2026-03-20 10:00",
        None,
        ["booked Fri 2026-03-20 10:00", "reminder Thu 2026-04-02 10:00"],
    ),
    # across the autumn change
    (
        "2026-10-26 09:00",
        "2026-10-05 12:00",
        None,
        [
            "booked Mon 2026-10-05 12:00",
            "reminder_early Wed 2026-10-21 10:00",
            "reminder Fri 2026-10-23 10:00",
        ],
    ),
    # booked less than five days ahead: no early one
    (
        "2026-06-17 10:00",
        "2026-06-12 10:01",
        None,
        ["booked Fri 2026-06-12 10:01", "reminder Tue 2026-06-16 10:00"],
    ),
    # booked on the early one's morning: twelve hours apart, so the booking is enough
    (
        "2026-06-17 10:00",
        "2026-06-12 09:00",
        None,
        ["booked Fri 2026-06-12 09:00", "reminder Tue 2026-06-16 10:00"],
    ),
    # booked on the day before, in the morning and after ten
    ("2026-06-17 10:00", "2026-06-16 09:00", None, ["booked Tue 2026-06-16 09:00"]),
    ("2026-06-17 16:00", "2026-06-16 15:00", None, ["booked Tue 2026-06-16 15:00"]),
    # booked late in the evening: next morning; ten o'clock is then too close to it
    (
        "2026-06-17 16:00",
        "2026-06-15 20:30",
        None,
        ["booked Tue 2026-06-16 09:00"],
    ),
    # booked on Saturday evening and on Sunday
    (
        "2026-06-18 10:00",
        "2026-06-13 19:00",
        None,
        ["booked Mon 2026-06-15 09:00", "reminder Wed 2026-06-17 10:00"],
    ),
    (
        "2026-06-18 10:00",
        "2026-06-14 11:00",
        None,
        ["booked Mon 2026-06-15 09:00", "reminder Wed 2026-06-17 10:00"],
    ),
    # the early one would fall on a Sunday: the Saturday before, at the same time of day
    (
        "2026-06-19 10:00",
        "2026-06-01 11:00",
        None,
        [
            "booked Mon 2026-06-01 11:00",
            "reminder_early Sat 2026-06-13 10:00",
            "reminder Thu 2026-06-18 10:00",
        ],
    ),
    # only Monday to Thursday in school hours: both reminders move earlier
    (
        "2026-06-15 10:00",
        "2026-06-01 16:00",
        "Mon-Thu 09:30-14:30",
        [
            "booked Tue 2026-06-02 09:30",
            "reminder_early Wed 2026-06-10 10:00",
            "reminder Thu 2026-06-11 10:00",
        ],
    ),
    # afternoons only: ten o'clock becomes the end of the afternoon before
    (
        "2026-06-17 10:00",
        "2026-06-01 09:00",
        "Mon-Fri 13:00-15:00",
        [
            "booked Mon 2026-06-01 13:00",
            "reminder_early Thu 2026-06-11 14:45",
            "reminder Mon 2026-06-15 14:45",
        ],
    ),
    # evenings until 20:00, but no text goes after 19:00
    (
        "2026-06-17 10:00",
        "2026-06-15 21:00",
        "Mon-Fri 17:00-20:00",
        ["booked Tue 2026-06-16 17:00"],
    ),
    # one day a week: both reminders would land together, the later stays
    (
        "2026-06-22 10:00",
        "2026-06-01 09:00",
        "Tue 10-12",
        ["booked Tue 2026-06-02 10:00", "reminder Tue 2026-06-16 10:00"],
    ),
    # no room at all: one call, not two
    ("2026-06-18 10:00", "2026-06-16 12:30", "Tue 10-12", ["booked RING"]),
    # told at once, but no safe time before the visit is left for the reminder
    (
        "2026-06-18 10:00",
        "2026-06-15 09:15",
        "Mon 9-10",
        ["booked Mon 2026-06-15 09:15", "reminder RING"],
    ),
    # never texted: Sundays only
    ("2026-06-18 10:00", "2026-06-01 09:00", "Sun 10-12", ["booked RING"]),
]


@pytest.mark.parametrize(("starts", "booked", "safe", "texts"), PLANS)
def test_texts_are_due(starts, booked, safe, texts):
    assert plan(starts, booked, safe) == texts


def test_a_person_who_may_never_be_texted_is_rung():
    (text,) = texts_for(
        at("2026-06-18 10:00"),
        at("2026-06-01 09:00"),
        kind="goals_visit",
        rules=RULES,
        safe_times=Windows(),
        is_working_day=is_working_day,
    )

    assert text == Planned("booked", at("2026-06-01 09:00"), at("2026-06-18 08:00"), NO_ROOM)


def test_texts_about_a_conversation_have_their_own_words():
    assert plan("2026-06-17 10:00", "2026-06-01 11:20", kind="conversation") == [
        "conversation_booked Mon 2026-06-01 11:20",
        "conversation_reminder_early Fri 2026-06-12 10:00",
        "conversation_reminder Tue 2026-06-16 10:00",
    ]


def test_an_imported_booking_is_not_announced():
    assert plan("2026-06-17 10:00", "2026-06-12 09:00", announce=False) == [
        "reminder_early Fri 2026-06-12 10:00",
        "reminder Tue 2026-06-16 10:00",
    ]


def test_a_move_is_told_before_the_old_time():
    moved = plan("2026-06-24 10:00", "2026-06-16 20:00", was="2026-06-17 10:00")
    too_late = plan("2026-06-24 10:00", "2026-06-16 20:00", was="2026-06-17 08:30")

    assert moved[0] == "moved Wed 2026-06-17 09:00"
    assert too_late == [
        "moved RING",
        "reminder_early Fri 2026-06-19 10:00",
        "reminder Tue 2026-06-23 10:00",
    ]


def test_a_move_from_a_time_that_has_passed_has_until_the_new_one():
    assert plan("2026-06-24 10:00", "2026-06-16 20:00", was="2026-06-15 10:00")[0] == (
        "moved Wed 2026-06-17 09:00"
    )


def test_a_same_day_decision_lifts_the_hours_but_not_the_safe_times():
    sunday = ("2026-06-14 18:00", "2026-06-14 16:00")

    assert plan(*sunday, same_day_decision=True) == ["booked Sun 2026-06-14 16:00"]
    assert plan(*sunday, "Sun 17:00-19:00", same_day_decision=True) == [
        "booked Sun 2026-06-14 17:00"
    ]
    assert plan(*sunday, "Mon-Fri 9-5", same_day_decision=True) == ["booked RING"]
    assert plan(*sunday) == ["booked RING"]


def test_texts_run_out_before_they_mislead():
    booked, early, reminder = texts_for(
        at("2026-06-17 10:00"),
        at("2026-06-01 11:20"),
        kind="goals_visit",
        rules=RULES,
        safe_times=None,
        is_working_day=is_working_day,
    )

    assert shown(booked.expires_at) == "Wed 2026-06-17 08:00"
    assert shown(early.expires_at) == "Mon 2026-06-15 22:00"
    assert shown(reminder.expires_at) == "Wed 2026-06-17 08:00"


def test_a_cancellation_goes_until_the_time_it_was_for():
    said = at("2026-06-17 08:40")

    told = text_at_once("cancelled", said, at("2026-06-17 09:30"), None, RULES, is_working_day)
    too_late = text_at_once("cancelled", said, at("2026-06-17 09:00"), None, RULES, is_working_day)

    assert (shown(told.due_at), told.cannot) == ("Wed 2026-06-17 09:00", None)
    assert too_late.cannot == NO_ROOM


def test_the_numbers_are_the_rules():
    rules = RULES.changed(reminder_at=12 * 60, early_reminder_days=7, texts_until=12 * 60)

    assert plan("2026-06-17 10:00", "2026-06-01 14:00", rules=rules) == [
        "booked Tue 2026-06-02 09:00",
        "reminder_early Wed 2026-06-10 11:45",
        "reminder Tue 2026-06-16 11:45",
    ]
