"""How fast the account may send: one row that every sender of every process passes.

A turn is taken in the claim's own transaction, so a text that is not handed over costs none and a
killed worker takes none with it. Alarms neither wait nor count. What the senders could not use of
the last second may be caught up; nothing before that.
"""

import time
from dataclasses import dataclass

from sqlalchemy import text

from app.db import db, plain_rows
from app.settings.store import current

CAUGHT_UP = 1.0  # seconds
# Nobody has waited so long for a turn: the machine's clock was put back.
FURTHEST = 120.0
NAME = "text"

READ = {
    "sqlite": text("SELECT (SELECT next_at FROM pace WHERE name = :name), NULL"),
    "postgresql": text(
        "SELECT (SELECT next_at FROM pace WHERE name = :name), "
        "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"
    ),
}
# One statement: two processes that take a turn at once take two.
TAKE = text("""
INSERT INTO pace (name, next_at) VALUES (:name, :floor + :step)
ON CONFLICT (name) DO UPDATE SET next_at = :step + CASE
    WHEN pace.next_at BETWEEN :floor AND :furthest THEN pace.next_at ELSE :floor END
""")


def read() -> tuple[float, float]:
    """When the next text may go and what time it is, in seconds since 1970: by PostgreSQL's clock
    where that is the database, so that machines agree, else by this machine's.
    """
    ((next_at, there),) = plain_rows(READ[db.engine.dialect.name], name=NAME)
    return next_at or 0.0, time.time() if there is None else there


@dataclass(frozen=True)
class Turn:
    """How many seconds until a text may go (none or less: now), as seen at `now`."""

    left: float
    now: float


def turn() -> Turn:
    next_at, now = read()
    return Turn(next_at - now if next_at - now <= FURTHEST else 0.0, now)


def take(now: float, parts: int) -> None:
    """A text of so many parts goes: the next may go that much later."""
    step = parts / current().text_parts_a_second
    given = {"name": NAME, "step": step, "floor": now - CAUGHT_UP, "furthest": now + FURTHEST}
    db.session.execute(TAKE, given)
