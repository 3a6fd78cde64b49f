"""Recording what was found at a home, and a manager's yes to it.

The act proposes nothing: the form does, from the same ticks. It refuses a level below what a tick
demands. After either act, those who hold appointments at the home look at them again.
"""

import calendar
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.access import MANAGER
from app.audit.record import record
from app.clock import london
from app.db import db, hold
from app.errors import DomainError
from app.places.models import Place
from app.risk import hooks
from app.risk.levels import assessments_of
from app.risk.models import LEVELS, Assessment
from app.risk.proposals import ORDER, TRIGGERS, because, is_lower, proposed_level
from app.risk.standing import needs_yes, standing_of
from app.settings import store

MOST_CONTROLS = 300  # what to do, in a few words that fit on a day sheet


def record_assessment(
    place: Place,
    triggers: Sequence[str],
    level: str,
    controls: str | None,
    looked_on: date,
    look_again_on: date | None = None,
    *,
    by: Any,
    at: datetime,
) -> Assessment:
    """Record what was found at a home on `looked_on`, its level and what to do.

    Never below what a tick demands. `look_again_on` is `assessment_months` after it unless given,
    and never later than 12 months. Raised and high say what to do, and are in force only with a
    manager's yes (a manager's own counts for raised); so does going below high.
    """
    today = london(at).date()
    check_shape(place, triggers, level, controls)
    again = look_again_on or months_after(looked_on, store.current().assessment_months)
    check_dates(looked_on, again, today)
    db.session.flush()
    hold(place)
    before, _ = standing_of(assessments_of([place.id])[place.id])
    row = Assessment(
        place_id=place.id,
        level=level,
        triggers=[tick for tick in TRIGGERS if tick in triggers],
        controls=(controls or "").strip() or None,
        looked_on=looked_on,
        look_again_on=again,
        by_id=getattr(by, "id", None),
        created_at=at,
    )
    if level == "raised" and is_manager(by) and not lowers(level, before):
        row.approved_by_id, row.approved_at = by.id, at
    db.session.add(row)
    record("assessment:recorded", row, by=by, at=at, family_id=place.family_id, level=level)
    tell(place, by, at)
    return row


def approve_assessment(assessment: Assessment, *, by: Any, at: datetime) -> None:
    """A manager's yes. To high, and to going below high, not by the one who recorded it."""
    if not is_manager(by):
        raise DomainError("Only a manager can agree to a risk level.")
    place = db.session.get_one(Place, assessment.place_id)
    hold(place)
    before, waits = standing_of(assessments_of([place.id])[place.id])
    if waits is None or waits.id != assessment.id:
        raise DomainError("This assessment does not wait for a yes any more.")
    own = assessment.by_id == by.id
    if own and (assessment.level == "high" or lowers(assessment.level, before)):
        raise DomainError("You recorded this yourself. Another manager must agree to it.")
    assessment.approved_by_id, assessment.approved_at = by.id, at
    record(
        "assessment:approved", assessment, by=by, at=at, family_id=place.family_id,
        level=assessment.level,
    )  # fmt: skip
    tell(place, by, at)


def lowers(level: str, before: Assessment | None) -> bool:
    """Whether it goes below high, or below *no home visits*."""
    held = before is not None and needs_yes("standard", before.level)
    return before is not None and held and is_lower(level, before.level)


def check_shape(place: Place, triggers: Sequence[str], level: str, controls: str | None) -> None:
    if place.kind != "home":
        raise DomainError("Only a home is assessed: at a place of ours there are others.")
    if place.closed_at:
        raise DomainError("The family has moved from this address. Assess the new one.")
    if any(tick not in TRIGGERS for tick in triggers):
        raise DomainError("Tick only what is on the list.", "triggers")
    if level not in ORDER:
        raise DomainError("Choose a level.", "level")
    least = proposed_level(triggers)
    if is_lower(level, least):
        raise DomainError(
            f"The level is at least {LEVELS[least].lower()}: {'; '.join(because(triggers))}.",
            "level",
        )
    words = (controls or "").strip()
    if level in ("raised", "high") and not words:
        raise DomainError("Write what a worker is to do there.", "controls")
    if len(words) > MOST_CONTROLS:
        raise DomainError(f"Use {MOST_CONTROLS} characters or fewer.", "controls")


def check_dates(looked_on: date, again: date, today: date) -> None:
    if looked_on > today:
        raise DomainError("This date is in the future. When did somebody look?", "looked_on")
    if again <= looked_on:
        raise DomainError("Look again after the day on which somebody looked.", "look_again_on")
    if again > months_after(today, 12):
        raise DomainError("Look at a home again within 12 months.", "look_again_on")


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_manager(by: Any) -> bool:
    return getattr(by, "role", None) == MANAGER


def tell(place: Place, by: Any, at: datetime) -> None:
    db.session.flush()
    for follow in hooks.on_assessment.values():
        follow(place, by, at)
