"""Carers as messaging knows them: who they are, whether they may be texted, whose number one is."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from app.access import User
from app.db import db
from app.families.contact import email_refusal, text_refusal, told_by_email
from app.families.languages import Spoken
from app.families.listing import LEAST_DIGITS
from app.families.models import Carer, Family
from app.families.names import folded, full
from app.families.queries import carers_with_number, families_with_numbers, may_see
from app.messaging.outbox import texted_among, was_texted
from app.messaging.registry import Recipient
from app.phones import search_key


def carer_recipient(carer_id: int) -> Recipient | None:
    """The carer as they are now; one who turned out to be another row's person is that person."""
    carer = with_family(carer_id)
    while carer is not None and carer.same_as_id:
        carer = with_family(carer.same_as_id)
    if carer is None:
        return None
    family = db.session.get(Family, carer.family_id)  # in the session: read with the carer
    assert family is not None
    introduced = bool(carer.mobile and was_texted(carer.mobile))
    return as_recipient(carer, spoken_in(family), is_on_another_family(carer), introduced)


def carer_recipients(carers: Iterable[Carer]) -> dict[int, Recipient]:
    """The same for several carers by their number, in three statements."""
    found: dict[int, Recipient] = {}
    known = list(carers)
    numbers = {carer.mobile for carer in known if carer.mobile}
    shared = families_with_numbers(numbers)
    texted = texted_among(numbers)
    families = select(Family).where(Family.id.in_({carer.family_id for carer in known}))
    spoken = {family.id: spoken_in(family) for family in db.session.scalars(families)}
    for carer in known:
        if carer.same_as_id:
            if other := carer_recipient(carer.id):
                found[carer.id] = other
            continue
        elsewhere = bool(carer.mobile and shared[carer.mobile] - {carer.family_id})
        found[carer.id] = as_recipient(
            carer, spoken[carer.family_id], elsewhere, carer.mobile in texted
        )
    return found


def with_family(carer_id: int) -> Carer | None:
    """A carer, with their family in the session too: one statement, or none if both are there."""
    return db.session.get(Carer, carer_id, options=[joinedload(Carer.family)])


def spoken_in(family: Family) -> Spoken:
    return Spoken(family.language, family.other_languages, family.interpreter)


def as_recipient(
    carer: Carer, spoken: Spoken, on_another_family: bool, introduced: bool
) -> Recipient:
    return Recipient(
        kind="carer",
        id=carer.id,
        name=carer.name,
        number=carer.mobile,
        email=carer.email,
        refusal=text_refusal(carer, on_another_family=on_another_family),
        email_refusal=email_refusal(carer),
        by_email=told_by_email(carer, on_another_family=on_another_family),
        wording=carer.wording,
        link_ok=carer.link_ok,
        safe_times=carer.safe_times,
        family_id=carer.family_id,
        introduced=introduced,
        language=spoken.texts_in,
        reads_english=spoken.reads_english,
    )


def is_on_another_family(carer: Carer) -> bool:
    """Whether another family has this carer's mobile too."""
    return bool(carer.mobile and carers_with_number(carer.mobile, not_of=carer.family_id))


def owners(number: str) -> list[tuple[str, int, str, int | None]]:
    """Every present carer whose number this is: ('carer', id, name, family's id)."""
    return [("carer", c.id, c.name, c.family_id) for c in carers_with_number(number)]


def carer_visible(carer_id: int, user: User) -> bool:
    """Whether this member of staff may read the texts with this carer."""
    return (
        db.session.scalar(
            select(Family.id)
            .join(Carer, Carer.family_id == Family.id)
            .where(Carer.id == carer_id, may_see(user), Family.merged_into_id.is_(None))
        )
        is not None
    )


def readable_carers(ids: Collection[int], user: User) -> dict[int, str]:
    """The names of those carers whose texts this member of staff may read: one statement."""
    rows = db.session.execute(
        select(Carer.id, Carer.first_name, Carer.surname)
        .join(Family, Family.id == Carer.family_id)
        .where(Carer.id.in_(ids), may_see(user), Family.merged_into_id.is_(None))
    )
    return {carer_id: full(first, surname) for carer_id, first, surname in rows}


def carers_named(words: str) -> Sequence[int]:
    """The ids of the carers whose name or number holds what was typed."""
    names, digits = folded(words).split(), search_key(words)
    ways = [and_(*(Carer.search_name.contains(n, autoescape=True) for n in names))] if names else []
    if len(digits) >= LEAST_DIGITS:
        ways.append(Carer.mobile.contains(digits, autoescape=True))
    return db.session.scalars(select(Carer.id).where(or_(*ways))).all() if ways else []
