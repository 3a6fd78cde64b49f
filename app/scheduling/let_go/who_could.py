"""Which of the families that wait for a practitioner could have a time that was let go.

Each is asked for as it would be booked: where the family usually meets, or as what fell through
was booked. The tables are read in the same number of statements whatever the number of families;
the rules are the finder's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from app import clock
from app.db import plain_rows
from app.families.models import Family
from app.places.models import TRAVELLED_TO
from app.places.travel import Overrides
from app.risk.duty import hours_of_cover
from app.risk.levels import NOT_ASSESSED, current_assessments
from app.scheduling.booking_form import ELSEWHERE, HOME
from app.scheduling.conditions import earliest_start
from app.scheduling.facts import Ask, others_from, wanted_from
from app.scheduling.holdings import Held, read_held, read_workers, stop_rows, team_rows
from app.scheduling.let_go.offering import Candidate, rank
from app.scheduling.models import FAMILY, INTERPRETER, PLACE, ROOM, Appointment, Interpreter, LetGo
from app.scheduling.reasons import took_away
from app.scheduling.records import PlaceRow, read_places_among
from app.scheduling.search import PAIR
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Wanted, Worker
from app.settings.rules import Rules, default_minutes
from app.windows import Span, Windows, instant
from app.working_days import bank_holidays

CONVERSATION = "conversation"  # booked elsewhere: a peer parent has to be free too
NOTICE = frozenset({"notice"})


class Waits(NamedTuple):
    """What a family waits for: a kind (or a pair) in a cycle, or something to be booked again."""

    family_id: int
    since: datetime
    due_at: datetime | None
    kind: str = PAIR
    cycle_id: int | None = None
    again_id: int | None = None


@dataclass(frozen=True)
class Ranked:
    """One family with its place in the order, and its booking as an address carries it: with no
    `query` something must be chosen first."""

    candidate: Candidate
    kind: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One family's appointment as it would be booked; `place` None by phone, video, or where
    somebody has to choose it (`where` is empty then). `minutes` are `doubled` where somebody
    interprets, also if it is still to be chosen who."""

    waits: Waits
    family: Any
    kind: str
    minutes: int
    where: str
    place: PlaceRow | None
    how: str = "in_person"
    two_workers: bool = False
    interpreter: Any = None
    doubled: bool = False


class Around(NamedTuple):
    """What every family's rules stand on: read once."""

    day: date
    held: Held
    drives: Overrides
    levels: Mapping[int, str]
    cover: tuple[Span, ...]


def who_could_have(
    let_go: LetGo, waiting: Sequence[Waits], rules: Rules, *, at: datetime
) -> list[Ranked]:
    """The families that wait, those who could have the time first."""
    asked = read_asked(waiting, rules)
    if not asked:
        return []
    day = clock.london(let_go.starts_at).date()
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    span = (instant(first, 0), instant(last, 1440))
    team = team_rows([let_go.staff_id], anybody=True)
    workers = read_workers(team, span, stop_rows([one.id for one in team], span, ()))
    lead = workers.get(let_go.staff_id)
    if lead is None:
        return []
    held, drives = read_held(span, subjects_of(asked), ())
    homes = [one.place.id for one in asked if one.place and one.place.kind == "home"]
    levels = {number: row.level for number, row in current_assessments(homes, on=day).items()}
    around = Around(day, held, drives, levels, hours_of_cover(first, last, rules))
    seconds = tuple(workers.values())
    found = {
        one.waits.family_id: (candidate_of(one, let_go, lead, seconds, around, rules, at), one)
        for one in asked
    }
    ranked = rank(candidate for candidate, _ in found.values())
    return [ranked_of(one, found[one.family_id][1], let_go) for one in ranked]


def subjects_of(asked: Iterable[Asked]) -> list[tuple[int, int]]:
    """Every family, interpreter, place and room among them, as (kind, id)."""
    subjects = {(FAMILY, one.family.id) for one in asked}
    for one in asked:
        if one.interpreter:
            subjects.add((INTERPRETER, one.interpreter.id))
        if one.place:
            subjects.add((PLACE, one.place.id))
            subjects |= {(ROOM, number) for number in one.place.room_ids}
    return sorted(subjects)


def read_asked(waiting: Sequence[Waits], rules: Rules) -> list[Asked]:
    """Each family's booking; of one that waits for several things, the first: three statements."""
    first: dict[int, Waits] = {}
    for one in waiting:
        first.setdefault(one.family_id, one)
    again = {row.id: row for row in read_again([w.again_id for w in first.values() if w.again_id])}
    families = {row.id: row for row in read_families(list(first))}
    ids = {row.place_id for row in again.values()}
    for family in families.values():
        ids |= {family.home_id, family.preferred_place_id}
    known = read_places_among((number for number in ids if number), venues=False)
    places = {place.id: place for place in known}
    made = [
        asked_for(one, families[one.family_id], again.get(one.again_id or 0), places, rules)
        for one in first.values()
        if one.family_id in families
    ]
    return [one for one in made if one.kind != CONVERSATION]


