"""When a home is assessed anew: the visits booked there that may no longer be as they are.

Nothing is cancelled: a task "In doubt" asks a person, and the watch follows the new level by
itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.db import db
from app.families.models import Family
from app.places.models import Place
from app.places.travel import Spot, spot_for
from app.risk.levels import current_assessments
from app.risk.models import LEVELS
from app.scheduling.calendar_days import daylight
from app.scheduling.conditions import NO_LONE_VISIT
from app.scheduling.models import LIVE, Appointment
from app.tasks.open import open_task
from app.times import for_staff

LOOK_BY = timedelta(days=1)


def doubt_visits(place: Place, by: Any, at: datetime) -> None:
    """Open a task for each live visit to this home, from now on, that its level forbids."""
    visits = visits_to(place.id, at)
    if not visits:
        return
    for visit in visits:
        on = clock.london(visit.starts_at).date()
        held = current_assessments([place.id], on=on).get(place.id)
        why = forbidden(held.level if held else "not_assessed", visit, spot_for(place.postcode))
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


def forbidden(level: str, visit: Appointment, spot: Spot) -> str | None:
    """Why a visit may not be at a home of this level as it is booked, and what would do; else
    None."""
    name = LEVELS[level].lower()
    if level == "no_home_visits":
        return "There are no home visits to this home now: meet at a place, or by phone or video."
    if level in NO_LONE_VISIT and visit.second_id is None:
        return f"The home is {name} now: nobody visits alone. Go as two or meet at a place."
    rises, sets = daylight(clock.london(visit.starts_at).date(), spot)
    if level == "raised" and not (rises <= visit.starts_at and visit.ends_at <= sets):
        return "The home is raised now: one worker visits in daylight only. Choose another time."
    return None
