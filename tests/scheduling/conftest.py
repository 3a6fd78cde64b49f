"""A Monday at 10:00 for pages that read the clock, and a visit of Hannah's to try them on."""

from collections.abc import Iterator

import pytest
import time_machine

from app.db import transact
from app.scheduling.book import book
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, says, wanted


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def goals(cast: Cast, monday: time_machine.Traveller) -> Appointment:
    """Tamsin's goals visit at Hannah's home, Tuesday 1 December, 10:00 to 11:00."""
    says(cast)
    return transact(
        lambda: book(wanted(cast, "goals_visit", at(VIDEO_DAY, 10)), by=cast.jago, at=NOW)
    )
