"""What planning a broken day needs to know, read in a fixed number of statements whatever the
visits: everybody's days are read once, and each visit's own time is taken out of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, select

from app import clock
from app.accounts.models import Staff
from app.db import db, plain_rows
from app.errors import DomainError
from app.families.models import Family
from app.places.travel import NOWHERE, Overrides, estimates
from app.risk.duty import hours_of_cover
from app.risk.levels import NOT_ASSESSED, current_assessments
from app.risk.models import Assessment
from app.scheduling.conditions import Terms, last_day
from app.scheduling.facts import Ask, others_from, place_of, spot_of, wanted_from
from app.scheduling.holdings import Held, apart_from, read_held, read_workers, stop_rows, team_rows
from app.scheduling.models import LIVE, PLACE, ROOM, Appointment
from app.scheduling.records import FamilyRow, PlaceRow, read_places_among
from app.scheduling.replan.breaks import NO_END, PLACE_CLOSED, Broken
from app.scheduling.replan.cases import Case, Event, Taker, Wishes
from app.scheduling.replan.options import Team
from app.scheduling.reservations import subjects_of
from app.scheduling.wanted import Wanted
from app.settings.rules import Rules
from app.windows import Span, instant
from app.working_days import bank_holidays

AHEAD = timedelta(weeks=4)  # how far after the last old date a new one is looked for
VENUES_OFFERED = 3
OUT_OF_COURSE = ("conversation",)  # no part of the family's course of VIG


@dataclass(frozen=True)
class Facts:
    """The visits as planning sees them, who could go, and where to look."""

    cases: tuple[Case, ...]
    team: Team
    terms: Terms
    first: date
    last: date
    staff: Mapping[int, Staff]
    places: Mapping[int, PlaceRow]


@dataclass(frozen=True)
class Known:
    """What was read for all visits together."""

    places: Mapping[int, PlaceRow]
    looks: Mapping[int, Assessment]
    held: Held
    drives: Overrides
    course: Mapping[int, Sequence[Any]]
    cover: tuple[Span, ...]
    takers: Mapping[int, Taker]
    dates: tuple[date, date]
    rules: Rules


def read_cases(
    rows: Sequence[Appointment],
    broken: Broken,
    rules: Rules,
    *,
    at: datetime,
    moving: Collection[int] = (),
) -> Facts:
    """The facts about these visits from today to four weeks after the last of them. `moving` are
    others that cannot stay either: no visit is kept in order with their old times."""
    first = clock.london(at).date()
    after = max((clock.london(row.ends_at).date() for row in rows), default=first)
    after = max(after, min(clock.london(broken.until).date(), last_day(at, rules)))
    dates = first, min(after + AHEAD, max(last_day(at, rules), after))
    span = instant(dates[0], 0), instant(dates[1], 1440)
    own = {person for row in rows for person in (row.staff_id, row.second_id) if person}
    people = team_rows(own, anybody=True)
    ids = [person.id for person in people]
    staff = {row.id: row for row in db.session.scalars(select(Staff).where(Staff.id.in_(ids)))}
    workers = read_workers(people, span, stop_rows(ids, span, ()))
    used = {row.place_id for row in rows if row.place_id is not None}
    places = read_places_among(used, venues=broken.kind == PLACE_CLOSED)
    rooms = [(ROOM, number) for place in places for number in place.room_ids]
    subjects = {subject for row in rows for subject in subjects_of(row)}
    homes = [place.id for place in places if place.kind == "home"]
    closable = [(PLACE, place.id) for place in places]
    held, drives = read_held(span, [*sorted(subjects), *rooms, *closable], ())
    known = Known(
        places={place.id: place for place in places},
        looks=current_assessments(homes, on=first),
        held=held,
        drives=drives,
        course=read_course({row.family_id for row in rows}),
        cover=hours_of_cover(*dates, rules),
        takers={number: taker(person) for number, person in staff.items()},
        dates=dates,
        rules=rules,
    )
    moving = {*moving, *(row.id for row in rows)}
    return Facts(
        cases=tuple(case_of(row, broken, known, moving) for row in rows),
        team=Team(workers, known.takers),
        terms=Terms(rules, at, bank_holidays(*dates), overrides=drives),
        first=dates[0],
        last=dates[1],
        staff=staff,
        places=known.places,
    )


def taker(person: Staff) -> Taker:
    return Taker(person.first_name, person.gender, frozenset(person.languages or ()))


def read_course(family_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Each family's appointments that stand or took place: their order, and who has met it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in plain_rows(courses(), ids=list(family_ids)):
        found[row.family_id].append(row)
    return found


@cache
def courses() -> Executable:
    return select(
        Appointment.id, Appointment.family_id, Appointment.carer_id, Appointment.staff_id,
        Appointment.second_id, Appointment.kind, Appointment.status, Appointment.cycle_id,
        Appointment.starts_at, Appointment.ends_at,
    ).where(
        Appointment.family_id.in_(bindparam("ids", expanding=True)),
        Appointment.status.in_((*LIVE, "done")),
    )  # fmt: skip


def case_of(row: Appointment, broken: Broken, known: Known, moving: set[int]) -> Case:
    """One visit as planning sees it; where it may not be at its own place at all, spoiled without
    end."""
    course = [other for other in known.course[row.family_id] if other.id != row.id]
    wanted, usable = wanted_at(row, known, course, row.place_id)
    spoiled = broken.spoiled(row)
    if not usable:
        spoiled = (*spoiled, (broken.since, NO_END))
    return Case(
        id=row.id,
        kind=row.kind,
        family_id=row.family_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        staff_id=row.staff_id,
        second_id=row.second_id,
        place_id=row.place_id,
        wanted=wanted,
        elsewhere=tuple(elsewhere(row, broken, known, course)),
        spoiled=spoiled,
        cycle_id=row.cycle_id,
        carer_id=row.carer_id,
        peer_id=row.peer_id,
        interpreter_id=row.interpreter_id,
        carers_keep_apart=row.family.carers_keep_apart,
        home_until=last_lone_day(wanted, known.looks.get(row.place_id or 0)),
        wishes=wishes_of(row, known.takers.get(row.staff_id)),
        knows=frozenset(who_knows(row, course)),
        course=tuple(
            Event(other.kind, other.cycle_id, other.starts_at, other.ends_at)
            for other in course
            if other.id not in moving and in_course_with(row, other)
        ),
    )


def last_lone_day(wanted: Wanted, look: Assessment | None) -> date | None:
    """Until when one worker may go: on the day after, nobody has looked at the home again."""
    if look is None or not wanted.at_home or wanted.needs_two:
        return None
    return look.look_again_on


def in_course_with(row: Appointment, other: Any) -> bool:
    """Whether an appointment keeps its place before or after another: what is to come of the
    family's course, and what took place of the same cycle."""
    if row.kind in OUT_OF_COURSE or other.kind in OUT_OF_COURSE:
        return False
    return other.status in LIVE or (other.cycle_id is not None and other.cycle_id == row.cycle_id)


