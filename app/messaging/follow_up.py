"""What a person must do when a message did not reach somebody: ring, or look at the number.

Staff are left out of *ring*: an alarm that does not reach one is escalated to the next by the
watch.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from app import clock
from app.db import db
from app.messaging import blocks, channels, outbox, registry
from app.messaging.failures import failure
from app.messaging.models import Outbox
from app.messaging.registry import Recipient
from app.messaging.states import HANDED_OVER
from app.tasks.open import dedupe_key, open_by_key, open_task
from app.working_days import is_working_day, working_days_after

RING_BY = time(17, 0)
FILTERED = ("channel", 3)  # a task's `about` needs a number: 1 and 2 are the ways to send
LAST_ASKED = time(15, 0)  # from then on, ringing by five is too short a time


def ring_by(at: datetime) -> datetime:
    """When somebody should have rung: 17:00 today, or at noon of the next working day."""
    there = clock.london(at)
    if is_working_day(there.date()) and there.time() < LAST_ASKED:
        return clock.at_london(there.date(), RING_BY)
    return clock.at_london(working_days_after(there.date() + timedelta(days=1), 0), time(12, 0))


def words_for(row: Outbox) -> str:
    """What a message is for, as staff read it: 'reminder', 'tells of the new time'."""
    known = registry.purposes[row.purpose].words if row.purpose in registry.purposes else ""
    return known or row.purpose.replace("_", " ")


def a_message(row: Outbox) -> str:
    return "a text" if row.channel == "text" else "an e-mail"


def is_reminder(row: Outbox) -> bool:
    return row.purpose in registry.purposes and registry.purposes[row.purpose].reminder


def ask_to_ring(row: Outbox, person: Recipient, reason: str, *, at: datetime) -> None:
    """Somebody rings a carer or a peer parent whom a text did not reach, where no e-mail may tell
    them either. What is about the person alone (somebody's own words to them) goes by text only.

    Nobody is asked twice: an open task to ring the same person, or whoever it is, about the same
    thing is enough.
    """
    about, whom = (row.about_kind, row.about_id), (person.kind, person.id)
    by_email = about != whom and person.email and person.email_refusal is None
    if person.kind == "staff" or by_email:
        return
    if open_by_key(dedupe_key("ring", about), dedupe_key("ring", about, whom)):
        return
    open_task(
        "not_sent",
        f"Ring {person.name}: {a_message(row)} did not go ({words_for(row)}). {reason}",
        about=about,
        whom=whom,
        due_at=max(at, min(ring_by(at), row.expires_at)),
        at=at,
        family_id=person.family_id,
        peer_id=person.peer_id,
    )


def ask_to_ring_in_their_language(row: Outbox, person: Recipient, *, at: datetime) -> None:
    """Somebody rings a person whose text goes in English because nobody has approved one in their
    language, or whose e-mail does, as all do: once for each piece of news. A reminder repeats what
    they were rung about, so it asks only where nothing about the thing went to them before; and
    nobody is asked while such a call waits.
    """
    about, whom = (row.about_kind, row.about_id), (person.kind, person.id)
    if is_reminder(row) and was_told_before(row):
        return
    if open_by_key(dedupe_key("ring", about), dedupe_key("ring", about, whom)):
        return
    none = f", because none in {person.language} is approved" if row.channel == "text" else ""
    open_task(
        "ring",
        f"Ring {person.name}, who reads {person.language}: {a_message(row)} went in English "
        f"({words_for(row)}){none}. An interpreter, or plain words, may help.",
        about=about,
        whom=whom,
        due_at=max(at, min(ring_by(at), row.expires_at)),
        at=at,
        family_id=person.family_id,
        peer_id=person.peer_id,
    )


def was_told_before(row: Outbox) -> bool:
    """Whether another text about the same thing, or an e-mail in its place, went to this person.

    Both say in which language they are; an invitation does not.
    """
    others = select(Outbox.id).where(
        Outbox.about_kind == row.about_kind,
        Outbox.about_id == row.about_id,
        Outbox.recipient_kind == row.recipient_kind,
        Outbox.recipient_id == row.recipient_id,
        Outbox.language.is_not(None),
        Outbox.id != row.id,
        Outbox.state.in_(HANDED_OVER),
    )
    return bool(db.session.scalar(select(others.exists())))


def after_failure(row: Outbox, code: str | None, *, at: datetime) -> None:
    """What follows from a message that will not be delivered, by the meaning of its code."""
    person = registry.recipient(row.recipient_kind, row.recipient_id)
    meaning = failure(code)
    reason = sentence(meaning.words)
    if row.channel == "text" and meaning.kind == "us":
        channels.stop("text", meaning.words, at=at)
    if meaning.kind == "filtered":
        ask_about_words(row, at=at)
    if person is None:
        return
    if row.channel == "email" or meaning.kind == "number":
        ask_about_number(row, person, reason, at=at)
    elif meaning.kind == "opted_out":
        stopped_by_twilio(row, person, at=at)
    elif not is_reminder(row):
        ask_to_ring(row, person, reason, at=at)


def ask_about_words(row: Outbox, *, at: datetime) -> None:
    """A network takes our texts for spam: somebody looks at what they say, and who sends them."""
    open_task(
        "other",
        f"A network took a text for spam ({words_for(row)}). Look at its words, and ask Twilio "
        "about our sender.",
        about=FILTERED,
        due_at=ring_by(at),
        at=at,
    )


def ask_about_number(row: Outbox, person: Recipient, reason: str, *, at: datetime) -> None:
    what = "number" if row.channel == "text" else "e-mail address"
    open_task(
        "number",
        f"Check the {what} of {person.name}: {a_message(row)} did not arrive "
        f"({words_for(row)}). {reason}",
        about=(person.kind, person.id),
        due_at=ring_by(at),
        at=at,
        family_id=person.family_id,
        peer_id=person.peer_id,
    )


def stopped_by_twilio(row: Outbox, person: Recipient, *, at: datetime) -> None:
    """Twilio holds a STOP of this phone (21610): our own record of it, and a call instead of
    texts.
    """
    if row.to_address:
        source = "Twilio refused a text (21610)"
        blocks.block_number(row.to_address, "twilio", source, by="job:send", at=at)
    outbox.drop_waiting_to((person.kind, person.id), reason=f"{blocks.REASONS['twilio']}.", at=at)
    if person.kind == "staff":
        return
    open_task(
        "ring",
        f"Ring {person.name}: Twilio stopped texts to this phone, because somebody sent it STOP. "
        "What is booked stands.",
        about=(person.kind, person.id),
        due_at=ring_by(at),
        at=at,
        family_id=person.family_id,
        peer_id=person.peer_id,
    )


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def refreshed(row_id: int) -> Outbox:
    """The row as it is stored now."""
    row = db.session.get(Outbox, row_id, populate_existing=True)
    assert row is not None
    return row
