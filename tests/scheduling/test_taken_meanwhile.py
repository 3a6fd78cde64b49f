"""The last page of a booking when somebody else was quicker: the refusal offers other times."""

from collections.abc import Iterator
from datetime import date, time

import pytest
import time_machine
from sqlalchemy import select

from app.clock import at_london
from app.db import db, transact
from app.enquiries.models import Choice
from app.families.models import Carer
from app.scheduling.book import Booking, book
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database

TUESDAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(cast: Cast) -> str:
    """The address of the page on which Tamsin's visit to Hannah on Tuesday at 10:00 is booked."""
    db.session.add(
        Choice(
            family_id=cast.hannah.id, step="yes", on=date(2026, 10, 2), how="phone",
            recorded_by="staff:1", recorded_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    carer = db.session.scalars(select(Carer.id).where(Carer.family_id == cast.hannah.id)).one()
    return (
        f"/families/F1042/book/check?kind=goals_visit&minutes=60&who={cast.tamsin.id}"
        f"&where=home&carer={carer}&time=20261201T1000-{cast.tamsin.id}-0"
    )


def form(cast: Cast) -> dict[str, str]:
    return {"once": "of this page", "version": str(cast.hannah.version)}


def test_a_time_that_was_taken_meanwhile_is_refused_with_others(page, cast, sign_in) -> None:
    data = form(cast)
    browser = sign_in(cast.jago)
    taken = Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
        starts_at=at_london(TUESDAY, time(10, 30)), minutes=45, place_id=cast.hannah.home_id,
    )  # fmt: skip
    transact(lambda: book(taken, by=cast.jago, at=NOW))

    answer = browser.post(page, data=data)

    assert answer.status_code == 409
    assert "10:30 to 11:15" in answer.text
    assert 'name="other"' in answer.text
    assert db.session.query(Appointment).count() == 1


def test_one_of_the_others_is_booked_from_the_same_page(page, cast, sign_in) -> None:
    data = form(cast)
    other = f"20261202T1000-{cast.tamsin.id}-0"

    answer = sign_in(cast.jago).post(page, data={**data, "other": other})

    assert answer.status_code == 302
    assert db.session.query(Appointment).one().starts_at == at_london(date(2026, 12, 2), time(10))
