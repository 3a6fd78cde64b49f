"""Recording a beat and reading how long ago the last was."""

from datetime import datetime

from sqlalchemy import ScalarSelect, select
from sqlalchemy.dialects import postgresql, sqlite

from app.db import db
from app.health.models import Beat


def record_beat(name: str, *, at: datetime) -> None:
    """Note that the job `name` ran at `at`. The caller commits.

    One statement: several workers may begin at one moment, each with the first beat.
    """
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    beat = insert(Beat).values(name=name, at=at)
    db.session.execute(
        beat.on_conflict_do_update(index_elements=[Beat.name], set_={"at": beat.excluded.at}),
        execution_options={"synchronize_session": False},
    )


def last_beat(name: str) -> datetime | None:
    """When the job last ran, or None if it never did."""
    beat = db.session.get(Beat, name, populate_existing=True)
    return beat.at if beat else None


def last_beat_read(name: str) -> ScalarSelect[datetime]:
    """The same as a value to be read with others."""
    return select(Beat.at).where(Beat.name == name).scalar_subquery()


def is_fresh(name: str, *, at: datetime, within_seconds: int) -> bool:
    """Whether the job ran within so many seconds of `at`. A beat from further in the future counts
    for none: the clock was moved back since, and the job has not run.
    """
    last = last_beat(name)
    return last is not None and abs((at - last).total_seconds()) <= within_seconds
