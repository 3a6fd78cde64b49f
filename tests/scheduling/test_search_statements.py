"""How many SQL statements a search for free times makes: at most ten, whoever is asked for."""

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.scheduling.search import Wish, find_times
from app.settings import store
from tests.bench.many import NOW
from tests.bench.years import fill
from tests.statements import statements

MOST = 10
SEARCH = [
    "SELECT setting",
    "SELECT family",
    "SELECT place",  # the one asked for and the open ones, with their rooms
    "SELECT assessment",
    "SELECT staff",
    "SELECT appointment",
    "SELECT absence …",  # and the busy times of own calendars
    "SELECT reservation …",  # and what is closed, and measured drives
    "SELECT duty",
    "SELECT staff",  # who covers where the rota is silent
]


@pytest.mark.parametrize("number", [1, 3, 10])
@pytest.mark.parametrize("weeks", [1, 4])
@pytest.mark.one_database
def test_a_search_makes_the_same_statements_for_one_and_for_ten(
    app: Flask, number: int, weeks: int
) -> None:
    fill(130, 300)
    team = select(Staff.id).where(Staff.takes_visits).order_by(Staff.id).limit(number)
    wish = Wish(
        family_id=1, kind="goals_visit", minutes=60, place_id=1, weeks=weeks,
        staff_ids=tuple(db.session.scalars(team)),
    )  # fmt: skip
    db.session.remove()

    with time_machine.travel(NOW, tick=False), statements() as seen:
        found = find_times(wish, store.current(), at=NOW)

    assert sorted(seen) == sorted(SEARCH)
    assert len(seen) <= MOST
    assert found.found.slots
