"""Search by name, reference or phone from every page: families, and peer parents for those who
match.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import selectinload

from app.access import PRACTITIONER, User
from app.db import db
from app.families.listing import matching
from app.families.models import Family
from app.families.queries import visible_to
from app.registry import Registry

MOST = 25


@dataclass(frozen=True)
class Hit:
    """Something found: what it is, its name, a second line, and where it opens."""

    kind: str
    name: str
    more: str
    href: str


# What else can be found, filled by wiring: (user, words) -> hits.
places_to_look: Registry[Callable[[User, str], Sequence[Hit]]] = Registry("desk.search")


def search(user: User, words: str) -> list[Hit]:
    """What the words find among what this user may see, at most `MOST` of each kind."""
    hits = families(user, words)
    if user.role != PRACTITIONER:
        for look in places_to_look.values():
            hits += look(user, words)
    return hits


def families(user: User, words: str) -> list[Hit]:
    where = matching(words)
    if where is None:
        return []
    found = db.session.scalars(
        visible_to(user).where(where).options(selectinload(Family.carers)).limit(MOST)
    )
    return [
        Hit(
            "Family",
            family.name,
            family.reference,
            url_for("desk.family", reference=family.reference),
        )
        for family in found
    ]
