"""What would open more times: which single change, how many, and the first of them."""

from dataclasses import replace
from datetime import date

from app.scheduling.relaxations import Alternative, Relaxation, relaxations
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Other
from tests.scheduling.winter_tuesday import (
    CAMBORNE,
    COVER,
    DAY,
    NOW,
    PIRAN,
    RULES,
    TAMSIN,
    WANTED,
    asked_for,
    at,
    span,
    times,
    visit,
    visits,
)


def opening(alternatives: tuple[Alternative, ...] = (), **changed: object) -> list[Relaxation]:
    asked, who, others = asked_for(changed)
    return list(relaxations(asked, (who,), alternatives=alternatives, **others))


def test_each_soft_rule_that_is_in_the_way_says_how_many_it_would_open() -> None:
    found = opening(
        family_times=times("Tue 10-12"), place_hours=times("Tue 11-17"), stops=visits("11:00-12:00")
    )
    assert found == [
        Relaxation("place_hours", "Outside the place’s hours", 1, at("10:00")),
        Relaxation("family_times", "Outside the family’s times: ask them", 17, at("12:00")),
    ]


def test_less_notice_opens_the_sooner_times() -> None:
    found = opening(now=at("12:30", date(2026, 11, 30)))
    assert found == [Relaxation("notice", "With less than 24 hours’ notice", 14, at("09:00"))]


def test_what_two_rules_forbid_is_not_opened_by_one() -> None:
    assert opening(family_times=times("Mon 9-17"), place_hours=times("Mon 9-17")) == []


def test_longer_hours_make_room_for_a_drive() -> None:
    far = opening(spot=CAMBORNE, hours=times("Tue 9-11"))
    assert far == [
        Relaxation("hours", "Outside Tamsin’s hours", 5, at("09:00")),
        Relaxation("travel", "With less time to drive than it should take", 5, at("09:00")),
    ]


def test_what_an_own_calendar_says_is_set_aside_with_a_reason() -> None:
    found = opening(busy=(span("09:00-12:00"),), stops=visits("14:00-17:00"))
    assert found == [
        Relaxation("busy", "Over what is in Tamsin’s own calendar", 12, at("09:00")),
    ]


def test_an_own_calendar_in_the_way_of_a_drive_is_tried_too() -> None:
    # No start lies in it; but for it the drive from base, 37 minutes, would end at 09:37.
    found = opening(
        spot=CAMBORNE, busy=(span("09:00-09:20"),), not_before=at("09:30"),
        family_times=times("Tue 9-11"),
    )  # fmt: skip
    assert [(one.code, one.slots, one.first) for one in found] == [
        ("hours", 2, at("09:30")),
        ("busy", 1, at("09:45")),
        ("family_times", 21, at("10:15")),
        ("travel", 2, at("09:30")),
    ]


def test_a_hard_rule_is_never_offered() -> None:
    assert opening(stops=visits("09:00-17:00")) == []
    assert opening(**COVER, level="no_home_visits") == []


def test_whose_times_are_in_the_way_is_named() -> None:
    found = opening(others=(Other("Rosie", times("Tue 9-16")), Other("Ana")))
    assert [one.words for one in found] == ["Outside the times of Rosie and Ana: ask them"]


def test_several_practitioners_are_not_named() -> None:
    found = relaxations(
        replace(WANTED, family_times=times("Mon 9-17")), (TAMSIN, PIRAN), RULES,
        now=NOW, bank_holidays=frozenset(),
    )  # fmt: skip
    assert found == (
        Relaxation("family_times", "Outside the family’s times: ask them", 58, at("09:00")),
    )


def test_the_second_workers_soft_rules_count_too() -> None:
    second = replace(PIRAN, hours=times("Tue 9-10"))
    found = opening(**COVER, level="high", seconds=(second,))
    assert found == [Relaxation("hours", "Outside Tamsin’s hours", 28, at("09:15"))]


def test_another_place_person_or_date_is_tried_as_the_caller_says() -> None:
    home = replace(WANTED, **COVER, level="high")
    hub = Alternative("place", "Meet at Bodmin Family Hub", WANTED, (TAMSIN,))
    later = Alternative(
        "later", "Look until 2 December", replace(home, last=date(2026, 12, 2)), (TAMSIN,)
    )
    both = Alternative("second", "Piran as second worker", home, (TAMSIN,), (PIRAN,))
    found = opening((hub, later, both), **COVER, level="high", seconds=())
    assert found == [
        Relaxation("place", "Meet at Bodmin Family Hub", 29, at("09:00")),
        Relaxation("second", "Piran as second worker", 29, at("09:00")),
    ]


def test_the_number_is_what_the_search_without_the_rule_then_finds() -> None:
    asked, who, others = asked_for({"spot": CAMBORNE, "stops": (visit("11:00-12:00"),)})
    before = find_slots(asked, (who,), **others).slots
    for one in relaxations(asked, (who,), **others):
        after = find_slots(asked, (who,), **others, relax=frozenset({one.code})).slots
        assert len(after) == len(before) + one.slots
        assert min({s.starts_at for s in after} - {s.starts_at for s in before}) == one.first
    assert asked.first == DAY
