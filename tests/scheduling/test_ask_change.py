"""When a family asked for another time, a person rings: in the hours in which somebody works."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.db import db, transact
from app.scheduling.answer import ask_change
from app.scheduling.models import Appointment
from app.tasks.models import Task
from tests.programmes.course import at, one


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at(date(2026, 11, 24), 9), at(date(2026, 11, 24), 17)),
        (at(date(2026, 11, 24), 16), at(date(2026, 11, 25), 12)),
        (at(date(2026, 11, 29), 2, 22), at(date(2026, 11, 30), 12)),  # a Sunday, before dawn
        (at(date(2026, 12, 1), 8), at(date(2026, 12, 1), 10)),  # it begins before that
    ],
)
def test_somebody_rings_about_a_change_while_people_work(
    goals: Appointment, asked: datetime, due: datetime
) -> None:
    transact(lambda: ask_change(one(goals.id), None, by="carer:1", at=asked, how="link"))

    task = db.session.scalars(select(Task).where(Task.kind == "change_asked")).one()
    assert task.due_at == due
