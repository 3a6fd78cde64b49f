"""Settings that must be in order: as delivered they are, and a refusal says what would fit."""

from dataclasses import fields

import pytest

from app.settings.agree import IN_ORDER, disagreement, in_words
from app.settings.rules import Rules, lengths

RULES = Rules()
NAMES = {f.name for f in fields(Rules)}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_as_delivered_they_agree_and_lie_within_their_own_limits(name: str) -> None:
    declared = next(f for f in fields(Rules) if f.name == name)
    value, meta = declared.default, declared.metadata

    assert disagreement(name, RULES) is None
    if isinstance(value, str):
        assert len(value) <= meta["most"]
    else:
        assert meta["least"] <= value <= meta["most"]


def test_every_order_names_settings() -> None:
    assert {name for pair in IN_ORDER for name in pair} <= NAMES


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"cover_until": 8 * 60 + 30}, "Enter more than 08:30: that is “Duty cover from”."),
        ({"review_warn_days": 22}, "Enter at most 21 days: that is “Flag when a review is later"),
        ({"review_warn_days": 6}, "Enter at least 7 days: that is “Review after its video”."),
    ],
)
def test_says_what_would_fit(changed: dict[str, int], says: str) -> None:
    (name,) = changed

    assert (disagreement(name, RULES.changed(**changed)) or "").startswith(says)


def test_equal_is_in_order_where_nothing_has_to_lie_between() -> None:
    assert disagreement("clip_least_seconds", RULES.changed(clip_least_seconds=60)) is None


def test_lengths_are_settings_of_each_kind() -> None:
    assert lengths("video_session", RULES) == (20, 45)
    assert lengths("video_session", RULES.changed(video_session_most=60)) == (20, 60)


def test_values_are_read_as_people_write_them() -> None:
    assert in_words("texts_from", 570) == "09:30"
    assert in_words("road_factor", 1.35) == "1.35 times"
    assert in_words("reminder_working_days", 1) == "1 working day"
    assert in_words("reminder_working_days", 2) == "2 working days"
    assert in_words("service_email", "a@example.org") == "a@example.org"
