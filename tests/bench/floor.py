"""The floor of reading: the very statements that a piece of work made, run through SQLAlchemy and
fetched, with nothing done to the rows.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from app.db import db

Read = tuple[Any, Any, Any]


def recorded(work: Callable[[], object]) -> list[Read]:
    """Each statement of the work, as it was given to the engine, with its parameters."""
    seen: list[Read] = []

    def note(_conn: Any, clause: Any, multiparams: Any, params: Any, options: Any) -> None:
        seen.append((clause, multiparams or params, options))

    event.listen(db.engine, "before_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_execute", note)
    return seen


def bare(reads: list[Read]) -> Callable[[], int]:
    """Runs the same statements on a connection and fetches every row."""

    def run() -> int:
        connection = db.session.connection()
        return sum(
            len(connection.execute(clause, params).fetchall()) for clause, params, _ in reads
        )

    return run
