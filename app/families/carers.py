"""Carers: joining a family, what is known of them, leaving. How they are reached is
`change_contact.py`.
"""

from datetime import date, datetime
from typing import Any, Unpack

from sqlalchemy import func, select

from app import clock
from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.families.models import Carer, Family
from app.families.particulars import CarerParticulars, called, fitting_carer
from app.links.tokens import revoke_links

OWN = ("first_name", "surname", "carer_type", "gender")


def new_carer(
    family: Family, given: CarerParticulars, *, position: int, by: Any, at: datetime
) -> Carer:
    """A carer's row, not yet stored. A clear answer about texting is dated; nothing else is one."""
    clean = fitting_carer({"first_name": "", **given})
    carer = Carer(family_id=family.id, position=position, **clean)
    if clean.get("safe_to_text") in ("yes", "no"):
        carer.checked_on = clean.get("checked_on") or clock.london(at).date()
        carer.checked_by = clean.get("checked_by") or called(by)
    return carer


def add_carer(family: Family, *, by: Any, at: datetime, **given: Unpack[CarerParticulars]) -> Carer:
    """Another carer of the family, with contact answers of their own: none are copied from the
    first.
    """
    hold(family)
    last = db.session.scalar(select(func.max(Carer.position)).where(Carer.family_id == family.id))
    carer = new_carer(family, given, position=(last or 0) + 1, by=by, at=at)
    db.session.add(carer)
    record("carer:added", carer, by=by, at=at, family_id=family.id)
    return carer


def change_carer(
    carer: Carer,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
    **given: Unpack[CarerParticulars],
) -> list[str]:
    """Change name, type or gender; returns the names of what changed. Raises Stale."""
    hold(carer, expect_version, "This carer")
    clean = fitting_carer(given)
    if set(clean) - set(OWN):
        raise TypeError("how a carer is reached is changed by change_contact")
    changed = sorted(name for name, value in clean.items() if getattr(carer, name) != value)
    if changed:
        for name in changed:
            setattr(carer, name, clean[name])
        carer.version += 1
        record("carer:changed", carer, by=by, at=at, family_id=carer.family_id, fields=changed)
    return changed


def carer_leaves(
    carer: Carer, *, on: date, by: Any, at: datetime, expect_version: int | None = None
) -> None:
    """The carer is no longer of this family: no text, no link, no invitation from now on."""
    hold(carer, expect_version, "This carer")
    if carer.left_on:
        raise DomainError(f"{carer.first_name} has left the family already.")
    if on > clock.london(at).date():
        raise DomainError("Enter the day they left; it cannot lie ahead.", "left_on")
    carer.left_on = on
    carer.version += 1
    revoke_links(person=("carer", carer.id), at=at)
    record("carer:left", carer, by=by, at=at, family_id=carer.family_id)
