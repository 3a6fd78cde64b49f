"""A new family with its first carer, and its reference."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Unpack

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.audit.record import record
from app.db import db, lock, refusal
from app.families.carers import new_carer
from app.families.children import new_child
from app.families.home import new_home
from app.families.models import Family
from app.families.particulars import (
    CarerParticulars,
    ChildParticulars,
    FamilyParticulars,
    fitting_family,
)

FIRST_REFERENCE = 1000
REFERENCE_LOCK = (1010, 0)  # on PostgreSQL one family at a time takes the next number


def add_family(
    *,
    carer: CarerParticulars,
    by: Any,
    at: datetime,
    how: str = "enquiry",
    carers: Sequence[CarerParticulars] = (),
    children: Sequence[ChildParticulars] = (),
    address: str | None = None,
    postcode: str | None = None,
    reference: str | None = None,
    came_on: date | None = None,
    **particulars: Unpack[FamilyParticulars],
) -> Family:
    """A family with its first carer (and more), children, and a home where an address or postcode
    is known.

    Takes the next free reference, F1000 and up, unless one is given (an import). Nothing about
    texting is assumed: without a clear answer it is 'not asked'. The new home is not assessed.
    """
    family = Family(
        came_on=came_on or clock.london(at).date(), created_at=at, **fitting_family(particulars)
    )
    number_family(family, reference)
    for position, person in enumerate((carer, *carers), start=1):
        db.session.add(new_carer(family, person, position=position, by=by, at=at))
    for child in children:
        db.session.add(new_child(family, child, at=at))
    if address or postcode:
        home = new_home(family, address, postcode, at=at)
        home.import_id, family.home_id = family.import_id, home.id
    record("family:added", family, by=by, at=at, family_id=family.id, how=how)
    return family


def number_family(family: Family, reference: str | None) -> None:
    """Store the family under its reference. Two at once never share one: the index refuses, and
    the second takes the next; a reference that was given and is taken raises DomainError."""
    for again in (True, False):
        if reference is None:
            lock([REFERENCE_LOCK])
        family.reference = reference or next_reference()
        try:
            with db.session.begin_nested():
                db.session.add(family)
                db.session.flush()
            return
        except IntegrityError as error:
            if reference is not None or not again:
                raise refusal(error) from error


def next_reference() -> str:
    """One above the highest F number; digits only, so that no O or I can be misread."""
    longest_first = select(Family.reference).where(Family.reference.startswith("F"))
    for reference in db.session.scalars(
        longest_first.order_by(func.length(Family.reference).desc(), Family.reference.desc())
    ):
        if match := re.fullmatch(r"F([1-9]\d{3,8})", reference):
            return f"F{int(match[1]) + 1}"
    return f"F{FIRST_REFERENCE}"