def read_again(ids: list[int]) -> Sequence[Any]:
    """What fell through, with its interpreter."""
    return plain_rows(
        select(
            Appointment.id, Appointment.kind, Appointment.how, Appointment.place_id,
            Appointment.second_id, Appointment.interpreter_id, Appointment.starts_at,
            Appointment.ends_at, Interpreter.name.label("interpreter"),
            Interpreter.free_times, Interpreter.left_at,
        )
        .outerjoin(Interpreter, Interpreter.id == Appointment.interpreter_id)
        .where(Appointment.id.in_(ids))
    )  # fmt: skip


def read_families(ids: list[int]) -> Sequence[Any]:
    """What is asked of each family, as plain rows."""
    return plain_rows(
        select(
            Family.id, Family.reference, Family.free_times, Family.carers_keep_apart,
            Family.home_id, Family.preferred_place_id, Family.where, Family.interpreter,
        ).where(Family.id.in_(ids))
    )  # fmt: skip


class Interprets(NamedTuple):
    id: int
    name: str
    free_times: Windows | None


def asked_for(
    waits: Waits, family: Any, again: Any, places: Mapping[int, PlaceRow], rules: Rules
) -> Asked:
    """As what fell through was booked, else the usual length at the usual place."""
    if again is not None:
        minutes = int((again.ends_at - again.starts_at).total_seconds() // 60)
        place = places.get(again.place_id)
        at_home = place is not None and place.id == family.home_id
        where = HOME if at_home else str(again.place_id or "")
        interpreter = None
        if again.interpreter_id and not again.left_at:
            interpreter = Interprets(again.interpreter_id, again.interpreter, again.free_times)
        return Asked(
            waits, family, again.kind, minutes, where if again.how == "in_person" else again.how,
            place, again.how, again.second_id is not None, interpreter,
            doubled=again.interpreter_id is not None,
        )  # fmt: skip
    kind = "video_session" if waits.kind == PAIR else waits.kind
    doubled = bool(family.interpreter)
    minutes = default_minutes(kind, rules) * (2 if doubled else 1)
    preferred = places.get(family.preferred_place_id or 0)
    if preferred and preferred.kind in TRAVELLED_TO and not preferred.closed_at:
        return Asked(waits, family, kind, minutes, str(preferred.id), preferred, doubled=doubled)
    if family.home_id and family.where not in ELSEWHERE:
        home = places.get(family.home_id)
        return Asked(waits, family, kind, minutes, HOME, home, doubled=doubled)
    return Asked(waits, family, kind, minutes, "", None, doubled=doubled)


def candidate_of(
    one: Asked,
    let_go: LetGo,
    lead: Worker,
    seconds: tuple[Worker, ...],
    around: Around,
    rules: Rules,
    at: datetime,
) -> Candidate:
    """The best start in the time let go by the rules of the finder, or the rule that took most."""
    candidate = Candidate(one.family.id, one.waits.since, one.waits.due_at)
    if not one.where or (one.place is not None and one.place.closed_at):
        return candidate._replace(why_not="choose where to meet first")
    wanted = replace(
        wanted_of(one, around),
        not_before=let_go.starts_at,
        not_after=let_go.ends_at - timedelta(minutes=1),
    )
    found = find_slots(
        wanted, (lead,), rules, now=at, relax=NOTICE, seconds=seconds, overrides=around.drives,
        bank_holidays=bank_holidays(around.day, around.day),
    )  # fmt: skip
    if not found.slots:
        took = took_away(found, wanted, (lead,), rules)
        return candidate._replace(why_not=took[0].words if took else "no start is in this time")
    slot = found.slots[0]
    return candidate._replace(slot=slot, needs_reason=slot.starts_at < earliest_start(at, rules))


def wanted_of(one: Asked, around: Around) -> Wanted:
    """The appointment as the slot rules want it, on the day of the time let go."""
    place, held = one.place, around.held
    at_home = place is not None and place.kind == "home"
    level = around.levels.get(place.id, NOT_ASSESSED) if place and at_home else "standard"
    ask = Ask(
        kind=one.kind,
        family_id=one.family.id,
        minutes=one.minutes,
        staff_ids=(),
        how=one.how,
        two_workers=one.two_workers,
    )
    # Whom it would be with is not chosen yet, so it keeps away from all that they have.
    apart = held[FAMILY, one.family.id] if one.family.carers_keep_apart else ()
    return wanted_from(
        ask, (around.day, around.day), one.family, place, level, held, apart, around.cover,
        others_from(None, one.interpreter, held),
    )  # fmt: skip


def ranked_of(candidate: Candidate, one: Asked, let_go: LetGo) -> Ranked:
    """The address of the page of times with this one first, as a person goes on from there."""
    if candidate.slot is None:
        return Ranked(candidate, one.kind, {})
    start = clock.london(candidate.slot.starts_at)
    again = one.waits.again_id
    given = {
        "kind": one.kind if again else one.waits.kind,
        "minutes": str(one.minutes // (2 if one.doubled else 1)),
        "who": str(let_go.staff_id),
        "where": one.where,
        "second": "any" if one.two_workers else "",
        "interpreter": str(one.interpreter.id) if one.interpreter else "",
        "cycle": str(one.waits.cycle_id or ""),
        "again": str(again or ""),
        "start": start.strftime("%Y-%m-%dT%H:%M"),
        "relax": "notice" if candidate.needs_reason else "",
    }
    return Ranked(candidate, one.kind, {name: value for name, value in given.items() if value})
