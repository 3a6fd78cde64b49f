"""Reads of enquiries, referrals and the choice log."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access import ARRANGERS, User
from app.db import db
from app.enquiries.models import Choice, Referral
from app.enquiries.steps import ABOUT_THE_YES
from app.families.models import Family
from app.families.names import folded
from app.families.queries import may_see
from app.paging import Asked, Part, slice_of

MOST_LISTED = 2000

T = TypeVar("T")


def in_order() -> Select[Choice]:
    """The choice log, the last thing said first: by the day it was said, then as recorded."""
    return select(Choice).order_by(Choice.on.desc(), Choice.id.desc())


def latest_choice(family_id: int) -> Choice | None:
    """The last thing this family said, or None where nothing is on record."""
    return db.session.scalars(in_order().where(Choice.family_id == family_id).limit(1)).first()


def choices_of(family_id: int) -> Sequence[Choice]:
    """Everything this family said, newest first."""
    return db.session.scalars(in_order().where(Choice.family_id == family_id)).all()


def has_said_yes(family_id: int) -> bool:
    """Whether the family's own yes stands: said, and nothing that undoes it said since.

    Thinking again, not now, no and stopping undo it; wanting another conversation does not.
    """
    said = in_order().where(Choice.family_id == family_id, Choice.step.in_(ABOUT_THE_YES)).limit(1)
    latest = db.session.scalars(said).first()
    return latest is not None and latest.step == "yes"


def latest_choices(family_ids: Collection[int] | None = None) -> Select[Choice]:
    """The last thing each family said (of these, or of all): a row for each that said anything."""
    rank = func.row_number().over(
        partition_by=Choice.family_id, order_by=(Choice.on.desc(), Choice.id.desc())
    )
    all_said = select(Choice, rank.label("rank"))
    if family_ids is not None:
        all_said = all_said.where(Choice.family_id.in_(family_ids))
    ranked = all_said.subquery()
    return select(aliased(Choice, ranked)).where(ranked.c.rank == 1)


def last_said(column: InstrumentedAttribute[T], *steps: str) -> ScalarSelect[T]:
    """A column of the last thing a family said (of these steps): for statements about families."""
    rows = in_order().where(Choice.family_id == Family.id)
    if steps:
        rows = rows.where(Choice.step.in_(steps))
    return rows.with_only_columns(column).limit(1).correlate(Family).scalar_subquery()


def latest_by_family(family_ids: Collection[int]) -> Mapping[int, Choice]:
    """The last thing each of these families said, in one statement."""
    return {choice.family_id: choice for choice in db.session.scalars(latest_choices(family_ids))}


def may_see_referral(user: User) -> ColumnElement[bool]:
    """Those who arrange see referrals of nobody yet, and of the families that they may see."""
    if user.role not in ARRANGERS:
        return false()
    seen = select(Family.id).where(may_see(user))
    return or_(Referral.family_id.is_(None), Referral.family_id.in_(seen))


def referral_by_id(user: User, referral_id: int) -> Referral | None:
    return db.session.scalars(
        select(Referral).where(Referral.id == referral_id, may_see_referral(user))
    ).one_or_none()


def list_referrals(user: User, state: str, asked: Asked) -> Part[Referral]:
    """A page of the referrals in a state: new ones oldest first (they wait), settled ones newest
    first, unless sorted. Found by the family's or the referrer's name, team or reference, accents
    and case ignored.
    """
    rows = select(Referral).where(Referral.state == state, may_see_referral(user))
    oldest_first = state == "new"
    order = Referral.id if oldest_first else Referral.id.desc()
    found = db.session.scalars(rows.order_by(order).limit(MOST_LISTED)).all()
    wanted = folded(asked.words).split()
    kept = [row for row in found if all(word in said_in(row) for word in wanted)]
    if key := SORTS.get(asked.sort.removeprefix("-")):
        kept.sort(key=key, reverse=asked.sort.startswith("-"))
    return slice_of(kept, asked.page)


def said_in(row: Referral) -> str:
    names = (carer_name(row), row.referrer_name, row.referrer_team or "", row.reference)
    return folded(" ".join(names))


def carer_name(row: Referral) -> str:
    return f"{row.answers.get('first_name') or ''} {row.answers.get('surname') or ''}".strip()


SORTS: Mapping[str, Callable[[Referral], Any]] = {
    "carer": lambda row: folded(carer_name(row)),
    "referrer": lambda row: folded(row.referrer_name),
    "since": lambda row: row.received_at,
}


def referral_counts(user: User) -> Mapping[str, int]:
    """How many referrals stand in each state."""
    rows = db.session.execute(
        select(Referral.state, func.count()).where(may_see_referral(user)).group_by(Referral.state)
    )
    return {state: number for state, number in rows}
