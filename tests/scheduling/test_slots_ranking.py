"""Which slot comes first, and what each says for itself."""

from dataclasses import replace
from datetime import date

from app.places.travel import NOWHERE, spot_for
from app.scheduling.conditions import room_for
from app.scheduling.reasons import took_away
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Other, Room, Slot
from tests.scheduling.winter_tuesday import (
    BASE,
    CAMBORNE,
    COVER,
    DAY,
    NEXT_DOOR,
    NOW,
    PIRAN,
    RULES,
    TAMSIN,
    WANTED,
    at,
    call,
    search,
    slot_at,
    span,
    times,
    visit,
    visits,
)

WEDNESDAY = date(2026, 12, 2)
LIKED = "In the hours the family likes best"


def when(slot: Slot) -> str:
    return f"{slot.starts_at:%a %H:%M}"


def test_least_added_driving_comes_first_whatever_the_day() -> None:
    stops = (visit("11:00-12:00", CAMBORNE, WEDNESDAY),)
    found = search(spot=CAMBORNE, last=WEDNESDAY, stops=stops)
    assert when(found.slots[0]) == "Wed 09:45"
    assert [slot.added_travel for slot in found.slots] == [0] * 16 + [74] * 23


def test_slots_read_one_by_one_from_the_end_or_in_part_are_those_read_in_order() -> None:
    asked = {"last": WEDNESDAY, "spot": CAMBORNE, "stops": (visit("11:00-12:00", CAMBORNE),)}
    order = list(search(**asked).slots)
    again = search(**asked).slots

    assert again[-1] == order[-1]
    assert [again[number] for number in range(len(again))] == order
    assert search(**asked).slots[2:20] == tuple(order[2:20])
    assert [*zip(again, search(**asked).slots, strict=True)] == [*zip(order, order, strict=True)]


def test_of_equal_driving_the_sooner_day_then_the_liked_hours_then_the_sooner_hour() -> None:
    found = search(minutes=240, last=WEDNESDAY, preferred_times=times("Mon-Fri 12-17"))
    order = [when(slot) for slot in found.slots]
    assert order[:6] == [
        "Tue 12:00",
        "Tue 12:15",
        "Tue 12:30",
        "Tue 12:45",
        "Tue 13:00",
        "Tue 09:00",
    ]
    assert order[17] == "Wed 12:00"


def test_a_first_visit_says_how_far_from_base() -> None:
    slot = search(spot=CAMBORNE).slots[0]
    assert slot.why == ("First visit of the day, 37 minutes from base",)
    assert (slot.travel_before, slot.travel_after, slot.added_travel) == (37, 37, 74)


def test_a_visit_between_two_says_how_far_from_and_to_them() -> None:
    found = search(spot=NEXT_DOOR, stops=(visit("09:00-10:00"), visit("14:00-15:00", CAMBORNE)))
    slot = slot_at(found, "11:00")
    assert slot.why == ("12 minutes from the visit before", "37 minutes to the visit after")
    assert slot.added_travel == 12


def test_a_visit_at_the_same_place_needs_no_extra_driving() -> None:
    slot = slot_at(search(spot=CAMBORNE, stops=(visit("11:00-12:00", CAMBORNE),)), "12:00")
    assert slot.why == ("No extra driving", "At the same place as the visit before")


def test_a_way_round_that_is_quicker_than_was_measured_adds_nothing() -> None:
    stops = (visit("09:00-10:00", NEXT_DOOR), visit("14:00-15:00", CAMBORNE))
    slot = slot_at(search(stops=stops, overrides={(2, 3): 90, (3, 2): 90}), "11:00")
    assert slot.added_travel == 0


def test_an_unknown_way_is_said_to_be_an_allowance() -> None:
    slot = search(spot=None).slots[0]
    assert slot.why[-1] == "The drive is an allowance: a postcode is not known"


def test_a_call_says_nothing_of_driving() -> None:
    slot = search(travels=False, spot=CAMBORNE, preferred_times=times("Tue 9-17")).slots[0]
    assert (slot.why, slot.added_travel, slot.preferred) == ((LIKED,), 0, True)


def test_whose_times_are_not_known_is_to_be_asked() -> None:
    slot = search(family_times=None, others=(Other("Rosie"),)).slots[0]
    assert slot.why[-2:] == (
        "Ask the family: free times are not known",
        "Ask Rosie: free times are not known",
    )


