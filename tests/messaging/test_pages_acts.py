from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import channels, registry
from app.messaging.blocks import block_number, block_of
from app.messaging.models import Call, Outbox
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import arrive, read_all, stored, work

pytestmark = pytest.mark.one_database


def test_a_text_in_ones_own_words_goes_and_answers_the_reply(jago):
    arrive(7, "could you ring me?")
    read_all()
    form = {"words": "Thanks. I will ring after 1pm today.", "send": "1", "once": "abc"}
    assert jago.post("/texts/carer/7", data=form).status_code == 302
    assert jago.post("/texts/carer/7", data=form).status_code == 302
    (row,) = db.session.scalars(select(Outbox)).all()
    assert row.payload == {"words": "Thanks. I will ring after 1pm today."}
    assert db.session.scalars(select(Task.outcome)).all() == ["Answered by text."]
    row_id = row.id
    work(NOW + timedelta(minutes=1))  # the clock went on while the pages were read
    assert stored(row_id).body == "Thanks. I will ring after 1pm today."


def test_a_preview_counts_and_says_when_it_goes_and_keeps_what_was_typed(jago):
    page = jago.post("/texts/carer/7", data={"words": "Thanks “Jodie”", "check": "1"}).text
    assert "14 characters. Goes as 1 text, now." in page
    assert "It will say: “Thanks &#34;Jodie&#34;”" in page
    assert db.session.scalars(select(Outbox)).all() == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Your VIG visit is on", "“VIG”"),
        ("from Penhallow Council", "Penhallow Council"),
        ("the video is ready", "“video”"),
        ("see you and Leo", "“Leo”"),
    ],
)
def test_words_that_the_wording_does_not_allow_are_refused_by_name(jago, people, words, named):
    registry.surroundings.add("carer", registry.Surroundings(private_words=lambda _: ["Leo"]))
    people.change("carer", 7, wording="neutral")
    answer = jago.post("/texts/carer/7", data={"words": words, "send": "1", "once": "a"})
    assert answer.status_code == 422
    assert "Take out “" in answer.text
    assert named in answer.text
    assert words in answer.text
    assert db.session.scalars(select(Outbox)).all() == []
    people.change("carer", 7, wording="full")
    again = jago.post("/texts/carer/7", data={"words": words, "send": "1", "once": "a"})
    assert again.status_code == 302


def test_a_wording_that_narrows_before_it_goes_stops_it(jago, people):
    jago.post("/texts/carer/7", data={"words": "VIG on Tuesday", "send": "1", "once": "a"})
    people.change("carer", 7, wording="strict")
    work()
    (row,) = db.session.scalars(select(Outbox)).all()
    assert row.reason == "What may be said to this phone changed after it was written."


@pytest.mark.parametrize("words", ["", "   ", "x" * 600])
def test_a_text_that_cannot_be_is_refused_in_place(jago, words):
    answer = jago.post("/texts/carer/7", data={"words": words, "send": "1"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_a_hand_made_post_to_somebody_who_may_not_be_texted_is_refused(jago, people):
    people.change("carer", 7, refusal="Not safe.")
    answer = jago.post("/texts/carer/7", data={"words": "hello", "send": "1", "once": "a"})
    assert answer.status_code == 422
    assert db.session.scalars(select(Outbox)).all() == []


def test_a_call_is_recorded_and_settles_what_was_ticked(jago):
    arrive(7, "could you ring me?")
    read_all()
    task_id = db.session.scalars(select(Task.id)).one()
    form = {
        "outcome": "spoke", "day": ["23", "11", "2026"], "time": "9:30", "words": "All well.",
        "settles": str(task_id),
    }  # fmt: skip
    assert jago.post("/texts/carer/7/call", data=form).status_code == 302
    (call,) = db.session.scalars(select(Call)).all()
    assert (call.by, call.outcome, call.words) == ("Jago Penrose", "spoke", "All well.")
    assert call.at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert db.session.scalars(select(Task.outcome)).all() == ["Settled by a call."]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": ""}, "Choose what came of the call"),
        ({"day": ["24", "11", "2026"]}, "A call cannot be in the future."),
        ({"day": ["31", "2", "2026"]}, "real date"),
        ({"time": "25:00"}, "Enter a time such as 14:30"),
    ],
)
def test_a_call_that_cannot_be_is_refused_in_place(jago, change, said):
    form = {"outcome": "spoke", "day": ["23", "11", "2026"], "time": "9:30", **change}
    answer = jago.post("/texts/carer/7/call", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(select(Call)).all() == []


def test_a_number_is_quarantined_and_released(jago):
    assert jago.get("/texts/carer/7/number").status_code == 200
    jago.post("/texts/carer/7/number", data={"quarantine": "1"})
    assert block_of("+447700900007").kind == "quarantine"
    refused = jago.post("/texts/carer/7/number", data={"release": "1"})
    assert refused.status_code == 422
    jago.post("/texts/carer/7/number", data={"release": "1", "confirmed": "y"})
    assert block_of("+447700900007") is None


def test_what_twilio_stopped_only_the_phone_can_start(jago):
    block_number("+447700900007", "twilio", "test", by="test", at=NOW)
    db.session.commit()
    assert "it sends START to our number" in jago.get("/texts/carer/7/number").text
    form = {"release": "1", "confirmed": "y"}
    assert jago.post("/texts/carer/7/number", data=form).status_code == 422
    assert "Twilio stopped texts to this phone" in jago.get("/texts/carer/7").text


def test_nothing_to_do_takes_a_reply_off_the_list_but_never_danger(jago):
    arrive(7, "ok thanks is parking free?")
    arrive(8, "he hit me")
    read_all()
    harmless, danger = db.session.scalars(select(Task.id).order_by(Task.id)).all()
    assert jago.post(f"/texts/tasks/{harmless}/nothing").status_code == 302
    assert jago.post(f"/texts/tasks/{danger}/nothing").status_code == 404
    states = {t.id: t.closed_at is not None for t in db.session.scalars(select(Task))}
    assert states == {harmless: True, danger: False}


def test_a_stopped_channel_can_be_tried_at_once(jago):
    channels.stop("text", "Twilio does not accept our token", at=NOW)
    db.session.commit()
    assert "Texts have stopped" in jago.get("/texts/delivery").text
    jago.post("/texts/delivery/text/try")
    assert channels.channel("text") is None
    assert jago.post("/texts/delivery/pigeon/try").status_code == 404
