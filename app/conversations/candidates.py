"""The rows that matching needs, as matching's own values, read in a fixed number of statements.

Columns are read as they are stored (lists and times as text), because 1,500 rows as objects would
take longer than the ranking. The values hold no name, address or phone.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Text, bindparam, cast, select

from app import clock
from app.conversations.loads import loads
from app.conversations.models import Conversation, Offer
from app.db import db, plain_rows
from app.enquiries.models import Choice
from app.enquiries.queries import in_order
from app.families import models as families
from app.matching import near
from app.matching.people import BOOKED, NO_INTERPRETER, POSSIBLE, Family, Peer, codes
from app.matching.ranking import Ranking, rank
from app.matching.times import FreeTimes, free_times
from app.peers import models as peers
from app.peers.hooks import Load
from app.places.models import Place
from app.places.travel import minutes_between, outcode_of, spot_for
from app.scheduling.models import Interpreter
from app.settings.rules import Rules
from app.settings.store import current

ABOUT_TALKING = ("wants_to_talk", "not_now", "no", "withdrew")
SAID_NO = ("declined", "expired")
NO_LOAD = Load()

FAMILY = (
    select(
        families.Family.id, families.Family.language, families.Family.other_languages,
        families.Family.interpreter, families.Family.circumstances, families.Family.may_be_told,
        families.Family.ways_to_talk, families.Family.free_times, families.Family.school,
        families.Family.near_is_fine, families.Family.gender_wish, families.Family.not_outcodes,
        Place.postcode.label("home_postcode"),
    )
    .outerjoin(Place, Place.id == families.Family.home_id)
    .where(families.Family.id == bindparam("family_id"))
)  # fmt: skip
FIRST_CARER = (
    select(families.Carer.carer_type, families.Carer.gender)
    .where(families.Carer.family_id == bindparam("family_id"), families.Carer.left_on.is_(None))
    .order_by(families.Carer.position)
    .limit(1)
)
CHILDREN = (
    select(families.Child.born_on, families.Child.expected_on, families.Child.school)
    .where(families.Child.family_id == bindparam("family_id"), families.Child.left_on.is_(None))
    .order_by(families.Child.id)
)
SAID_LAST = (
    in_order()
    .where(Choice.family_id == bindparam("family_id"), Choice.step.in_(ABOUT_TALKING))
    .with_only_columns(Choice.step)
    .limit(1)
)
ASKED_BEFORE = (
    select(Offer.peer_id)
    .where(Offer.family_id == bindparam("family_id"), Offer.state.in_(SAID_NO))
    .union(
        select(Conversation.peer_id).where(
            Conversation.family_id == bindparam("family_id"),
            Conversation.dropped_out_at.is_not(None),
        )
    )
)
EXCLUSIONS = select(peers.Exclusion.family_id, peers.Exclusion.peer_id).where(
    peers.Exclusion.family_id == bindparam("family_id")
)


def ranking_for(family_id: int, *, at: datetime, interpreter_comes: bool = False) -> Ranking:
    """Who could talk to this family now, read afresh."""
    row = family_row(family_id)
    rules = current()
    family = family_values(row, at, interpreter_comes=interpreter_comes)
    candidates = matching_values(at)
    return rank(
        family, candidates, exclusions_of(family_id), rules, at=at,
        minutes_to=minutes_to(row, candidates, rules),
    )  # fmt: skip


def family_row(family_id: int) -> Any:
    """What matching reads of the family itself, with its home's postcode, as it is stored now."""
    (row,) = plain_rows(FAMILY, family_id=family_id)
    return row


def family_values(row: Any, at: datetime, *, interpreter_comes: bool = False) -> Family:
    """A family as matching knows it, with who belongs to it now; `row` is from `family_row`.

    `interpreter_comes`: somebody decided that an interpreter will be there.
    """
    carer = next(iter(plain_rows(FIRST_CARER, family_id=row.id)), None)
    children = plain_rows(CHILDREN, family_id=row.id)
    today = clock.london(at).date()
    spoken = {row.language, *row.other_languages}
    return Family(
        id=row.id,
        wants_to_talk=wants_to_talk(row.id),
        carer_type=carer.carer_type if carer else None,
        carer_gender=carer.gender if carer else None,
        child_months=tuple(
            months_old(born, today)
            for child in children
            if (born := child.born_on or child.expected_on)
        ),
        circumstances=frozenset(row.circumstances),
        may_be_told=frozenset(row.may_be_told),
        languages=frozenset(spoken),
        interpreter=BOOKED if interpreter_comes else interpreter_state(row),
        ways=frozenset(row.ways_to_talk),
        free=FreeTimes.of(row.free_times),
        sector=near.sector(row.home_postcode),
        schools=near.schools(row.school, *(child.school for child in children)),
        near_is_fine=row.near_is_fine,
        gender_wish=row.gender_wish,
        not_from=frozenset(row.not_outcodes),
        declined_by=asked_before(row.id),
    )


