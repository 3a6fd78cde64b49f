"""Reading one mail for answers in a child process: whatever it does, at worst none is found."""

import json
from datetime import UTC, datetime
from typing import Any

from app.calendars.answers import ANSWERS, COUNTER, Answer
from app.calendars.reading import run

PROGRAM = "app.calendars.answer_child"
SECONDS = 15.0
SAYS = (*ANSWERS.values(), COUNTER)


def read_answers(mail: bytes, *, program: str = PROGRAM, seconds: float = SECONDS) -> list[Answer]:
    """The answers in a mail; none where the child was given up or said what it would not say."""
    try:
        return [answer_of(one) for one in json.loads(run(mail, program, seconds))]
    except (OSError, ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return []


def answer_of(said: dict[str, Any]) -> Answer:
    if said["says"] not in SAYS:
        raise ValueError("not an answer")
    stamp = said["stamp"]
    return Answer(
        uid=str(said["uid"])[:80],
        sequence=int(said["sequence"]),
        attendee=str(said["attendee"])[:320],
        says=said["says"],
        stamp=None if stamp is None else datetime.fromtimestamp(stamp, UTC),
    )
