"""A text in a member of staff's own words: what it may say, and putting it into the outbox.

What it says is checked when it is written and again when it goes, because what is safe to say may
change in between.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.messaging import blocks, registry
from app.messaging.models import Outbox
from app.messaging.outbox import queue_text
from app.messaging.registry import Due, Foreseen, Message, Purpose, Recipient, payload
from app.messaging.said import opening_for
from app.messaging.schedule import next_allowed
from app.messaging.segments import Size, measure, tidy
from app.messaging.wordings import FULL, Facts, says_too_much
from app.settings.store import current
from app.tasks.open import close_about
from app.working_days import is_working_day

PURPOSE = "free_text"
MOST_SEGMENTS = 3
OF_USE = timedelta(days=4)  # over a long bank-holiday weekend, no longer


@dataclass(frozen=True)
class Draft:
    """A text as it would go: its words, their size, and when."""

    words: str
    size: Size
    goes_at: datetime | None


def said_too_much(words: str, person: Recipient) -> list[str]:
    """The words of a text that this person's wording does not allow, as they stand in it."""
    if person.wording == FULL or person.kind == "staff":
        return []
    private = [*registry.around(person.kind).private_words(person.id), current().organisation]
    found = [word for word in private if word and re.search(rf"\b{re.escape(word)}\b", words, re.I)]
    return list(dict.fromkeys([*says_too_much(words), *found]))


def refusal(person: Recipient) -> str | None:
    """Why no text may go to this person's phone now, or None."""
    if person.refusal:
        return person.refusal
    if not person.number:
        return "There is no mobile number."
    block = blocks.block_of(person.number)
    return f"{blocks.REASONS[block.kind]}." if block else None


def draft(person: Recipient, typed: str, *, now: bool = False, at: datetime) -> Draft:
    """Read what was typed as the text it would be; raises DomainError for one that may not go."""
    words = tidy(typed)
    if not words:
        raise DomainError("Write the text.", "words")
    if why := refusal(person):
        raise DomainError(f"{why} Ring instead.", "words")
    if too_much := said_too_much(words, person):
        named = ", ".join(f"“{word}”" for word in too_much)
        raise DomainError(
            f"Take out {named}: others may read this phone, and its wording is {person.wording}.",
            "words",
        )
    size = measure(opened(words, person))
    if size.segments > MOST_SEGMENTS:
        raise DomainError(
            f"This is {size.segments} texts long. Make it {MOST_SEGMENTS} at most.", "words"
        )
    goes_at = next_allowed(
        at, person.safe_times, current(), is_working_day, same_day_decision=now, before=at + OF_USE
    )
    return Draft(words, size, goes_at)


def send_words(
    person: Recipient, typed: str, *, once: str, now: bool = False, by: Any, at: datetime
) -> Outbox:
    """Queue a text in somebody's own words; `once` is the form's own number, so a double click is
    one.

    `now` is the decision that it cannot wait for the morning; safe times hold all the same. What
    waited as a reply is answered by it.
    """
    made = draft(person, typed, now=now, at=at)
    if made.goes_at is None:
        raise DomainError(
            "There is no safe time for a text in the next days. Ring instead.", "words"
        )
    to = (person.kind, person.id)
    row = queue_text(
        PURPOSE,
        about=to,
        to=to,
        due_at=made.goes_at,
        expires_at=at + OF_USE,
        dedupe=f"{PURPOSE}:{person.kind}:{person.id}:{once}",
        at=at,
        payload={"words": made.words},
        now=now,
    )
    record("text:asked", row, by=by, at=at, family_id=person.family_id, purpose=PURPOSE)
    close_about(to, "Answered by text.", by=by, at=at, kinds=("reply",))
    return row


def opened(words: str, person: Recipient) -> str:
    """The words, after the ones that say who texts where this is the first text to this phone."""
    if person.introduced or person.kind == "staff":
        return words
    return f"{opening_for(person, Facts.of(current()))} {words}"


def foresee_words(dues: Sequence[Due]) -> dict[int, Foreseen]:
    """What texts in somebody's own words would say."""
    return {
        due.row.id: Foreseen(opened(str(payload(due.row, "words", "")), due.person))
        for due in dues
        if due.row.purpose == PURPOSE
    }


def unwanted(row: Outbox, person: Recipient, at: datetime) -> str | None:
    if said_too_much(str(payload(row, "words", "")), person):
        return "What may be said to this phone changed after it was written."
    return None


def make(row: Outbox, person: Recipient, at: datetime) -> Message:
    return Message(opened(str(payload(row, "words", "")), person))


FREE_TEXT = Purpose(unwanted=unwanted, make=make, words="own words")
