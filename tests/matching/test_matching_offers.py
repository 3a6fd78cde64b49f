"""What a peer parent may read on an offer, and until when they can answer."""

from dataclasses import fields
from datetime import datetime, timedelta

import pytest

from app import clock
from app.matching import near
from app.matching.offers import OfferView, age_band, answer_by, shared_view
from app.working_days import is_working_day
from tests.matching.matching_cast import RULES, family, free, peer, words


def london(text: str) -> datetime:
    at = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    return clock.at_london(at.date(), at.time())


def test_the_offer_says_what_both_allow_and_no_more():
    assert shared_view(family(), peer()) == OfferView(
        child_ages=("aged 2 to 3",),
        may_tell=("adoption", "sleep"),
        ways=("phone", "video"),
        times=("weekday evenings",),
        interpreter=False,
    )


def test_the_view_has_these_fields_and_no_other():
    assert {field.name for field in fields(OfferView)} == {
        "child_ages",
        "may_tell",
        "ways",
        "times",
        "interpreter",
    }


def test_nothing_else_of_a_family_is_on_the_offer():
    sentinel = "SENTINEL"
    about = family(
        id=987654,
        carer_type=sentinel,
        carer_gender=sentinel,
        circumstances=words("adoption", "sleep", sentinel),
        may_be_told=words("adoption", sentinel + "2"),
        languages=words(sentinel),
        sector=sentinel,
        schools=near.schools(sentinel),
        gender_wish=sentinel,
        not_from=words(sentinel),
        musts=words(sentinel),
        declined_by=frozenset({987654}),
        free=free("Tue 18:35-20:05"),
    )

    seen = repr(shared_view(about, peer()))

    assert sentinel not in seen
    assert sentinel.casefold() not in seen
    assert "987654" not in seen
    assert not any(exact in seen for exact in ("18:35", "1115", "Tue", "30"))


@pytest.mark.parametrize(
    ("family_has", "family_ticked", "peer_has", "peer_ticked", "told"),
    [
        (("a",), ("a",), ("a",), ("a",), ("a",)),
        (("a",), (), ("a",), ("a",), ()),
        (("a",), ("a",), ("a",), (), ()),
        (("a",), ("a",), (), ("a",), ()),
        ((), ("a",), ("a",), ("a",), ()),
    ],
)
def test_a_circumstance_is_told_only_if_both_have_it_and_both_ticked(
    family_has, family_ticked, peer_has, peer_ticked, told
):
    about = family(circumstances=words(*family_has), may_be_told=words(*family_ticked))
    other = peer(circumstances=words(*peer_has), may_be_told=words(*peer_ticked))

    assert shared_view(about, other).may_tell == told


def test_an_interpreter_is_named_only_where_they_share_no_language():
    about = family(interpreter="booked", languages=words("Polish"))

    assert shared_view(about, peer()).interpreter
    assert not shared_view(about, peer(languages=words("Polish"))).interpreter


def test_times_that_are_not_known_are_not_made_up():
    assert shared_view(family(free=None), peer()).times is None


@pytest.mark.parametrize(
    ("months", "band"),
    [
        (-3, "not born yet"),
        (0, "under 1"),
        (11, "under 1"),
        (12, "aged 1 to 2"),
        (35, "aged 2 to 3"),
        (36, "aged 3 to 5"),
        (95, "aged 5 to 8"),
        (144, "aged 12 or over"),
    ],
)
def test_age_bands(months, band):
    assert age_band(months) == band


def test_twins_are_one_band_and_brothers_and_sisters_two():
    assert shared_view(family(child_months=(70, 11, 11)), peer()).child_ages == (
        "under 1",
        "aged 5 to 8",
    )


@pytest.mark.parametrize(
    ("sent", "by"),
    [
        ("2026-11-24 10:42", "2026-11-27 12:00"),  # Tuesday morning: Friday noon
        ("2026-11-24 12:00", "2026-11-27 12:00"),  # to the minute
        ("2026-11-24 12:01", "2026-11-30 12:00"),  # a minute later: over the weekend
        ("2026-11-26 09:00", "2026-11-30 12:00"),  # Thursday: Sunday, so Monday
        ("2026-11-28 09:00", "2026-12-01 12:00"),  # sent on a Saturday
        ("2026-12-22 10:00", "2026-12-29 12:00"),  # Christmas, and the 28th as the day in lieu
        ("2026-12-29 15:00", "2027-01-04 12:00"),  # New Year's Day, a Friday
        ("2027-03-24 10:00", "2027-03-30 12:00"),  # Good Friday to Easter Monday, clocks forward
        ("2026-10-22 11:30", "2026-10-26 12:00"),  # clocks back: 72 hours are 10:30 on the Sunday
        ("2026-10-23 12:30", "2026-10-26 12:00"),  # 72 hours end 11:30 by the clock put back
    ],
)
def test_an_offer_runs_out_at_a_working_noon(sent, by):
    assert answer_by(london(sent), RULES, is_working_day) == london(by)


def test_the_hours_come_from_the_rules():
    rules = RULES.changed(offer_hours=24)

    assert answer_by(london("2026-11-24 10:42"), rules, is_working_day) == london(
        "2026-11-25 12:00"
    )


def test_an_offer_has_at_least_its_hours_and_never_a_night_or_a_day_off():
    for hours in range(0, 24 * 30):
        sent = london("2026-12-01 00:00") + timedelta(hours=hours, minutes=17)
        by = answer_by(sent, RULES, is_working_day)
        assert by - sent >= timedelta(hours=72)
        assert clock.london(by).hour == 12
        assert is_working_day(clock.london(by).date())


def test_a_calendar_without_working_days_is_a_fault_and_not_a_wait_for_ever():
    with pytest.raises(ValueError, match="no working day"):
        answer_by(london("2026-11-24 10:42"), RULES, lambda day: False)
