"""Refusals together: their order, soft and hard, the second worker, and what a family may read."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app import clock
from app.scheduling.reasons import BY_CODE
from app.scheduling.wanted import Refusal
from app.windows import Windows
from tests.scheduling.winter_tuesday import (
    BASE,
    CAMBORNE,
    COVER,
    DAY,
    PIRAN,
    RULES,
    TAMSIN,
    at,
    refused,
    span,
    times,
    visit,
    visits,
)

HOME = {**COVER, "spot": BASE}


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    return [refusal.code for refusal in refusals]


def test_a_lawful_start_is_not_refused() -> None:
    assert refused(at("10:00")) == ()


def test_every_broken_rule_is_told_in_the_order_of_the_rules() -> None:
    refusals = refused(
        at("10:00"),
        family_times=times("Tue 13-17"),
        family_held=(span("09:00-11:00"),),
        stops=visits("10:15-11:00"),
    )
    assert codes(refusals) == ["family_times", "family_held", "held"]


def test_what_else_is_free_stands_with_the_first_hard_refusal() -> None:
    refusals = refused(at("10:00"), family_times=times("Tue 13-17"), stops=visits("10:15-11:00"))
    assert [refusal.staff.endswith("13:00 is free.") for refusal in refusals] == [False, True]


def test_a_start_that_clocks_skip_is_refused_by_hand_too() -> None:
    skipped = datetime(2027, 3, 28, 1, 30, tzinfo=clock.LONDON)
    refusals = refused(skipped, hours=times("Sun 00:00-09:00"), now=at("09:00", date(2027, 3, 1)))
    assert codes(refusals) == ["clock"]
    assert refusals[0].staff == (
        "The clocks go forward on Sunday 28 March, and that time does not exist. 02:45 is free."
    )


def test_seconds_are_not_on_the_clock() -> None:
    assert codes(refused(at("10:00") + timedelta(seconds=1))) == ["grid"]


def test_a_soft_rule_is_set_aside_and_a_hard_one_is_not() -> None:
    aside = frozenset({"hours", "held", "grid"})
    assert refused(at("17:30"), relax=aside) == ()
    assert refused(at("10:10"), relax=aside) == ()
    assert codes(refused(at("10:00"), relax=aside, stops=visits("10:15-11:00"))) == ["held"]


def test_a_drive_that_is_set_aside_is_not_told_of_a_visit_over_midnight() -> None:
    assert codes(refused(at("23:30"), relax=frozenset({"travel"}))) == ["hours", "family_times"]


def test_a_drive_outside_the_hours_is_told_only_where_it_would_not_fit_with_longer_hours() -> None:
    after_work = (visit("18:45-19:45", BASE),)
    assert codes(refused(at("16:30"), spot=CAMBORNE)) == ["hours"]
    assert codes(refused(at("17:15"), spot=CAMBORNE, stops=after_work)) == ["hours", "travel"]


def test_why_the_second_worker_cannot_come_is_told_of_them() -> None:
    busy = replace(PIRAN, stops=visits("10:30-11:00"))
    refusals = refused(at("10:00"), busy, **HOME, level="high")
    assert codes(refusals) == ["second_worker"]
    assert refusals[0].staff == (
        "Piran cannot come too. Piran is with another family from 10:30 to 11:00. 11:00 is free."
    )


def test_the_second_workers_drive_counts() -> None:
    far = replace(PIRAN, base=CAMBORNE)
    refusals = refused(at("09:15"), far, two_workers=True)
    assert refusals[0].staff == (
        "Piran cannot come too. Piran begins at 09:00 and base is 37 minutes away. 09:45 is free."
    )


def test_a_second_worker_who_is_not_needed_must_be_free_all_the_same() -> None:
    assert codes(refused(at("10:00"), replace(PIRAN, hours=Windows()))) == ["second_worker"]


def test_two_people_are_two() -> None:
    refusals = refused(at("10:00"), TAMSIN, two_workers=True)
    assert refusals[0].staff.startswith("The second worker has to be somebody else.")


def test_a_second_worker_opens_a_home_that_is_not_assessed() -> None:
    assert refused(at("10:00"), PIRAN, **HOME, level="not_assessed") == ()


@pytest.mark.parametrize("code", BY_CODE)
def test_what_a_family_reads_holds_no_other_family_and_no_reason_behind(code: str) -> None:
    sentence = BY_CODE[code].family.lower()
    for word in ("another family", "tamsin", "risk", "worker", "level", "meet you", "duty", "safe"):
        assert word not in sentence


def test_a_family_cannot_tell_one_of_our_reasons_from_another() -> None:
    ours = ("hours", "absence", "held", "visits_a_day", "travel", "second_worker", "apart")
    assert len({BY_CODE[code].family for code in ours}) == 1


def test_moving_an_appointment_does_not_meet_itself() -> None:
    # The caller leaves out the stop that is being moved; its old time is then free for it.
    assert codes(refused(at("10:15"), stops=visits("10:00-11:00"))) == ["held"]
    assert refused(at("10:15"), stops=()) == ()


def test_the_numbers_in_the_sentences_are_the_rules() -> None:
    rules = RULES.changed(notice_hours=48, keep_apart_minutes=90)
    soon = refused(at("10:00"), rules=rules, now=at("11:00", DAY - timedelta(days=1)))
    assert "less than 48 hours" in soon[0].staff
    near = refused(at("13:15"), rules=rules, keep_apart=(span("11:00-12:00"),))
    assert "less than 90 minutes" in near[0].staff
