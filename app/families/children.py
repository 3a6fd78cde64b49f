"""Children of a family, born or expected."""

from datetime import datetime
from typing import Any, Unpack

from app import clock
from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.families.models import Child, Family
from app.families.particulars import ChildParticulars, fitting_child


def new_child(family: Family, given: ChildParticulars, *, at: datetime) -> Child:
    """A child's row, not yet stored."""
    return Child(family_id=family.id, **fitting_child(given, clock.london(at).date()))


def add_child(family: Family, *, by: Any, at: datetime, **given: Unpack[ChildParticulars]) -> Child:
    """A child with a name, a date of birth or the date it is expected: one of them at least."""
    child = new_child(family, given, at=at)
    something_known(child)
    db.session.add(child)
    record("child:added", child, by=by, at=at, family_id=family.id)
    return child


def change_child(
    child: Child,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
    **given: Unpack[ChildParticulars],
) -> list[str]:
    """Change what is known of a child; returns the names of what changed. Raises Stale."""
    hold(child, expect_version, "This child")
    clean = fitting_child(given, clock.london(at).date())
    changed = sorted(name for name, value in clean.items() if getattr(child, name) != value)
    if not changed:
        return []
    for name in changed:
        setattr(child, name, clean[name])
    something_known(child)
    child.version += 1
    record("child:changed", child, by=by, at=at, family_id=child.family_id, fields=changed)
    return changed


def something_known(child: Child) -> None:
    if not (child.first_name or child.born_on or child.expected_on):
        raise DomainError("Enter a first name, a date of birth or an expected date.", "first_name")
