"""The pages of programmes, and the family or cycle that their addresses name."""

from flask import Blueprint, flash, redirect, request
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException, NotFound

from app.access import found
from app.db import db
from app.families.blueprint import home_of
from app.families.models import Family
from app.families.queries import family_by_id, family_by_reference
from app.programmes.models import Cycle, Programme
from app.programmes.queries import cycle_by_id, may_read_goals, programmes_of

programmes = Blueprint("programmes", __name__)


def this_family(reference: str) -> Family:
    """The family of an address, or the 404 that a missing one and another's share."""
    family: Family = found(family_by_reference(current_user, reference))
    return family


def private_family(reference: str) -> Family:
    """The same for what only its practitioner and managers read: goals, ratings, clips."""
    return readable(this_family(reference))


def this_cycle(cycle_id: int) -> tuple[Cycle, Family]:
    """A cycle with its family, for those who may see what is in it."""
    cycle = found(cycle_by_id(cycle_id))
    family_id = db.session.scalars(
        select(Programme.family_id).where(Programme.id == cycle.programme_id)
    ).one()
    return cycle, readable(found(family_by_id(current_user, family_id)))


def readable(family: Family) -> Family:
    """Whoever may see the family but not this is sent to its page, and told whose it is."""
    if may_read_goals(current_user, family):
        return family
    if request.method != "GET":
        raise NotFound
    whose = family.practitioner.name if family.practitioner else "the family’s practitioner"
    flash(f"Goals and clips are for {whose} and managers.", "error")
    raise HTTPException(response=redirect(home_of(family)))


def last_programme(family: Family) -> Programme:
    """The running programme of a family, else its last one, or a 404."""
    last: Programme = found(next(iter(programmes_of(family.id)), None))
    return last
