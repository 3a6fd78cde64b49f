"""The texts of the watch: whether each is still wanted, and its words. All to staff, urgent, and
rather twice than never.
"""

from datetime import datetime
from functools import partial

from app import phones
from app.db import db
from app.lone_working import ladder, queries
from app.lone_working.models import Alarm
from app.lone_working.stand_down import ALARM_TEXTS
from app.messaging import wordings
from app.messaging.models import Outbox
from app.messaging.registry import Message, Purpose, Recipient, payload
from app.pages import public_address
from app.settings import store

WORDS = {
    "check_in_asked": "asks whether they are there",
    "check_in_missed": "says that somebody has not checked in",
    "check_out_reminder": "reminds to check out",
    "overdue_buddy": "alarm to the buddy",
    "overdue_manager": "alarm to the duty manager",
    "overdue_all": "alarm to all managers",
    "help_asked": "call for help",
    "stood_down": "says that an alarm is over",
    "ring_me": "asks to ring a worker",
    "noted_in": "says that they are checked in",
    "noted_longer": "says until when they stay",
    "noted_out": "says that they are checked out",
}


def watch_purposes() -> dict[str, Purpose]:
    """Each purpose of the watch's texts by its name, for wiring."""
    made = {
        name: Purpose(
            unwanted=alarm_unwanted, make=partial(make_text, name), urgent=True, alarm=True,
            expires=False, words=WORDS[name],
        )
        for name in ALARM_TEXTS
    }  # fmt: skip
    for name in ("stood_down", "ring_me", "noted_in", "noted_longer", "noted_out"):
        made[name] = Purpose(
            unwanted=never_unwanted, make=partial(make_text, name), urgent=True, alarm=True,
            expires=name != "ring_me", words=WORDS[name],
        )  # fmt: skip
    return made


def alarm_unwanted(row: Outbox, _recipient: Recipient, _at: datetime) -> str | None:
    """Why an alarm need not be texted any more, or None."""
    alarm = db.session.get(Alarm, payload(row, "alarm"), populate_existing=True)
    watch = queries.one(row.about_id)
    if alarm is None or watch is None:
        return "The visit is no longer on record."
    if watch.closed_at is not None:
        return "They are known to be safe."
    if not ladder.is_live(alarm.step, alarm.expected, queries.sight(watch, [])):
        return "They have answered: they checked in late, or stay longer."
    return None


def never_unwanted(_row: Outbox, _recipient: Recipient, _at: datetime) -> str | None:
    return None


def make_text(name: str, row: Outbox, _recipient: Recipient, _at: datetime) -> Message:
    """The words of one text: reference and first name, never a family's name or an address."""
    watch = queries.one(row.about_id)
    assert watch is not None, "alarm_unwanted() has looked"
    rules = store.current()
    mobile = watch.staff.mobile
    facts = wordings.Facts.of(
        rules,
        when=watch.due_in,
        ends_at=watch.due_out,
        worker=watch.staff.first_name,
        staff_phone=phones.shown(mobile) if mobile else "them (no mobile on record)",
        reference=watch.appointment.family.reference,
        extend_minutes=None if watch.extended else rules.extend_minutes,
        link=public_address("lone_working.visit", watch_id=watch.id),
    )
    return Message(wordings.body(name, wordings.STAFF, facts))
