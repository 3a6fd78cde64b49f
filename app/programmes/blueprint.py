"""The pages of programmes, and the family or cycle that their addresses name."""

from flask import Blueprint
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.access import found
from app.db import db
from app.families.models import Family
from app.families.queries import family_by_id, family_by_reference
from app.programmes.models import Cycle, Programme
from app.programmes.queries import cycle_by_id, may_read_goals

programmes = Blueprint("programmes", __name__)


def this_family(reference: str) -> Family:
    """The family of an address, or the 404 that a missing one and another's share."""
    family: Family = found(family_by_reference(current_user, reference))
    return family


def this_cycle(cycle_id: int) -> tuple[Cycle, Family]:
    """A cycle with its family, for those who may see what is in it."""
    cycle = found(cycle_by_id(cycle_id))
    family_id = db.session.scalars(
        select(Programme.family_id).where(Programme.id == cycle.programme_id)
    ).one()
    family = found(family_by_id(current_user, family_id))
    if not may_read_goals(current_user, family):
        raise NotFound
    return cycle, family