def test_each_slot_names_the_first_room_that_is_free() -> None:
    rooms = (Room(7, (span("10:00-12:00"),)), Room(8))
    found = search(rooms=rooms)
    assert (slot_at(found, "09:00").room_id, slot_at(found, "09:15").room_id) == (7, 8)
    assert slot_at(found, "12:00").room_id == 7


def test_a_room_can_be_asked_for_by_itself() -> None:
    wanted = replace(WANTED, rooms=(Room(7, (span("10:00-12:00"),)),))
    assert room_for(wanted, at("09:00")) == 7
    assert room_for(wanted, at("09:15")) is None
    assert room_for(wanted, at("09:15"), at("10:00")) == 7


def test_the_second_worker_who_drives_least_comes_too() -> None:
    far = replace(PIRAN, id=3, name="Kerensa", base=CAMBORNE)
    found = search(**COVER, level="high", seconds=(far, PIRAN))
    assert {slot.second_worker_id for slot in found.slots} == {PIRAN.id}
    assert found.slots[0].why[-1] == "With Piran: first visit of the day, 0 minutes from base"


def test_where_the_nearer_second_is_busy_the_other_comes() -> None:
    far = replace(PIRAN, id=3, name="Kerensa", base=NEXT_DOOR)
    busy = replace(PIRAN, stops=(call("09:00-12:00"),))
    found = search(**COVER, two_workers=True, seconds=(far, busy))
    seconds = {f"{slot.starts_at:%H:%M}": slot.second_worker_id for slot in found.slots}
    assert (seconds["09:15"], seconds["12:00"]) == (3, 2)
    assert "09:00" not in seconds


def test_nobody_is_their_own_second_worker() -> None:
    assert search(two_workers=True, seconds=(TAMSIN,)).slots == ()


def test_any_of_the_team_is_searched_at_once_each_with_their_own_day() -> None:
    busy = replace(PIRAN, stops=visits("09:00-16:30"))
    found = find_slots(WANTED, (TAMSIN, busy), RULES, now=NOW, bank_holidays=frozenset())
    assert {slot.worker_id for slot in found.slots} == {TAMSIN.id}
    assert found.looked_at == 58
    assert found.removed == {"held": 29}


def test_each_day_without_a_start_says_which_rule_took_the_last() -> None:
    found = search(
        first=date(2026, 11, 23),
        last=date(2026, 11, 29),
        absences=((at("00:00", date(2026, 11, 25)), at("00:00", date(2026, 11, 26))),),
        family_times=times("Wed 13-16, Thu 10-12, Fri 9-17"),
        stops=(visit("09:00-12:00", BASE, date(2026, 11, 26)),),
    )
    assert [(day.free, day.code) for day in found.days] == [
        (0, "notice"),
        (0, "family_times"),
        (0, "absence"),
        (0, "held"),
        (29, None),
        (0, "hours"),
        (0, "hours"),
    ]


def test_what_the_rules_took_away_reads_as_a_list_that_adds_up() -> None:
    wanted = replace(WANTED, spot=CAMBORNE, family_times=times("Tue 9-14"))
    worker = replace(TAMSIN, stops=(visit("11:00-12:00", CAMBORNE),))
    found = find_slots(wanted, (worker,), RULES, now=NOW, bank_holidays=frozenset())
    lines = took_away(found, wanted, (worker,), RULES)
    assert [(line.words, line.starts, line.change) for line in lines] == [
        ("outside the family’s times", 12, "ask the family"),
        ("Tamsin is booked already", 7, "move that appointment"),
        ("not enough time to drive", 3, "with a reason"),
    ]
    assert found.looked_at == 29 == 22 + len(found.slots)


def test_several_practitioners_are_not_named_in_that_list() -> None:
    found = find_slots(
        replace(WANTED, first=WEDNESDAY, last=date(2026, 12, 5)),
        (TAMSIN, PIRAN), RULES, now=NOW, bank_holidays=frozenset(),
    )  # fmt: skip
    assert took_away(found, WANTED, (TAMSIN, PIRAN), RULES)[0].words == (
        "outside the practitioners’ hours"
    )


def test_a_place_off_the_map_is_never_taken_for_next_door() -> None:
    nowhere = search(spot=spot_for("SW1A 1AA"), base=NOWHERE)
    assert nowhere.slots[0].travel_before == RULES.unknown_travel_minutes
    assert nowhere.days[0].day == DAY
