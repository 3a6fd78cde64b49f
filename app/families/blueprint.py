"""The blueprint that this package's pages hang from, and the family that a page is about."""

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user

from app import clock
from app.access import found
from app.audit.record import record
from app.db import write_in_get
from app.families.models import Carer, Child, Family
from app.families.queries import carer_of, child_of, family_by_reference

families = Blueprint("families", __name__, url_prefix="/families")


def this_family(reference: str) -> Family:
    """The family of an address, or the 404 that a missing one and another's share.

    A reference that was merged leads to the same page of the family it became.
    """
    family: Family = found(family_by_reference(current_user, reference))
    if family.reference != reference and request.endpoint:
        values = {**(request.view_args or {}), "reference": family.reference}
        abort(redirect(url_for(request.endpoint, **values)))
    return family


def opened(reference: str, screen: str) -> Family:
    """The same for a page that shows what is private: that it was read is written first."""
    family = this_family(reference)
    if request.method != "GET":
        return family

    def note() -> None:
        at = clock.now()
        record("family:read", family, by=current_user, at=at, family_id=family.id, screen=screen)

    write_in_get(note)
    return this_family(reference)


def this_carer(family: Family, carer_id: int) -> Carer:
    carer: Carer = found(carer_of(family, carer_id))
    return carer


def this_child(family: Family, child_id: int) -> Child:
    child: Child = found(child_of(family, child_id))
    return child


def home_of(family: Family) -> str:
    """The address of the family's own page."""
    return url_for("desk.family", reference=family.reference)
