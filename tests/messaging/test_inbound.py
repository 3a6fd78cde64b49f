from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.messaging import registry
from app.messaging.blocks import block_of, lift_block
from app.messaging.models import NumberBlock
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import arrive, read_all, reply, stored, work


def tasks():
    return db.session.scalars(select(Task).where(Task.closed_at.is_(None)).order_by(Task.id)).all()


def test_the_first_reader_that_knows_it_gets_the_reply(app):
    reply_id = arrive(7, "1")
    assert read_all() == 1
    row = reply(reply_id)
    assert (row.reader, row.outcome, row.read_at) == ("appointment", "confirmed", NOW)
    assert (row.person_kind, row.person_id) == ("carer", 7)
    assert (row.about_kind, row.about_id) == ("appointment", 1)
    assert tasks() == []
    assert read_all() == 0


def test_readers_see_when_it_was_received_not_when_it_is_read(app):
    seen = []
    registry.readers.add("last", lambda reply, at: seen.append((reply.received_at, at)))
    arrive(7, "hello")
    late = NOW + timedelta(hours=9)
    read_all(late)
    assert seen == [(NOW, late)]


def test_replies_are_read_in_the_order_they_came(app):
    ids = [arrive(n, "hello") for n in (1, 2, 3)]
    seen = []
    registry.readers.add("last", lambda reply, at: seen.append(reply.id))
    read_all()
    assert seen == ids


def test_what_nobody_understands_waits_for_a_person(app):
    reply_id = arrive(7, "ok thanks is parking free?")
    read_all()
    (task,) = tasks()
    assert (task.kind, task.about_kind, task.about_id, task.family_id) == ("reply", "carer", 7, 7)
    assert task.words == "“ok thanks is parking free?”"
    assert reply(reply_id).outcome == "waits for a person to read it"


def test_an_unknown_number_gets_a_task_without_a_family(app, people):
    people.owners["+447700900455"] = []
    first, second = arrive(455, "hello?"), arrive(455, "anybody?")
    read_all()
    (task,) = tasks()
    assert (task.about_kind, task.about_id, task.family_id) == ("number", first, None)
    assert "07700 900 455, a number that nobody here has" in task.words
    assert reply(second).person_id is None


def test_stop_ends_texts_and_somebody_rings_but_the_visit_stands(app, queue):
    waits, other = queue(7), queue(8)
    reply_id = arrive(7, "Please stop texting me")
    read_all()
    assert block_of("+447700900007").kind == "stop"
    assert (stored(waits).state, stored(waits).reason) == (
        "suppressed",
        "This phone asked for no more texts.",
    )
    assert stored(other).state == "ready"
    (task,) = tasks()
    assert (task.kind, task.family_id) == ("ring", 7)
    assert "What is booked stands." in task.words
    assert reply(reply_id).reader == "stop"
    tags = db.session.scalars(select(AuditEntry.tag)).all()
    assert tags == ["text:stopped"]


def test_a_repeated_stop_is_one_block_and_one_task(app):
    arrive(7, "STOP", opt_out_type="STOP")
    arrive(7, "stop please")
    read_all()
    kinds = db.session.scalars(select(NumberBlock.kind).order_by(NumberBlock.kind)).all()
    assert kinds == ["stop", "twilio"]
    assert len(tasks()) == 1


@pytest.mark.parametrize("word", ["STOP", "cancel", "END", "Quit"])
def test_a_word_that_twilio_takes_as_stop_is_recorded_as_its_own(app, word):
    arrive(7, word)
    read_all()
    assert block_of("+447700900007").kind == "twilio"


def test_start_lifts_twilios_block_and_leaves_ours(app):
    arrive(7, "STOP", opt_out_type="STOP")
    read_all()
    arrive(7, "START", opt_out_type="START")
    read_all(NOW + timedelta(minutes=1))
    assert block_of("+447700900007").kind == "stop"
    assert [t.kind for t in tasks()] == ["ring", "reply"]


def test_a_lifted_block_lets_texts_through_again(app, queue):
    arrive(7, "no more texts please")
    read_all()
    lift_block(block_of("+447700900007"), by="staff:1", at=NOW)
    db.session.commit()
    row_id = queue(7)
    work()
    assert stored(row_id).state == "accepted"


def test_wrong_number_quarantines_and_asks_for_a_check(app, queue):
    waits = queue(7)
    arrive(7, "who is this?")
    read_all()
    assert block_of("+447700900007").kind == "quarantine"
    assert stored(waits).state == "suppressed"
    assert [t.kind for t in tasks()] == ["number"]


def test_danger_comes_first_now_and_tells_the_duty_manager(app):
    told = []
    registry.on_danger.add(
        "duty", lambda reply, families, at: told.append(families) or "Morwenna told."
    )
    reply_id = arrive(7, "hes here cant talk")
    read_all()
    (task,) = tasks()
    assert (task.kind, task.urgent, task.due_at, task.family_id) == ("danger", True, NOW, 7)
    assert "hes here cant talk" in task.words
    assert told == [[7]]
    assert reply(reply_id).outcome == "marked “danger words”: a person decides. Morwenna told."


def test_danger_that_also_says_stop_does_both(app):
    arrive(7, "stop texting me he is here")
    read_all()
    assert [t.kind for t in tasks()] == ["danger"]
    assert block_of("+447700900007").kind == "stop"


def test_danger_from_an_unknown_number_is_still_urgent(app, people):
    people.owners["+447700900455"] = []
    arrive(455, "help me please he hit me")
    read_all()
    (task,) = tasks()
    assert (task.kind, task.urgent, task.family_id) == ("danger", True, None)


def test_a_members_of_staffs_words_are_left_to_the_watch(app, people):
    people.owners["+447700900500"] = [("staff", 500, "Tamsin", None)]
    seen = []
    registry.readers.add("watch", lambda reply, at: seen.append(reply.body))
    arrive(500, "stop")
    arrive(500, "I am scared")
    read_all()
    assert seen == ["stop", "I am scared"]
    assert db.session.scalars(select(NumberBlock).where(NumberBlock.kind == "stop")).all() == []


def test_a_shared_phone_is_whoever_was_texted_last_else_nobody(app, people, queue):
    people.owners["+447700900001"] = [("carer", 1, "One", 1), ("carer", 2, "Two", 2)]
    people.change("carer", 2, number="+447700900001")
    nobody = arrive(1, "hello there")
    read_all()
    assert reply(nobody).person_id is None
    queue(2)
    work()
    later = NOW + timedelta(minutes=1)
    second = arrive(1, "hello again", later)
    read_all(later)
    assert reply(second).person_id == 2


def test_stop_from_a_shared_phone_stops_everybody_on_it(app, people, queue):
    people.owners["+447700900001"] = [("carer", 1, "One", 1), ("peer", 2, "Two", None)]
    one, two = queue(1), queue(2, to=("peer", 2))
    arrive(1, "no more texts")
    read_all()
    assert stored(one).state == stored(two).state == "suppressed"
    assert len(tasks()) == 2


def test_a_reader_that_fails_loses_nothing_and_holds_up_nobody(app):
    broken, fine = arrive(7, "broken"), arrive(8, "1")
    assert read_all() == 2
    assert "(RuntimeError)" in reply(broken).outcome
    assert reply(fine).reader == "appointment"
    assert [t.kind for t in tasks()] == ["reply"]
