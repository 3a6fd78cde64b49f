"""A visit that cannot take place as it is booked, as planning sees it: plain frozen values.

Whoever reads the database fills these in; nothing here knows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app import clock
from app.scheduling.wanted import Wanted
from app.windows import Span
from app.working_days import working_days_between

ENGLISH = "English"


class Event(NamedTuple):
    """An appointment in a family's course."""

    kind: str
    cycle_id: int | None
    starts_at: datetime
    ends_at: datetime


class Taker(NamedTuple):
    """What is known of somebody who could go instead; None and an empty set are *not known*."""

    name: str
    gender: str | None = None
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wishes:
    """What a family asked for of whoever comes. `gender` None: anybody. `languages` are those that
    it speaks; where an `interpreter` is booked, or who comes now shares none, they do not bind."""

    gender: str | None = None
    languages: frozenset[str] = frozenset()
    interpreter: bool = False


@dataclass(frozen=True)
class Case:
    """One visit of a day that breaks.

    `wanted` is it at its own place, `elsewhere` at others by their number. `spoiled` are the times
    in which it cannot be at its own place (a closed place; a home in bad weather), whoever comes.
    `home_until` is the last date of the assessment by which one worker visits a home. `knows` are
    those who have met the family. `course` are the family's other appointments that stand, in
    whose order it stays.
    """

    id: int
    kind: str
    family_id: int
    starts_at: datetime
    ends_at: datetime
    staff_id: int
    second_id: int | None
    place_id: int | None
    wanted: Wanted
    elsewhere: tuple[tuple[int, Wanted], ...] = ()
    spoiled: tuple[Span, ...] = ()
    cycle_id: int | None = None
    carer_id: int | None = None
    peer_id: int | None = None
    interpreter_id: int | None = None
    carers_keep_apart: bool = False
    home_until: date | None = None
    wishes: Wishes = Wishes()
    knows: frozenset[int] = frozenset()
    course: tuple[Event, ...] = ()

    @property
    def event(self) -> Event:
        return Event(self.kind, self.cycle_id, self.starts_at, self.ends_at)

    @property
    def people(self) -> tuple[int, ...]:
        return (self.staff_id,) if self.second_id is None else (self.staff_id, self.second_id)

    def wanted_at(self, place_id: int | None) -> Wanted:
        return dict(self.elsewhere).get(place_id or 0, self.wanted)

    def is_spoiled(self, starts_at: datetime, ends_at: datetime) -> bool:
        return any(starts_at < until and ends_at > since for since, until in self.spoiled)


def barred(wishes: Wishes, taker: Taker) -> str | None:
    """Why somebody must not be sent to a family, as a sentence for staff, or None.

    What is not known is a question (`to_ask`), never a reason.
    """
    if wishes.gender and taker.gender and taker.gender != wishes.gender:
        return f"The family would rather talk to a {wishes.gender}."
    spoken = not wishes.interpreter and wishes.languages and taker.languages
    if spoken and wishes.languages.isdisjoint(taker.languages):
        return f"{taker.name} does not speak {' or '.join(sorted(wishes.languages))}."
    return None


def to_ask(wishes: Wishes, taker: Taker) -> tuple[str, ...]:
    """What nobody has recorded and the family asked about."""
    asks = []
    if wishes.gender and not taker.gender:
        asks.append(f"The family would rather talk to a {wishes.gender}: ask")
    foreign = wishes.languages and ENGLISH not in wishes.languages
    if foreign and not wishes.interpreter and not taker.languages:
        asks.append(f"{taker.name}’s languages are not on record: ask")
    return tuple(asks)


def in_order(first: Event, second: Event, least_working_days: int) -> bool:
    """Whether one appointment of a family's course is over before the other, and a review its
    working days after its video."""
    if first.ends_at > second.starts_at:
        return False
    pair = (first.kind, second.kind) == ("video_session", "shared_review")
    if not pair or first.cycle_id is None or first.cycle_id != second.cycle_id:
        return True
    days = (clock.london(at).date() for at in (first.starts_at, second.starts_at))
    return working_days_between(*days) >= least_working_days


def keeps_order(one: Event, now: Event, other: Event, then: Event, least: int) -> bool:
    """Whether two of a family's appointments, booked at `one` and `other`, keep at `now` and `then`
    the order that they have. What is out of order already may stay so."""
    if other.starts_at < one.starts_at:
        one, now, other, then = other, then, one, now
    return in_order(now, then, least) or not in_order(one, other, least)


def against(
    case: Case,
    people: Iterable[int],
    starts_at: datetime,
    ends_at: datetime,
    place_id: int | None,
    takers: Mapping[int, Taker],
    least_working_days: int,
) -> str | None:
    """Why a visit is not replanned so, whatever the diary says, in a sentence for staff; else None.

    The place is usable then, the family gets whom it asked for, and its course keeps its order. The
    slot rules are not asked here.
    """
    if place_id == case.place_id and case.is_spoiled(starts_at, ends_at):
        return "It cannot be at that place then."
    last = case.home_until if place_id == case.place_id else None
    if last is not None and clock.london(starts_at).date() > last:
        return "The home has to be looked at again before that day."
    for person in people:
        if person not in case.people and (why := barred(case.wishes, takers[person])):
            return why
    now = Event(case.kind, case.cycle_id, starts_at, ends_at)
    if all(keeps_order(case.event, now, other, other, least_working_days) for other in case.course):
        return None
    return "That would change the order of this family’s appointments."
