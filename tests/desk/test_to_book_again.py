"""To book again: one filter for all that fell through, was asked to change, or is in doubt."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.desk.work_list import work_list
from app.programmes.consents import standing, withdraw_consent
from app.scheduling.absences.absence import add_absence
from app.scheduling.answer import ask_change, confirm
from app.scheduling.cancel import cancel
from app.scheduling.in_doubt import explain
from app.scheduling.models import Appointment
from app.scheduling.outcome import record_outcome
from app.scheduling.settle import settle
from tests.cast import NOW, Cast
from tests.programmes.course import (
    TODAY,
    agreed,
    cycle,
    one,
    paired,
    people,
    started,
)

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def monday(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def filming(cast: Cast) -> Appointment:
    """Hannah's first video session, Tuesday 1 December 10:00, with everybody's consent."""
    programme = started(cast)
    agreed(cast)
    video_id, _ = paired(cast, programme)
    assert cycle(programme)
    return one(video_id)


def again(cast: Cast, now=NOW) -> list[tuple[str, str]]:
    rows = work_list(cast.jago, now, kind="again").rows
    return [(row.tag, row.item.button) for row in rows]


def test_what_stands_is_not_there(cast: Cast, filming: Appointment) -> None:
    assert again(cast) == []


def test_cancelled_until_it_is_explained(cast: Cast, filming: Appointment) -> None:
    transact(lambda: cancel(filming, "child_ill", by=cast.jago, at=NOW))
    assert again(cast) == [("To book again", "Find times")]

    transact(lambda: settle(filming, "They want to wait", by=cast.jago, at=NOW))

    assert again(cast) == []


def test_not_seen_too(cast: Cast, filming: Appointment) -> None:
    later = filming.ends_at + timedelta(hours=1)
    transact(lambda: record_outcome(filming, "not_seen", by=cast.tamsin, at=later))

    assert ("To book again", "Find times") in again(cast, later)


@pytest.mark.parametrize("closes", ["kept", "explained"])
def test_a_change_asked_until_it_is_kept_or_explained(
    cast: Cast, filming: Appointment, closes: str
) -> None:
    carer = one(filming.id).carer
    transact(lambda: ask_change(filming, "2", by=carer, at=NOW, how="text"))
    assert again(cast) == [("Change asked", "Find a time")]

    if closes == "kept":
        transact(lambda: confirm(filming, by=cast.jago, at=NOW, how="phone"))
    else:
        transact(lambda: explain(filming, "Rang: she pressed 2 by mistake", by=cast.jago, at=NOW))

    assert again(cast) == []
    assert filming.change_asked_at is None


def test_somebody_away_until_the_absence_is_explained(cast: Cast, filming: Appointment) -> None:
    span = (at_london(filming.starts_at.date(), time(0)), filming.ends_at)
    transact(lambda: add_absence(cast.tamsin, "training", *span, by=cast.jago, at=NOW))
    assert again(cast) == [("In doubt", "Replan")]

    transact(lambda: explain(filming, "She comes out for it", by=cast.tamsin, at=NOW))

    assert again(cast) == []


def test_consent_taken_back_until_it_is_given_again(cast: Cast, filming: Appointment) -> None:
    leo = standing(people(cast.hannah)[1], "film_session")
    transact(lambda: withdraw_consent(leo, TODAY, by=cast.tamsin, at=NOW))
    assert again(cast) == [("In doubt", "Record consent")]

    agreed(cast, who=1)

    assert again(cast) == []


def test_a_home_whose_assessment_ends_before_the_visit(cast: Cast, filming: Appointment) -> None:
    db.session.execute(db.text("UPDATE assessment SET look_again_on = '2026-11-30'"))
    db.session.commit()
    assert again(cast) == [("In doubt", "Look again")]

    db.session.execute(db.text("UPDATE assessment SET look_again_on = '2027-11-30'"))
    db.session.commit()

    assert again(cast) == []


@pytest.mark.one_database
def test_the_filter_is_one_link_with_its_number(
    cast: Cast, filming: Appointment, sign_in: SignIn
) -> None:
    transact(lambda: cancel(filming, "child_ill", by=cast.jago, at=NOW))

    page = sign_in(cast.jago).get("/").text

    assert 'href="/?kind=again"' in page
    assert "To book again (1)" in page
