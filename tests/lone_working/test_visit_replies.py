"""IN, OUT and +30 by text, from the phone of somebody on a visit; anything else is a person's."""

import pytest
from sqlalchemy import select

from app.db import db, transact
from app.lone_working import watch as the_watch
from app.messaging import inbound
from app.messaging.models import Reply
from app.tasks.models import Task
from tests.lone_working.conftest import steps, texted, wall, watches

TAMSIN = "+447700900517"


@pytest.fixture
def text(app):
    """A text arrives and is read (some minutes later, if so asked); what was made of it."""
    number = 0

    def go(body: str, at, *, read_at=None, sender: str = TAMSIN) -> Reply:
        nonlocal number
        number += 1
        row = Reply(
            provider_id=f"SM{number}", from_number=sender, to_number="+447700900000", body=body,
            received_at=at,
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
        transact(lambda: inbound.read(row, read_at or at))
        return row

    return go


def test_in_longer_and_out_by_text(visit, cast, text):
    visit()
    the_watch.look(wall(10))
    assert text("IN", wall(10, 58)).outcome == "Checked in."
    assert text("+30", wall(11, 55)).outcome == "Stays until 12:30."
    assert text("out", wall(12, 20)).outcome == "Checked out."

    row = watches()[0]
    assert (row.checked_in_at, row.due_out, row.checked_out_at) == (
        wall(10, 58), wall(12, 30), wall(12, 20),
    )  # fmt: skip
    assert [purpose for purpose, _ in texted()] == ["noted_in", "noted_longer", "noted_out"]


def test_a_reply_counts_from_when_it_was_received(visit, cast, text):
    visit()
    the_watch.look(wall(10))
    text("IN", wall(11, 5), read_at=wall(11, 40))

    assert watches()[0].checked_in_at == wall(11, 5)


@pytest.mark.parametrize(
    "body", ["not out yet", "30", "in?", "+45", "I am in the car", "ok", "1", "stop"]
)
def test_what_is_not_certain_changes_nothing_and_waits_for_a_person(visit, cast, text, body):
    visit()
    the_watch.look(wall(11))
    reply = text(body, wall(11, 5))
    row = watches()[0]

    assert reply.reader == "person"
    assert (row.checked_in_at, row.checked_out_at, row.due_out) == (None, None, wall(12))


def test_a_second_longer_waits_for_a_person(visit, cast, text):
    visit()
    the_watch.look(wall(11))
    text("+30", wall(11, 50))

    assert text("+30", wall(12, 20)).reader == "person"
    assert watches()[0].due_out == wall(12, 30)


def test_words_of_danger_raise_the_alarm_at_once(visit, cast, text):
    visit()
    the_watch.look(wall(11))
    text("IN", wall(11))
    reply = text("help me he has a knife", wall(11, 20))
    the_watch.look(wall(11, 20))

    assert reply.outcome == "Danger words during a visit: the alarm is raised."
    assert steps() == ["help"]
    helped = [who for purpose, who in texted() if purpose == "help_asked"]
    assert helped == [cast.morwenna.id, cast.jago.id]


def test_another_s_phone_checks_nobody_in(visit, cast, text):
    visit()
    the_watch.look(wall(11))
    for sender in ("+447700900243", "+447700900142", "+447700900999"):
        text("IN", wall(11, 5), sender=sender)

    assert watches()[0].checked_in_at is None


def test_without_a_visit_in_or_out_is_a_person_s(cast, text):
    assert text("OUT", wall(11)).reader == "person"
    assert db.session.scalars(select(Task.kind)).all() == ["reply"]


def test_in_at_the_next_visit_is_read_for_that_one(visit, cast, text):
    visit(wall(10, 30), 45)
    visit(wall(11, 30), 45, place_id=cast.hub.id)
    the_watch.look(wall(10))
    text("IN", wall(10, 30))
    text("IN", wall(11, 30))

    in_order = sorted(watches(), key=lambda row: row.due_in)
    assert [row.checked_in_at for row in in_order] == [wall(10, 30), wall(11, 30)]
