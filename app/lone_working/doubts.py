"""When a home is assessed anew: the visits booked there that may no longer be as they are.

Nothing is cancelled: a task "In doubt" asks a person, and the watch follows the new level by
itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.db import db
from app.families.models import Family
from app.places.models import Place
from app.scheduling.models import LIVE, Appointment
from app.scheduling.stands import home_forbids
from app.tasks.open import open_task
from app.times import for_staff

LOOK_BY = timedelta(days=1)
OF_THE_LEVEL = ("level", "daylight")  # who is on duty cover does not change with an assessment


def doubt_visits(place: Place, by: Any, at: datetime) -> None:
    """Open a task for each live visit to this home, from now on, that its level forbids."""
    for visit in visits_to(place.id, at):
        why = home_forbids(visit, at, OF_THE_LEVEL)
        if why is None:
            continue
        open_task(
            "in_doubt",
            f"In doubt: the visit on {for_staff(visit.starts_at)}. {why}",
            about=("appointment", visit.id),
            due_at=min(visit.starts_at, at + LOOK_BY),
            at=at,
            family_id=visit.family_id,
            owner_id=visit.staff_id,
        )


def doubt_moved(family: Family, before: Place | None, _home: Place, by: Any, at: datetime) -> None:
    """The family lives elsewhere now: each live visit to the old home asks a person."""
    for visit in visits_to(before.id, at) if before else ():
        open_task(
            "in_doubt",
            f"In doubt: the visit on {for_staff(visit.starts_at)} is booked at an address from "
            "which the family has moved. Assess the new home and move the visit there.",
            about=("appointment", visit.id),
            due_at=min(visit.starts_at, at + LOOK_BY),
            at=at,
            family_id=family.id,
            owner_id=visit.staff_id,
        )


def visits_to(place_id: int, at: datetime) -> Sequence[Appointment]:
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.place_id == place_id,
            Appointment.status.in_(LIVE),
            Appointment.ends_at > at,
        )
        .order_by(Appointment.starts_at)
    ).all()
