"""Pictures, texts of any length and of nobody we know: they do no harm, and a person sees them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import registry
from app.messaging.blocks import block_of
from app.messaging.inbound import quoted
from app.messaging.models import NumberBlock, Reply
from app.messaging.webhooks import PICTURE
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.signed import SMS, TEXT, post
from tests.messaging.steps import read_all

PHONE = TEXT["From"]


def came(client, sid: str = "SM1", **fields: str) -> Reply:
    """A text as Twilio posts it, stored and read."""
    assert post(client, SMS, {**TEXT, "MessageSid": sid, **fields}).status_code == 200
    read_all()
    return db.session.scalars(select(Reply).where(Reply.provider_id == sid)).one()


def picture(count: int = 1) -> dict[str, str]:
    urls = {f"MediaUrl{n}": f"https://example.org/{n}" for n in range(count)}
    kinds = {f"MediaContentType{n}": "image/jpeg" for n in range(count)}
    return {"NumMedia": str(count), **urls, **kinds}


def tasks() -> list[Task]:
    return list(db.session.scalars(select(Task).order_by(Task.id)))


def test_a_picture_without_words_says_that_it_came_and_a_person_sees_it(standin, client):
    reply = came(client, Body="", **picture())
    assert reply.body == PICTURE
    (task,) = tasks()
    assert (task.kind, task.words) == ("reply", f"“{PICTURE}”")


@pytest.mark.parametrize("said", ["1", "yes", "2", "ok thanks"])
def test_words_with_a_picture_are_read_by_a_person(standin, client, said):
    """What the picture says nobody knows: it may be a letter that says the opposite."""
    reply = came(client, Body=said, **picture(10))
    assert (reply.body, reply.reader) == (f"{said}\n{PICTURE}", "person")


@pytest.mark.parametrize(
    ("said", "reader"),
    [("stop", "stop"), ("please stop", "stop"), ("wrong number", "wrong number"),
     ("he hit me", "danger"), ("no more texts", "stop")],
)  # fmt: skip
def test_a_stop_a_wrong_number_and_danger_are_read_with_a_picture_too(
    standin, client, said, reader
):
    assert came(client, Body=said, **picture()).reader == reader


def test_no_picture_changes_nothing(standin, client):
    assert came(client, Body="1", NumMedia="0").reader == "appointment"


LONG = {
    "letters": "x" * 1600, "emoji": "👩‍👧" * 400, "words": "hello " * 600, "Arabic": "مرحبا " * 250,
    "lines": "\n" * 1500 + "end", "too long": "a" * 9000,
}  # fmt: skip


@pytest.mark.parametrize("what", LONG)
def test_a_very_long_text_is_kept_shown_and_quoted_shortly(standin, client, jago, what):
    body = LONG[what]
    reply = came(client, Body=body)
    assert reply.body == body[:4000]
    (task,) = tasks()
    assert len(task.words) < 200
    for page in ("/texts", "/texts?show=all", "/texts/carer/1", "/"):
        answer = jago.get(page, follow_redirects=True)
        assert answer.status_code == 200
    assert quoted(reply) in task.words


def test_markup_in_a_text_is_words(standin, client, jago):
    came(client, Body="<script>alert(1)</script> {{ 7*7 }} & <b>")
    for page in ("/texts", "/texts/carer/1"):
        shown = jago.get(page).text
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;alert(1)" in shown
        assert "49" not in shown.split("alert(1)")[1][:40]


def test_a_number_that_nobody_has_is_kept_shown_and_texted_nothing(standin, client, people, jago):
    people.owners["+15005550006"] = []
    reply = came(client, From="+15005550006", Body="who do I ring about my visit")
    assert (reply.person_id, reply.reader) == (None, "person")
    (task,) = tasks()
    assert (task.about_kind, task.family_id) == ("number", None)
    assert "who do I ring about my visit" in jago.get(f"/texts/number/{reply.id}").text
    assert standin.asked == 0


def test_a_stop_from_a_number_that_nobody_has_yet_holds_for_whoever_gets_it(
    standin, client, people
):
    people.owners["+447700900600"] = []
    came(client, From="+447700900600", Body="stop")
    block = block_of("+447700900600")
    assert block is not None
    assert block.kind in ("stop", "twilio")


def test_danger_stands_above_what_came_before(standin, client, jago, people):
    came(client, "SM1", Body="what time is it")
    came(client, "SM2", From="+447700900002", Body="he is outside")
    shown = jago.get("/texts").text
    assert shown.index("he is outside") < shown.index("what time is it")


@pytest.mark.parametrize("said", ["hes here", "999", "help"])
def test_danger_from_a_phone_that_said_stop_is_heard(standin, client, said):
    came(client, "SM1", Body="stop")
    told = []
    registry.on_danger.add("tell", lambda reply, families, at: told.append(reply.body))
    came(client, "SM2", Body=said)
    assert told == [said]
    assert tasks()[-1].urgent


def test_how_we_know_and_since_when_stands_with_each_block(standin, client):
    came(client, Body="STOP", OptOutType="STOP")
    blocks = db.session.scalars(select(NumberBlock).order_by(NumberBlock.kind)).all()
    assert [(b.kind, b.source) for b in blocks] == [
        ("stop", "asked by text"), ("twilio", "the phone sent “STOP”"),
    ]  # fmt: skip
    assert all(abs(b.at - NOW) < timedelta(minutes=1) for b in blocks)