def who_knows(row: Appointment, course: Iterable[Any]) -> Iterable[int]:
    """The family's practitioner, whoever goes now, and whoever has been there."""
    been = [
        n for other in course if other.status == "done" for n in (other.staff_id, other.second_id)
    ]
    return {n for n in (row.family.practitioner_id, row.staff_id, row.second_id, *been) if n}


def wishes_of(row: Appointment, now: Taker | None) -> Wishes:
    """What the family asked for of whoever comes; of who rings both sides of a talk, nothing."""
    if row.kind == "conversation":
        return Wishes()
    family = row.family
    spoken = frozenset((family.language, *family.other_languages))
    if now is not None and now.languages and spoken.isdisjoint(now.languages):
        spoken = frozenset()  # they manage already
    return Wishes(family.gender_wish, spoken, row.interpreter_id is not None)


def family_row(family: Family) -> FamilyRow:
    return FamilyRow(
        family.id, family.free_times, family.carers_keep_apart, family.preferred_place_id,
        tuple(carer.id for carer in family.present_carers),
    )  # fmt: skip


def wanted_at(
    row: Appointment, known: Known, course: Sequence[Any], place_id: int | None
) -> tuple[Wanted, bool]:
    """The visit as the slot rules want it at a place, and whether it may be there at all."""
    ask = Ask(
        kind=row.kind,
        family_id=row.family_id,
        minutes=row.minutes,
        staff_ids=(row.staff_id,),
        two_workers=row.second_id is not None,
        how=row.how,
        place_id=place_id,
    )
    usable = True
    try:
        place = place_of(ask, known.places.values())
    except DomainError:
        place, usable = known.places.get(place_id or 0), False
    at_home = place is not None and place.kind == "home"
    look = known.looks.get(place_id or 0)
    level = look.level if look and at_home else NOT_ASSESSED if at_home else "standard"
    held = without_own(known.held, row)
    apart = apart_from(
        course, row.family_id if row.family.carers_keep_apart else None, row.carer_id
    )
    wanted = wanted_from(
        ask, known.dates, family_row(row.family), place, level, held, apart, known.cover,
        others_from(row.peer, row.interpreter, held),
    )  # fmt: skip
    return wanted, usable


def without_own(held: Held, row: Appointment) -> Held:
    """What is held besides this visit: nobody holds two things at once, so its time tells it."""
    own = (row.starts_at, row.ends_at)
    return Held(
        held | {s: tuple(span for span in held[s] if span != own) for s in subjects_of(row)}
    )


def elsewhere(
    row: Appointment, broken: Broken, known: Known, course: Sequence[Any]
) -> Iterable[tuple[int, Wanted]]:
    """Other places for a visit whose place is closed: where the family rather meets, then the
    nearest."""
    if broken.kind != PLACE_CLOSED:
        return
    drives = estimates(known.rules, known.drives)
    here = spot_of(known.places.get(broken.about or 0)) or NOWHERE
    open_ones = [
        place
        for place in known.places.values()
        if place.kind != "home" and place.closed_at is None and place.id != broken.about
    ]
    open_ones.sort(
        key=lambda place: (
            place.id != row.family.preferred_place_id,
            drives[here, spot_of(place) or NOWHERE].minutes,
            place.id,
        )
    )
    for place in open_ones[:VENUES_OFFERED]:
        wanted, usable = wanted_at(row, known, course, place.id)
        if usable:
            yield place.id, replace(wanted, two_workers=row.second_id is not None)
