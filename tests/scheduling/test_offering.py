"""In which order the families that wait are offered a time: a table of cases, best first."""

from datetime import UTC, datetime, timedelta

import pytest

from app.scheduling.let_go.offering import Candidate, rank
from app.scheduling.wanted import Slot

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def slot(added: int) -> Slot:
    return Slot(MONDAY, MONDAY + timedelta(hours=1), 1, None, None, 10, 10, added, False, ())


def one(
    number: int,
    *,
    due: int | None = 2,
    since: int = 0,
    added: int | None = 10,
    reason: bool = False,
) -> Candidate:
    """A family by number: promised in `due` days, waiting since `since` hours after Monday."""
    return Candidate(
        number,
        MONDAY + timedelta(hours=since),
        None if due is None else MONDAY + timedelta(days=due),
        None if added is None else slot(added),
        reason,
        "" if added is not None else "outside the family’s times",
    )


CASES = {
    "the earlier promise first": ([one(1, due=3), one(2, due=1)], [2, 1]),
    "a promise that is late before one to come": ([one(1), one(2, due=-4)], [2, 1]),
    "no promise comes last": ([one(1, due=None), one(2, due=30)], [2, 1]),
    "promised on one day: the shorter drive": ([one(1, added=25), one(2, added=5)], [2, 1]),
    "another hour of one day is no earlier promise": (
        [one(1, added=25)._replace(due_at=MONDAY + timedelta(days=2, hours=-3)), one(2, added=5)],
        [2, 1],
    ),
    "the shorter drive is not before the earlier promise": (
        [one(1, due=5, added=0), one(2, due=1, added=40)], [2, 1],
    ),
    "alike: who waits longest": ([one(1, since=5), one(2, since=1)], [2, 1]),
    "alike in everything: by number, always the same": ([one(2), one(1)], [1, 2]),
    "who needs a reason comes after who does not": (
        [one(1, due=-9, reason=True), one(2, due=9)], [2, 1],
    ),
    "who cannot come is last, whatever the promise": (
        [one(1, due=-9, added=None), one(2, due=9, reason=True)], [2, 1],
    ),
    "those who cannot keep the order of promises": (
        [one(1, due=3, added=None), one(2, due=1, added=None)], [2, 1],
    ),
    "nobody": ([], []),
}  # fmt: skip


@pytest.mark.parametrize(("candidates", "order"), CASES.values(), ids=CASES)
def test_who_is_offered_it_first(candidates: list[Candidate], order: list[int]) -> None:
    assert [each.family_id for each in rank(candidates)] == order
