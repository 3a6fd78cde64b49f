"""What the tests of messaging do again and again: read a row afresh, let a worker take a step."""

import secrets
from dataclasses import replace
from datetime import datetime

from flask import Flask, g

from app.db import db
from app.messaging import inbound, send
from app.messaging.models import Outbox, Reply
from tests.cast import NOW
from tests.standins.twilio import ACCOUNT, TOKEN


def use_twilio(app: Flask, url: str) -> None:
    app.config["SERVICE"] = replace(
        app.config["SERVICE"],
        sms_transport="twilio",
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=(TOKEN, "the next token"),
        twilio_from="+447700900000",
        twilio_api_url=url,
    )


def stored(row_id: int) -> Outbox:
    db.session.rollback()
    row = db.session.get(Outbox, row_id, populate_existing=True)
    assert row is not None
    return row


def work(at: datetime = NOW, owner: str = "worker") -> int:
    """Send everything that is due at `at`; answers how many steps that took."""
    steps = 0
    while send.send_next(owner, at=at):
        forget()
        steps += 1
    g.pop("transports", None)
    return steps


def reconcile(at: datetime, owner: str = "worker") -> int:
    steps = 0
    while send.reconcile_next(owner, at=at):
        forget()
        steps += 1
    return steps


def forget() -> None:
    """What the end of a job's application context does."""
    db.session.remove()
    g.pop("transports", None)
    g.pop("rules", None)
    g.pop("books", None)


def arrive(number: int | str, body: str, at: datetime = NOW, **more: object) -> int:
    """A reply as the webhook stores it; answers its id."""
    phone = number if isinstance(number, str) else f"+447700900{number:03d}"
    reply = Reply(
        provider_id=f"SM{secrets.token_hex(16)}",
        from_number=phone, to_number="+447700900000", body=body, received_at=at, **more,
    )  # fmt: skip
    db.session.add(reply)
    db.session.commit()
    return reply.id


def read_all(at: datetime = NOW) -> int:
    steps = 0
    while inbound.read_next(at=at):
        db.session.remove()
        steps += 1
    return steps


def reply(reply_id: int) -> Reply:
    db.session.rollback()
    found = db.session.get(Reply, reply_id, populate_existing=True)
    assert found is not None
    return found
