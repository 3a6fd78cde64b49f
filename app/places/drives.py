"""What somebody measured for the drive between two places: it wins over every estimate.

Kept for each way by itself: a hill, a ferry or a one-way street makes the way back another drive.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.places.models import MeasuredDrive, Place

MOST_MINUTES = 240


def set_drive(
    here: Place, there: Place, minutes: int, *, both_ways: bool, by: Any, at: datetime
) -> None:
    """From one place to another it takes these minutes, parking included; `both_ways` also back.
    An earlier figure is replaced. Raises DomainError for what is nowhere or no drive.
    """
    for place in sorted((here, there), key=lambda place: place.id):
        hold(place)
    if here.id == there.id:
        raise DomainError("Choose another place: this one is where the drive begins.", "there")
    if not (here.is_travelled_to and there.is_travelled_to):
        raise DomainError("Nobody travels there. Choose another place.", "there")
    if not 1 <= minutes <= MOST_MINUTES:
        raise DomainError(f"Enter from 1 to {MOST_MINUTES} minutes.", "minutes")
    ways = [(here.id, there.id), *([(there.id, here.id)] if both_ways else [])]
    for from_id, to_id in ways:
        row = drive_from(from_id, to_id) or MeasuredDrive(from_id=from_id, to_id=to_id)
        row.minutes, row.created_by, row.created_at = minutes, actor(by), at
        db.session.add(row)
    record("drive:set", here, by=by, at=at, to_id=there.id, minutes=minutes, both=both_ways)


def forget_drive(drive: MeasuredDrive, *, by: Any, at: datetime) -> None:
    """Estimate this way again."""
    here = db.session.get_one(Place, drive.from_id)
    record("drive:forgotten", here, by=by, at=at, to_id=drive.to_id)
    db.session.delete(drive)


def drive_from(from_id: int, to_id: int) -> MeasuredDrive | None:
    return db.session.scalars(
        select(MeasuredDrive).where(MeasuredDrive.from_id == from_id, MeasuredDrive.to_id == to_id)
    ).one_or_none()


def drives_of(place_id: int) -> Sequence[tuple[MeasuredDrive, str, bool]]:
    """The measured drives from and to a place that is nobody's home, each with the other place's
    name and whether it leads there: one statement."""
    away = MeasuredDrive.from_id == place_id
    rows = db.session.execute(
        select(MeasuredDrive, Place.name, away.label("away"))
        .join(
            Place,
            (Place.id == MeasuredDrive.to_id) & away
            | (Place.id == MeasuredDrive.from_id) & (MeasuredDrive.to_id == place_id),
        )
        .where(Place.kind != "home")
        .order_by(Place.name, MeasuredDrive.id)
    )
    return [(drive, name, bool(leads)) for drive, name, leads in rows]
