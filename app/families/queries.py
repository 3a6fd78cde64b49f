"""Reads of families: who may see which, one by its reference, and everybody's eager loads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, ScalarSelect, Select, bindparam, false, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption
from sqlalchemy.sql.elements import ColumnElement

from app.access import COORDINATOR, MANAGER, PRACTITIONER, User
from app.accounts.models import Staff
from app.db import db
from app.families.models import Carer, Child, Family, FamilyNote

READER = bindparam("reader", type_=Integer())
LONGEST_CHAIN = 10  # of families merged into one another, before a reference is given up


@dataclass
class Reader:
    """Whoever has a role, for statements that are built once for each role; whose families are
    asked for comes in with the statement, as `reader`.
    """

    role: str
    id: Any = READER
    name: str = ""
    is_authenticated: bool = True


def may_see(user: User) -> ColumnElement[bool]:
    """Managers see all families, coordinators not those closed to who matches, practitioners
    their own.
    """
    if user.role == MANAGER:
        return Family.id.is_not(None)
    if user.role == COORDINATOR:
        return Family.closed_to_matchers.is_(False)
    if user.role == PRACTITIONER:
        return Family.practitioner_id == user.id
    return false()


def visible_to(user: User) -> Select[Family]:
    """The families this member of staff may see; those merged into another are not among them."""
    return select(Family).where(Family.merged_into_id.is_(None), may_see(user))


def first_carer() -> ScalarSelect[int]:
    """The id of the carer by whose name a family is called, as `Family.name` has it: for joining
    to statements about families.
    """
    return (
        select(Carer.id)
        .where(Carer.family_id == Family.id)
        .order_by(Carer.left_on.is_not(None), Carer.position)
        .limit(1)
        .correlate(Family)
        .scalar_subquery()
    )


def with_people() -> Sequence[LoaderOption]:
    """Carers, children, home, preferred place and practitioner, for one family or for a page of
    them.
    """
    return (
        selectinload(Family.carers),
        selectinload(Family.children),
        joinedload(Family.home),
        joinedload(Family.preferred_place),
        joinedload(Family.practitioner),
    )


def family_by_reference(user: User, reference: str) -> Family | None:
    """The family of a reference with its people, or None where there is none that this user may
    see.

    A merged one leads to the family it became: the page then redirects, because the reference
    differs. Only the family at the end decides whether it may be seen.
    """
    where = Family.reference == reference.strip().upper()[:12]
    if family := family_where(user, where):
        return family
    for _ in range(LONGEST_CHAIN):
        became = db.session.scalar(select(Family.merged_into_id).where(where))
        if became is None:
            return None
        where = Family.id == became
        if family := family_where(user, where):
            return family
    return None


def family_by_id(user: User, family_id: int) -> Family | None:
    return family_where(user, Family.id == family_id)


def family_where(user: User, where: ColumnElement[bool]) -> Family | None:
    """The one family that this user may see, with its people, in one statement."""
    return (
        db.session.scalars(
            visible_to(user)
            .where(where)
            .options(
                joinedload(Family.carers),
                joinedload(Family.children),
                joinedload(Family.home),
                joinedload(Family.preferred_place),
                joinedload(Family.practitioner),
            )
            .execution_options(populate_existing=True)
        )
        .unique()
        .one_or_none()
    )


def carer_of(family: Family, carer_id: int) -> Carer | None:
    """A carer of this family, present or not; another family's is None."""
    return next((c for c in family.carers if c.id == carer_id and not c.same_as_id), None)


def child_of(family: Family, child_id: int) -> Child | None:
    return next((child for child in family.children if child.id == child_id), None)


def notes_of(family_id: int) -> Sequence[FamilyNote]:
    """A family's notes, newest first."""
    return db.session.scalars(
        select(FamilyNote).where(FamilyNote.family_id == family_id).order_by(FamilyNote.id.desc())
    ).all()


def carers_with_number(number: str, *, not_of: int | None = None) -> Sequence[Carer]:
    """Present carers whose mobile or landline this is, of families that stand."""
    theirs = (
        select(Carer)
        .join(Family, Family.id == Carer.family_id)
        .where(
            or_(Carer.mobile == number, Carer.landline == number),
            Carer.left_on.is_(None),
            Family.merged_into_id.is_(None),
        )
        .order_by(Carer.family_id, Carer.position)
    )
    if not_of is not None:
        theirs = theirs.where(Carer.family_id != not_of)
    return db.session.scalars(theirs).all()


def families_with_numbers(numbers: Collection[str]) -> dict[str, set[int]]:
    """For each of these numbers the families that stand and have it, as `carers_with_number`."""
    found: dict[str, set[int]] = {number: set() for number in numbers}
    rows = db.session.execute(
        select(Carer.mobile, Carer.landline, Carer.family_id)
        .join(Family, Family.id == Carer.family_id)
        .where(
            or_(Carer.mobile.in_(numbers), Carer.landline.in_(numbers)),
            Carer.left_on.is_(None),
            Family.merged_into_id.is_(None),
        )
    )
    for mobile, landline, family_id in rows:
        for number in (mobile, landline):
            if number in found:
                found[number].add(family_id)
    return found


def practitioners() -> Sequence[Staff]:
    """Who may be given families."""
    return db.session.scalars(
        select(Staff)
        .where(Staff.takes_visits, Staff.left_at.is_(None))
        .order_by(Staff.name, Staff.id)
    ).all()
