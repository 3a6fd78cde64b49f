"""The cast on the Monday of the tests, with Hannah's family wanting to talk to a parent."""

from collections.abc import Iterator

import pytest
import time_machine

from app.db import db
from tests.cast import NOW, Cast
from tests.conversations.arranging import said


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def asking(cast: Cast) -> Cast:
    said(cast, "wants_to_talk")
    cast.hannah.circumstances = ["adoption", "twins"]
    cast.hannah.may_be_told = ["adoption"]
    db.session.commit()
    return cast
