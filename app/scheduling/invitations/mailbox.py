"""Reading the mailbox that answers to invitations come to, as a job of the worker: a few mails at a
time, and only where IMAP_URL names one.

Each mail is done with once: how far it is read is stored with what came of it, by the server's
UIDVALIDITY and UID. Reading one again would be harmless, since an answer counts by its SEQUENCE and
stamp. Everything that is not an answer stays as it is, unread, for the people who read the mailbox.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import delete, select

from app.calendars.answer_reading import read_answers
from app.calendars.answers import MOST_BYTES, Answer
from app.calendars.mailbox import Box, Unreadable, opened
from app.db import db, transact
from app.scheduling.invitations.answers import record_answer
from app.scheduling.invitations.models import Mailbox

EVERY = timedelta(minutes=1)
AFTER_FAILURE = timedelta(minutes=5)
LEASE = timedelta(minutes=10)  # twenty mails of a child each, at the longest
MOST_MAILS = 20
BACK = timedelta(days=14)  # older mails answer nothing that is to come
ONE = 1

Read = Callable[[bytes], list[Answer]]


@dataclass(frozen=True)
class Claim:
    """The mailbox in this worker's hands: how far it was read."""

    url: str
    validity: int | None
    last_uid: int


def read_next(*, at: datetime, read: Read = read_answers) -> bool:
    """Read the next mails; True where more are waiting."""
    url = str(current_app.config["SERVICE"].imap_url)
    if not url:
        forget()
        return False
    claim = transact(lambda: take(url, at))
    if claim is None:
        return False
    try:
        with opened(claim.url) as box:
            more = read_some(box, claim, read, at)
    except Unreadable as why:
        failure = str(why)
        transact(lambda: settle(at, at + AFTER_FAILURE, failure))
        return False
    transact(lambda: settle(at, at if more else at + EVERY, None))
    return more


def take(url: str, at: datetime) -> Claim | None:
    """The mailbox, if it is due and no other worker reads it."""
    row = db.session.scalars(
        select(Mailbox).where(Mailbox.id == ONE).with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if row is None:
        if db.session.scalar(select(Mailbox.id)) is not None:
            return None  # in another worker's hands
        row = Mailbox(id=ONE, due_at=at, since=at, last_uid=0)
        db.session.add(row)
    if row.due_at > at:
        return None
    row.due_at = at + LEASE
    return Claim(url, row.validity, row.last_uid)


def forget() -> None:
    """None is named any more, so none is failing."""
    if db.session.scalar(select(Mailbox.id)) is not None:
        transact(lambda: db.session.execute(delete(Mailbox)))


def read_some(box: Box, claim: Claim, read: Read, at: datetime) -> bool:
    """Up to `MOST_MAILS`, the oldest first, each written down with how far that is."""
    last = claim.last_uid if box.validity == claim.validity else 0
    waiting = box.uids_after(last, (at - BACK).date())
    for uid in waiting[:MOST_MAILS]:
        found = read(box.read(uid, MOST_BYTES)) if box.size(uid) <= MOST_BYTES else []
        if transact(partial(done_with, box.validity, uid, found, at)):
            box.mark_seen(uid)
    return len(waiting) > MOST_MAILS


def done_with(validity: int, uid: int, found: list[Answer], at: datetime) -> bool:
    """What a mail answered, and that it is read; says whether it was an answer to one of ours."""
    row = db.session.get_one(Mailbox, ONE, populate_existing=True)
    row.validity, row.last_uid = validity, uid
    return any([record_answer(answer, at=at) for answer in found])


def settle(at: datetime, due_at: datetime, failure: str | None) -> None:
    row = db.session.get_one(Mailbox, ONE, populate_existing=True)
    row.due_at, row.failure = due_at, failure
    if failure is None:
        row.good_at = at
