"""Recording a beat and reading how long ago the last was."""

from datetime import datetime

from sqlalchemy import ScalarSelect, select

from app.db import db
from app.health.models import Beat


def record_beat(name: str, *, at: datetime) -> None:
    """Note that the job `name` ran at `at`. The caller commits."""
    beat = db.session.get(Beat, name)
    if beat is None:
        db.session.add(Beat(name=name, at=at))
    else:
        beat.at = at


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
