"""Changing what is known of a family, and notes about it."""

from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import select

from app.accounts.models import Staff
from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.families.models import Carer, Family, FamilyNote
from app.families.particulars import FamilyParticulars, called, fitting_family


def change_family(
    family: Family,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
    **given: Unpack[FamilyParticulars],
) -> list[str]:
    """Change a family's wishes and circumstances; returns the names of what changed. Raises
    Stale.

    A practitioner who has left, or who makes no visits, cannot be given a family.
    """
    hold(family, expect_version, "This family")
    clean = fitting_family(given)
    changed = sorted(name for name, value in clean.items() if getattr(family, name) != value)
    if not changed:
        return []
    if "practitioner_id" in changed and clean["practitioner_id"] is not None:
        may_take_families(clean["practitioner_id"])
    if "carers_keep_apart" in changed and clean["carers_keep_apart"]:
        two_carers(family)
    for name in changed:
        setattr(family, name, clean[name])
    family.version += 1
    record("family:changed", family, by=by, at=at, family_id=family.id, fields=changed)
    return changed


def may_take_families(staff_id: int) -> None:
    staff = db.session.get(Staff, staff_id)
    if staff is None or not staff.active or not staff.takes_visits:
        raise DomainError("Choose a practitioner who makes visits.", "practitioner_id")


def keep_carers_apart(
    family: Family, apart: bool, *, by: Any, at: datetime, expect_version: int | None = None
) -> None:
    """Two carers of this family must not meet: their visits are kept apart, their details too."""
    change_family(family, by=by, at=at, expect_version=expect_version, carers_keep_apart=apart)


def two_carers(family: Family) -> None:
    present = db.session.scalars(
        select(Carer.id).where(Carer.family_id == family.id, Carer.left_on.is_(None)).limit(2)
    ).all()
    if len(present) < 2:
        raise DomainError("There is one carer. Add the other one first.", "carers_keep_apart")


def add_note(family: Family, words: str, *, by: Any, at: datetime) -> FamilyNote:
    """Something about the family that has no field of its own. Notes are never changed."""
    if not words.strip():
        raise DomainError("Write the note.", "words")
    note = FamilyNote(family_id=family.id, words=words.strip(), at=at, by=called(by))
    db.session.add(note)
    record("note:added", note, by=by, at=at, family_id=family.id)
    return note
