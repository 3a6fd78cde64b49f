"""Stored replies, each given to the first reader that knows it; what none knows waits for a person.

The readers that need nothing from higher packages stand here: danger, stop, wrong number. They
come first in `registry.readers`. A reader that fails does not hold up the next reply, and nothing
is lost by it.
"""

from datetime import datetime

from sqlalchemy import select

from app import phones, times
from app.db import NOT_THERE, db, transact
from app.messaging import blocks, outbox, registry
from app.messaging.follow_up import ring_by
from app.messaging.models import Reply
from app.messaging.registry import Reading
from app.messaging.replies import Meaning, asks_to_stop, read_reply, twilio_word
from app.messaging.senders import Sender, about, everybody_at, is_only_staff, sender_of
from app.tasks.open import open_task

QUOTED = 120


def read_next(*, at: datetime) -> bool:
    """Read one stored reply, oldest first; False where none waits."""
    picked: list[int] = []

    def act() -> bool:
        reply = next_unread()
        if reply is None:
            return False
        picked.append(reply.id)
        read(reply, at)
        return True

    try:
        return transact(act)
    except NOT_THERE:
        raise
    except Exception as error:
        if not picked:
            raise
        reply_id, what = picked[0], type(error).__name__
        transact(lambda: set_aside(reply_id, what, at))
        return True


def next_unread() -> Reply | None:
    return db.session.scalars(
        select(Reply)
        .where(Reply.read_at.is_(None))
        .order_by(Reply.id)
        .limit(1)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()


def read(reply: Reply, at: datetime) -> Reading:
    """Give a reply to the readers in order, and write down what was made of it."""
    note_provider(reply, at)
    reading = next((r for reader in registry.readers.values() if (r := reader(reply, at))), None)
    if reading is None:
        reading = leave_to_a_person(reply, at)
    reply.read_at, reply.reader, reply.outcome = at, reading.reader, reading.outcome
    reply.person_kind, reply.person_id = reading.person_kind, reading.person_id
    reply.about_kind, reply.about_id = reading.about_kind, reading.about_id
    return reading


def note_provider(reply: Reply, at: datetime) -> None:
    """What Twilio itself did on this word, before we saw it, as of when it came."""
    word, came = twilio_took(reply), reply.received_at
    if word == "STOP":
        source = f"the phone sent “{quoted(reply, 40)}”"
        blocks.block_number(reply.from_number, "twilio", source, by="job:replies", at=came)
    elif word == "START":
        blocks.lift_twilio(reply.from_number, by="job:replies", at=came)


def twilio_took(reply: Reply) -> str | None:
    """STOP, START or HELP, as Twilio says or as its keywords are known: a Messaging Service may
    have others of its own, in any language.
    """
    return reply.opt_out_type or twilio_word(reply.body)


def read_danger(reply: Reply, at: datetime) -> Reading | None:
    """Danger words go to the top of the work list, whatever else the reply says."""
    if read_reply(reply.body) != Meaning.DANGER or is_only_staff(reply.from_number):
        return None
    sender = sender_of(reply)
    families = [p.family_id for p in everybody_at(reply.from_number) if p.family_id]
    told = [words for tell in registry.on_danger.values() if (words := tell(reply, families, at))]
    stopped = ""
    if asks_to_stop(reply.body) or twilio_took(reply) == "STOP":
        stop_texts(reply, at)
        stopped = " No more texts go to this phone."
    ask(
        "danger",
        reply,
        sender,
        f"Reply at {times.staff_time(reply.received_at)}: “{quoted(reply)}”.",
        at,
        urgent=True,
    )
    outcome = "marked “danger words”: a person decides." + stopped
    return reading("danger", " ".join([outcome, *told]), sender)


def read_wrong_number(reply: Reply, at: datetime) -> Reading | None:
    """Somebody else has this phone: no more texts, and the number is checked with the family."""
    if read_reply(reply.body) != Meaning.WRONG_NUMBER or is_only_staff(reply.from_number):
        return None
    source = "a reply said wrong number"
    blocks.block_number(reply.from_number, "quarantine", source, by="job:replies", at=at)
    drop_for_phone(reply, f"{blocks.REASONS['quarantine']}.", at)
    people = everybody_at(reply.from_number)
    for person in people:
        words = f"Somebody else may have the phone of {person.name}: “{quoted(reply)}”. "
        ask("number", reply, person, words + "No text goes there until it is checked.", at)
    sender = sender_of(reply)
    return reading("wrong number", "the number is quarantined: no text goes there", sender)


def read_stop(reply: Reply, at: datetime) -> Reading | None:
    """No more texts to this phone; what is booked stands, and somebody rings."""
    stops = read_reply(reply.body) == Meaning.STOP or twilio_took(reply) == "STOP"
    if not stops or is_only_staff(reply.from_number):
        return None
    stop_texts(reply, at)
    for person in everybody_at(reply.from_number):
        words = f"{person.name} wrote “{quoted(reply)}”: no more texts go. What is booked stands."
        ask("ring", reply, person, words, at)
    return reading(
        "stop", "no more texts go to this phone; what is booked stands", sender_of(reply)
    )


def stop_texts(reply: Reply, at: datetime) -> None:
    sender = sender_of(reply)
    by = f"{sender.kind}:{sender.id}" if sender else "job:replies"
    blocks.block_number(reply.from_number, "stop", "asked by text", by=by, at=reply.received_at)
    drop_for_phone(reply, f"{blocks.REASONS['stop']}.", at)


def drop_for_phone(reply: Reply, reason: str, at: datetime) -> None:
    for person in everybody_at(reply.from_number):
        if person.kind != "staff":
            outbox.drop_waiting_to((person.kind, person.id), reason=reason, at=at)


def leave_to_a_person(reply: Reply, at: datetime) -> Reading:
    """Nobody understood it. An unknown number gets a task without a family, and no answer."""
    sender = sender_of(reply)
    danger = read_reply(reply.body) == Meaning.DANGER
    name = "" if sender else f"{phones.shown(reply.from_number)}, a number that nobody here has: "
    ask(
        "danger" if danger else "reply",
        reply,
        sender,
        f"{name}“{quoted(reply)}”",
        at,
        urgent=danger,
    )
    return reading("person", "waits for a person to read it", sender)


def ask(
    kind: str,
    reply: Reply,
    sender: Sender | None,
    words: str,
    at: datetime,
    *,
    urgent: bool = False,
) -> None:
    open_task(
        kind,
        words,
        about=about(reply, sender),
        due_at=at if urgent else ring_by(at),
        at=at,
        family_id=sender.family_id if sender else None,
        peer_id=sender.peer_id if sender else None,
        urgent=urgent,
    )


def reading(reader: str, outcome: str, sender: Sender | None) -> Reading:
    return Reading(reader, outcome, sender.kind if sender else None, sender.id if sender else None)


def quoted(reply: Reply, most: int = QUOTED) -> str:
    words = " ".join(reply.body.split())
    return words if len(words) <= most else words[: most - 1] + "…"


def set_aside(reply_id: int, what: str, at: datetime) -> None:
    """A reply whose reader failed: a person reads it."""
    reply = db.session.get(Reply, reply_id, populate_existing=True)
    assert reply is not None
    found = leave_to_a_person(reply, at)
    reply.read_at, reply.reader = at, "person"
    reply.outcome = f"the service could not read it ({what}): it waits for a person"
    reply.person_kind, reply.person_id = found.person_kind, found.person_id
