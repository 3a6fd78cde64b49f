"""Steps that the tests of conversations take again and again."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from app.clock import at_london
from app.conversations.answer_offer import accept_offer
from app.conversations.models import Conversation, Offer
from app.conversations.send_offer import send_offer
from app.db import db, transact
from app.enquiries.models import Choice
from app.messaging.models import Outbox
from app.tasks.models import Task
from tests.cast import NOW, Cast

THURSDAY = date(2026, 11, 26)
FIRST = at_london(THURSDAY, time(14, 0))
SECOND = at_london(date(2026, 12, 1), time(10, 0))


def said(cast: Cast, step: str, family: Any = None, on: date = date(2026, 11, 20)) -> None:
    who = family or cast.hannah
    db.session.add(
        Choice(
            family_id=who.id, step=step, on=on, how="phone", recorded_by="Jago Penrose",
            recorded_at=NOW, ask_again_on=date(2027, 1, 5) if step == "not_now" else None,
        )
    )  # fmt: skip
    db.session.commit()


def sent(cast: Cast, peer: Any = None, family: Any = None, **more: Any) -> Offer:
    chosen = {"times": [FIRST, SECOND], "host_id": cast.jago.id, "by": cast.jago, "at": NOW, **more}
    pair = (family or cast.hannah).id, (peer or cast.chloe).id
    return transact(lambda: send_offer(*pair, **chosen))


def agreed(cast: Cast, at: datetime = NOW, **more: Any) -> Conversation:
    offer = sent(cast, **more)
    return transact(lambda: accept_offer(offer, [FIRST], by="peer:1", at=at, how="link"))


def tasks(kind: str | None = None) -> list[Task]:
    rows = select(Task).where(Task.closed_at.is_(None)).order_by(Task.id)
    return [t for t in db.session.scalars(rows) if kind in (None, t.kind)]


def texts(purpose: str | None = None, state: str | None = None) -> list[Outbox]:
    rows = select(Outbox).where(Outbox.channel == "text").order_by(Outbox.id)
    return [
        row
        for row in db.session.scalars(rows)
        if purpose in (None, row.purpose) and state in (None, row.state)
    ]


def offer(offer_id: int) -> Offer:
    db.session.expire_all()
    found = db.session.get(Offer, offer_id, populate_existing=True)
    assert found is not None
    return found
