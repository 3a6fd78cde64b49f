from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.families.models import Carer
from app.messaging import inbound, send
from app.messaging.models import Outbox, Reply
from app.messaging.registry import around
from app.risk.models import Duty
from tests.cast import NOW, Cast
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database
NIGHT = NOW + timedelta(hours=16)


def arrive(number: str, body: str) -> int:
    reply = Reply(
        provider_id="SM1",
        from_number=number,
        to_number="+447700900000",
        body=body,
        received_at=NIGHT,
    )
    db.session.add(reply)
    db.session.commit()
    return reply.id


def rows() -> list[Outbox]:
    return list(db.session.scalars(select(Outbox).where(Outbox.purpose == "danger_reply")))


def test_the_duty_manager_is_told_at_any_hour_whose_but_not_what(app: Flask, cast: Cast) -> None:
    reply_id = arrive("+447700900142", "hes here cant talk")
    inbound.read_next(at=NIGHT)
    send.send_next("worker", at=NIGHT)
    (row,) = rows()
    assert (row.recipient_kind, row.recipient_id) == ("staff", cast.morwenna.id)
    assert row.state == "accepted"
    assert "F1042" in row.body
    assert "Hannah" not in row.body
    assert "here" not in row.body.replace("/texts", "")
    outcome = db.session.get(Reply, reply_id).outcome
    assert outcome == "marked “danger words”: a person decides. Morwenna is told by text."


def test_an_unknown_number_is_told_as_one(app: Flask, cast: Cast) -> None:
    arrive("+447700900456", "he hit me")
    inbound.read_next(at=NIGHT)
    assert rows()[0].payload == {"whose": "a number not known"}


def test_with_nobody_on_duty_the_task_stands_alone(app: Flask, cast: Cast) -> None:
    for duty in db.session.scalars(select(Duty)):
        db.session.delete(duty)
    cast.morwenna.left_at = NOW
    reply_id = arrive("+447700900142", "hes here cant talk")
    inbound.read_next(at=NIGHT)
    assert rows() == []
    assert db.session.get(Reply, reply_id).outcome == "marked “danger words”: a person decides."


def test_a_carers_thread_leads_to_the_family_and_notes_who_read_it(app: Flask, cast: Cast) -> None:
    carer_id = db.session.scalars(select(Carer.id).where(Carer.first_name == "Hannah")).one()
    page = signed_in(app, cast.jago).get(f"/texts/carer/{carer_id}")
    assert page.status_code == 200
    assert 'href="/families/F1042"' in page.text
    assert "Leo" in around("carer").private_words(carer_id)
