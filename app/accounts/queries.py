"""Reading staff: who sees whom, the team, somebody by name or number, what messaging may know."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from app.access import MANAGER, User
from app.accounts.models import Staff
from app.db import db, once_a_page, plain_rows
from app.messaging.registry import Recipient

SORTS = {
    "name": Staff.name,
    "role": Staff.role,
    "level": Staff.vig_level,
    "base": Staff.base_postcode,
    "left": Staff.left_at,
}


def visible_to(user: User) -> Select[Staff]:
    """Staff see the name and role of everybody who works here; managers also those who left."""
    staff = select(Staff)
    return staff if user.role == MANAGER else staff.where(Staff.left_at.is_(None))


def listed(
    user: User, *, words: str = "", sort: str = "name", left: bool = False
) -> Sequence[Staff]:
    """The list of staff: those who work here or those who left, by a part of name or e-mail."""
    found = visible_to(user).where(Staff.left_at.is_not(None) if left else Staff.left_at.is_(None))
    if words:
        found = found.where(
            or_(
                Staff.name.icontains(words, autoescape=True),
                Staff.email.icontains(words, autoescape=True),
            )
        )
    column = SORTS.get(sort.removeprefix("-"), Staff.name)
    order = column.desc() if sort.startswith("-") else column.asc()
    return db.session.scalars(found.order_by(order, Staff.name, Staff.id)).all()


def one(user: User, staff_id: int) -> Staff | None:
    """The person of this number, where this user may see them."""
    return db.session.scalars(visible_to(user).where(Staff.id == staff_id)).first()


class Named(NamedTuple):
    """A member of staff to choose: number and name."""

    id: int
    name: str


def team() -> list[Named]:
    """Everybody who takes visits, by name."""
    rows = (
        select(Staff.id, Staff.name)
        .where(Staff.left_at.is_(None), Staff.takes_visits)
        .order_by(Staff.name, Staff.id)
    )
    return [Named(*row) for row in plain_rows(rows)]


def working_here() -> Sequence[Staff]:
    """Everybody who has not left, by name."""
    return db.session.scalars(
        select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.name)
    ).all()


def managers() -> Sequence[Staff]:
    """The active managers, by name."""
    return [person for person in working_here() if person.role == MANAGER]


@once_a_page
def names() -> dict[int, str]:
    """Everybody's name by number, those who left too: histories speak of them."""
    return {staff_id: name for staff_id, name in db.session.execute(select(Staff.id, Staff.name))}


def who(actor: str) -> str:
    """An audit entry's actor in words: the name of a member of staff, or the job's own."""
    kind, _, number = actor.partition(":")
    person = db.session.get(Staff, int(number)) if kind == "staff" and number.isdigit() else None
    return person.name if person else actor


def staff_named(name: str) -> Staff | None:
    """Whose name this is, as people write it: the whole name, or a first name that only one has.

    Those who work here come before those who left.
    """
    wanted = " ".join(name.split()).lower()
    if not wanted:
        return None
    for works_here in (True, False):
        present = Staff.left_at.is_(None) if works_here else Staff.left_at.is_not(None)
        people = db.session.scalars(select(Staff).where(present).order_by(Staff.id)).all()
        same = [person for person in people if person.name.lower() == wanted]
        first = [person for person in people if person.first_name.lower() == wanted]
        if same or len(first) == 1:
            return (same or first)[0]
    return None


def staff_recipient(staff_id: int) -> Recipient | None:
    """A member of staff as messaging knows them: they may be texted wherever they have a mobile."""
    person = db.session.get(Staff, staff_id)
    if person is None:
        return None
    gone = None if person.active else f"{person.name} has left."
    no_mobile = None if person.mobile else f"{person.name} has no mobile number on record."
    return Recipient(
        kind="staff",
        id=person.id,
        name=person.name,
        number=person.mobile,
        email=person.email,
        refusal=gone or no_mobile,
        email_refusal=gone,
        wording="full",
        link_ok=True,
        safe_times=None,
    )


def owners(number: str) -> list[tuple[str, int, str, int | None]]:
    """The staff whose mobile this is, for finding out who texted."""
    return [
        ("staff", staff_id, name, None)
        for staff_id, name in db.session.execute(
            select(Staff.id, Staff.name).where(Staff.mobile == number, Staff.left_at.is_(None))
        )
    ]
