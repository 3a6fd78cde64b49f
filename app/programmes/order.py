"""The order of a programme's dates that nobody may break: each on a later date than the one before,
a review at least the settings' working days after its video. Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from app import clock
from app.programmes.rhythm import REVIEW, VIDEO, Given
from app.scheduling.pairs import first_review_day
from app.settings.rules import Rules
from app.times import staff_date

Key = tuple[int, str]  # a cycle's number and an appointment's kind
WORDS = {VIDEO: "video session", REVIEW: "review"}


class Wrong(NamedTuple):
    """A date that comes too soon after another one, with why."""

    key: Key
    after: Key
    words: str


def out_of_order(
    given: Sequence[Given], rules: Rules, is_working_day: Callable[[date], bool]
) -> Iterator[Wrong]:
    """Every date that does not come late enough after one before it; cycles in their order."""
    last: tuple[date, Key] | None = None
    for cycle in given:
        for kind, starts_at in ((VIDEO, cycle.video), (REVIEW, cycle.review)):
            if starts_at is None:
                continue
            key, day = (cycle.number, kind), clock.london(starts_at).date()
            if kind == REVIEW and cycle.video:
                filmed = clock.london(cycle.video).date()
                least = rules.review_least_working_days
                if day < first_review_day(filmed, least, is_working_day):
                    days = "working day" if least == 1 else "working days"
                    yield Wrong(
                        key,
                        (cycle.number, VIDEO),
                        f"The review needs {least} {days} after its video.",
                    )
            if last is not None and day <= last[0] and last[1] != (cycle.number, VIDEO):
                yield Wrong(key, last[1], f"It has to come after {of(last[1])} on {on(last[0])}.")
            if last is None or day >= last[0]:
                last = day, key


def of(key: Key) -> str:
    """'the review of cycle 2'."""
    return f"the {WORDS[key[1]]} of cycle {key[0]}"


def on(day: date) -> str:
    return staff_date(day)
