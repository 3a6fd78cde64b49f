"""What the thread with a carer takes from their family: its page, words no text may say, the
record of who read it.
"""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.audit.record import record
from app.db import db, once_a_page
from app.families.models import Carer, Child, Family
from app.places.models import Place


def page_of(carer_id: int) -> tuple[str, str] | None:
    """The address of the family's page, and its reference as the page calls it."""
    family = family_of(carer_id)
    if family is None:
        return None
    return url_for("desk.family", reference=family.reference), f"Family {family.reference}"


def thread_of_all(carer_id: int) -> str | None:
    """The address of the thread of the whole family."""
    family = family_of(carer_id)
    return url_for("desk.family_texts_page", reference=family.reference) if family else None


def private_words(carer_id: int) -> list[str]:
    """What a text in neutral or strict wording never says: children, schools, where they live."""
    family = family_of(carer_id)
    if family is None:
        return []
    children = db.session.scalars(select(Child).where(Child.family_id == family.id)).all()
    words = [family.school, *(child.first_name for child in children)]
    words += [child.school for child in children]
    home = db.session.get(Place, family.home_id) if family.home_id else None
    if home is not None:
        words += [home.postcode, *(home.address or "").replace("\n", ",").split(",")]
    return [word.strip() for word in words if word and word.strip()]


def note_read(carer_id: int, user: Any, at: datetime) -> None:
    """Reading what a family wrote is reading its record."""
    family = family_of(carer_id)
    if family is not None:
        record("family:read", family, by=user, at=at, family_id=family.id, screen="texts")


@once_a_page
def family_of(carer_id: int) -> Family | None:
    return db.session.scalars(
        select(Family).join(Carer, Carer.family_id == Family.id).where(Carer.id == carer_id)
    ).first()
