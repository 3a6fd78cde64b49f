"""Assessments of homes: never below a tick, a manager's yes, when to look again."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.access import MANAGER
from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.places.models import Place
from app.risk.assess import approve_assessment, months_after, record_assessment
from app.risk.levels import NOT_ASSESSED, level_of
from app.risk.models import Assessment
from app.risk.proposals import ORDER, TRIGGERS, is_lower, proposed_level
from app.risk.standing import in_force
from tests.cast import NOW, Cast

TODAY = NOW.date()


def home(cast: Cast) -> Place:
    return db.session.get_one(Place, cast.hannah.home_id)


def found(cast: Cast, level: str, *ticks: str, by: Staff | None = None, **more) -> Assessment:
    values = {"controls": "Park on the road.", "looked_on": TODAY, **more}
    return transact(
        lambda: record_assessment(
            home(cast), ticks, level, by=by or cast.tamsin, at=NOW, **values
        )
    )  # fmt: skip


def agree(cast: Cast, assessment: Assessment, by: Staff) -> None:
    transact(lambda: approve_assessment(assessment, by=by, at=NOW))


def level(cast: Cast, on: date = TODAY) -> str:
    return level_of(cast.hannah.home_id, on=on)


@pytest.fixture
def denzel(cast: Cast) -> Staff:
    """A second manager."""
    person = Staff(
        name="Denzel Nowak", email="denzel.nowak@example.org", role=MANAGER, languages=["English"],
        created_at=NOW,
    )  # fmt: skip
    db.session.add(person)
    db.session.commit()
    return person


def test_a_home_nobody_has_looked_at_is_not_assessed(app: Flask, cast: Cast) -> None:
    assert level_of(None, on=TODAY) == NOT_ASSESSED
    assert level(cast) == "standard"
    assert level(cast, on=date(2027, 4, 2)) == NOT_ASSESSED, "the day to look again has passed"


@pytest.mark.parametrize(("tick", "least"), [(t, level) for t, (_, level) in TRIGGERS.items()])
def test_a_level_below_a_tick_is_refused(app: Flask, cast: Cast, tick: str, least: str) -> None:
    for lower in ORDER[: ORDER.index(least)]:
        with pytest.raises(DomainError, match="at least") as refused:
            found(cast, lower, tick)
        assert refused.value.field == "level"
    assert level(cast) == "standard"


@given(st.sets(st.sampled_from(sorted(TRIGGERS))))
def test_the_ticks_propose_the_highest_of_theirs(ticks: set[str]) -> None:
    proposed = proposed_level(ticks)

    assert not any(is_lower(proposed, TRIGGERS[tick][1]) for tick in ticks)
    assert proposed == "standard" or any(TRIGGERS[tick][1] == proposed for tick in ticks)


@pytest.mark.parametrize("wanted", ["raised", "high"])
def test_raised_and_high_wait_for_a_manager_and_until_then_nobody_goes_alone(
    app: Flask, cast: Cast, wanted: str
) -> None:
    waits = found(cast, wanted, "dog")
    assert level(cast) == NOT_ASSESSED

    agree(cast, waits, cast.morwenna)

    assert level(cast) == wanted


def test_no_home_visits_holds_at_once_and_does_not_lapse(app: Flask, cast: Cast) -> None:
    found(cast, "no_home_visits", "no_control")

    assert level(cast) == "no_home_visits"
    assert level(cast, on=date(2030, 1, 1)) == "no_home_visits"


def test_a_managers_own_yes_counts_for_raised_and_not_for_high(
    app: Flask, cast: Cast, denzel: Staff
) -> None:
    found(cast, "raised", "dog", by=cast.morwenna)
    assert level(cast) == "raised"

    high = found(cast, "high", "violence", by=cast.morwenna)
    with pytest.raises(DomainError, match="Another manager"):
        agree(cast, high, cast.morwenna)
    assert level(cast) == NOT_ASSESSED
    agree(cast, high, denzel)
    assert level(cast) == "high"


def test_going_below_high_needs_a_manager_who_did_not_record_it(
    app: Flask, cast: Cast, denzel: Staff
) -> None:
    agree(cast, found(cast, "high", "violence"), cast.morwenna)

    lower = found(cast, "standard", by=cast.morwenna)

    assert level(cast) == NOT_ASSESSED
    with pytest.raises(DomainError, match="Another manager"):
        agree(cast, lower, cast.morwenna)
    agree(cast, lower, denzel)
    assert level(cast) == "standard"


def test_only_a_manager_agrees_and_only_to_what_waits(app: Flask, cast: Cast) -> None:
    waits = found(cast, "raised", "dog")
    for person in (cast.jago, cast.tamsin):
        with pytest.raises(DomainError, match="Only a manager"):
            agree(cast, waits, person)
    found(cast, "standard")

    with pytest.raises(DomainError, match="does not wait"):
        agree(cast, waits, cast.morwenna)


@pytest.mark.parametrize(
    ("change", "words", "field"),
    [
        ({"level": "safe"}, "Choose a level", "level"),
        ({"level": "raised", "controls": "  "}, "what a worker is to do", "controls"),
        ({"controls": "x" * 301}, "300 characters", "controls"),
        ({"looked_on": TODAY + timedelta(days=1)}, "in the future", "looked_on"),
        ({"look_again_on": TODAY}, "after the day", "look_again_on"),
        ({"look_again_on": date(2027, 11, 24)}, "within 12 months", "look_again_on"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(
    app: Flask, cast: Cast, change: dict, words: str, field: str
) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        found(cast, **{"level": "standard", **change})

    assert refused.value.field == field
    assert level(cast) == "standard"


def test_an_unknown_tick_and_a_venue_are_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError, match="on the list"):
        found(cast, "standard", "bad_smell")
    with pytest.raises(DomainError, match="Only a home"):
        record_assessment(cast.hub, (), "standard", None, TODAY, by=cast.tamsin, at=NOW)


def test_the_day_to_look_again_follows_the_settings(app: Flask, cast: Cast) -> None:
    assert found(cast, "standard").look_again_on == date(2027, 5, 23)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


@given(
    st.lists(st.tuples(st.sampled_from(ORDER), st.booleans()), max_size=6),
    st.integers(0, 400),
)
def test_what_waits_never_opens_a_home(rows: list[tuple[str, bool]], days: int) -> None:
    """Whatever was found in whatever order, a raised or high level without its yes is never in
    force, nor anything while a newer finding waits."""
    made = [
        Assessment(
            level=found_level, look_again_on=TODAY + timedelta(days=200),
            approved_at=NOW if yes else None,
        )
        for found_level, yes in rows
    ]  # fmt: skip
    held = in_force(made, TODAY + timedelta(days=days))

    if held is not None and held.level != "no_home_visits":
        assert held.look_again_on >= TODAY + timedelta(days=days)
        assert held is made[-1] or held.level == "no_home_visits"
    if held is not None and held.level in ("raised", "high"):
        assert held.approved_at is not None