def wants_to_talk(family_id: int) -> bool:
    """Whether the family asked to talk to a parent and has not said no, not now or stop since."""
    rows = plain_rows(SAID_LAST, family_id=family_id)
    return bool(rows) and rows[0].step == "wants_to_talk"


def months_old(born: date, today: date) -> int:
    """Completed months; negative before birth."""
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


def interpreter_state(row: Any) -> str:
    """'possible' where the family needs an interpreter and one who speaks the language is known."""
    if row.interpreter is None:
        return NO_INTERPRETER
    return POSSIBLE if interpreters_for(row.interpreter) else NO_INTERPRETER


def interpreters_for(language: str) -> list[Interpreter]:
    """Who could interpret from this language."""
    rows = db.session.scalars(
        select(Interpreter).where(Interpreter.left_at.is_(None)).order_by(Interpreter.name)
    )
    return [row for row in rows if language in row.languages]


def asked_before(family_id: int) -> frozenset[int]:
    """The peers who said no about this family, did not answer, or could not come in the end."""
    return frozenset(peer_id for (peer_id,) in plain_rows(ASKED_BEFORE, family_id=family_id))


def exclusions_of(family_id: int) -> frozenset[tuple[int, int]]:
    rows = plain_rows(EXCLUSIONS, family_id=family_id)
    return frozenset((family, peer) for family, peer in rows)


def columns() -> list[Any]:
    peer = peers.Peer
    stored = [
        cast(column, Text)
        for column in (
            peer.circumstances, peer.may_be_told, peer.languages, peer.ways_to_talk,
            peer.limits, peer.free_times,
        )
    ]  # fmt: skip
    return [
        peer.id, peer.status, peer.break_until, peer.trained_on, peer.training_until,
        peer.checks_until, peer.vig_completed_on, peer.family_id, peer.carer_type, peer.gender,
        peer.child_age_then, *stored, peer.postcode, peer.school, peer.near_is_fine,
        peer.monthly_limit,
    ]  # fmt: skip


def matching_values(at: datetime, peer_id: int | None = None) -> list[Peer]:
    """Every peer parent who has not left (or one), as matching's values: three statements."""
    if peer_id is None:
        rows = plain_rows(peer_rows(everybody=True))
    else:
        rows = plain_rows(peer_rows(everybody=False), id=peer_id)
    busy = loads(None if peer_id is None else [peer_id], at)
    return [
        Peer._make((  # 1,500 of them: two thirds of the time of a call with each part
            number, status, break_until, trained_on, training_until, checks_until, completed,
            family_id, carer_type, gender, months_then, codes(circumstances), codes(told),
            codes(languages), codes(ways), codes(limits), free_times(free), near.sector(postcode),
            near.schools(school), near_is_fine, monthly_limit, *busy.get(number, NO_LOAD),
        ))
        for number, status, break_until, trained_on, training_until, checks_until, completed,
            family_id, carer_type, gender, months_then, circumstances, told, languages, ways,
            limits, free, postcode, school, near_is_fine, monthly_limit in rows
    ]  # fmt: skip


@cache
def peer_rows(*, everybody: bool) -> Executable:
    rows = select(*columns())
    if everybody:
        return rows.where(peers.Peer.status != "left")
    return rows.where(peers.Peer.id == bindparam("id"))


def minutes_to(row: Any, candidates: list[Peer], rules: Rules) -> Mapping[str, int]:
    """The drive from the family's home to each district of a peer; empty unless they may meet."""
    if "in_person" not in row.ways_to_talk or row.home_postcode is None:
        return {}
    home = spot_for(row.home_postcode)
    found = {}
    for code in {near.outcode(peer.sector) for peer in candidates}:
        if code and outcode_of(code):
            drive = minutes_between(home, spot_for(code), rules)
            if drive.known:
                found[code] = drive.minutes
    return found
