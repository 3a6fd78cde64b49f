"""What the slot rules need to know, read from the tables in a fixed number of statements.

Whoever searches, checks or books asks with an `Ask`; `read_facts` answers with the plain values of
`wanted.py`. The number of statements does not grow with people or weeks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.db import db
from app.errors import DomainError
from app.peers.models import Peer
from app.places.models import TRAVELLED_TO
from app.places.travel import Overrides, Spot
from app.risk.duty import hours_of_cover
from app.risk.levels import level_of
from app.scheduling.calendar_days import daylight_spans
from app.scheduling.holdings import (
    Held,
    apart_from,
    read_held,
    read_workers,
    stop_rows,
    team_rows,
)
from app.scheduling.models import (
    FAMILY,
    INTERPRETER,
    PEER,
    PLACE,
    ROOM,
    Interpreter,
)
from app.scheduling.records import FamilyRow, PlaceRow, read_family, read_places
from app.scheduling.wanted import Other, Room, Wanted, Worker
from app.settings.rules import Rules
from app.windows import Span, instant


@dataclass(frozen=True)
class Ask:
    """What is to be booked, by numbers. `ignoring` are appointments that would give way (a move).

    No `staff_ids` is anybody of the team who takes visits; `second_ids` says who may come along,
    None is anybody.
    `alternatives` asks for the rest of the team and the open places too, to see what would open
    more.
    """

    kind: str
    family_id: int
    minutes: int
    staff_ids: tuple[int, ...]
    how: str = "in_person"
    place_id: int | None = None
    second_ids: tuple[int, ...] | None = None
    two_workers: bool = False
    interpreter_id: int | None = None
    peer_id: int | None = None
    carer_id: int | None = None
    room_id: int | None = None
    ignoring: tuple[int, ...] = ()
    alternatives: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything a search needs, and the plain rows that the acts go on with.

    `team` and `venues` (each open place with its rooms as they are held) are filled only where the
    `Ask` wants alternatives. `drives` are those that somebody measured.
    """

    wanted: Wanted
    workers: tuple[Worker, ...]
    seconds: tuple[Worker, ...]
    family: FamilyRow
    place: PlaceRow | None
    held: Held
    drives: Overrides
    team: tuple[Worker, ...] = ()
    venues: tuple[tuple[PlaceRow, tuple[Room, ...] | None], ...] = ()


def read_facts(ask: Ask, first: date, last: date, rules: Rules, *, on: date) -> Facts:
    """The facts for the dates from `first` to `last`; raises DomainError for what is not there.

    `on` is the date for which the home's assessment must be current.
    """
    family = family_of(ask)
    places = places_for(ask)
    place = place_of(ask, places)
    at_home = place is not None and place.kind == "home"
    level = level_of(ask.place_id, on=on) if at_home else "standard"
    needs_two = ask.two_workers or (at_home and level == "high")
    team = team_for(ask, needs_two)
    asked = [person for person in team if is_asked(person, ask)]
    if not asked:
        raise DomainError("Choose who goes: nobody of that name works here now.", "who")
    span = (instant(first, 0), instant(last, 1440))
    everybody = team if needs_two or ask.alternatives else asked
    apart_id = family.id if family.carers_keep_apart else None
    rows = stop_rows([person.id for person in everybody], span, ask.ignoring, apart_id)
    workers = read_workers(everybody, span, rows)
    rooms = [(ROOM, number) for each in places for number in each.room_ids]
    closable = [(PLACE, each.id) for each in places]
    held, drives = read_held(span, [*subjects_of(ask), *rooms, *closable], ask.ignoring)
    apart = apart_from(rows, apart_id, ask.carer_id)
    cover = hours_of_cover(first, last, rules) if at_home else ()
    found = Facts(
        wanted_from(
            ask, (first, last), family, place, level, held, apart, cover, others_of(ask, held)
        ),
        tuple(workers[person.id] for person in asked),
        seconds_among(workers, ask) if needs_two else (),
        family,
        place,
        held,
        drives,
    )
    if not ask.alternatives:
        return found
    return replace(
        found,
        team=tuple(workers[person.id] for person in team if person.takes_visits),
        venues=tuple(
            (each, rooms_of(each, None, held))
            for each in places
            if each.kind != "home" and each is not place
        ),
    )


def wanted_from(
    ask: Ask,
    dates: tuple[date, date],
    family: FamilyRow,
    place: PlaceRow | None,
    level: str,
    held: Held,
    apart: tuple[Span, ...],
    cover: tuple[Span, ...],
    others: tuple[Other, ...],
) -> Wanted:
    """The appointment to find a time for, as the pure rules want it."""
    at_home = place is not None and place.kind == "home"
    spot = spot_of(place)
    return Wanted(
        kind=ask.kind,
        minutes=ask.minutes,
        first=dates[0],
        last=dates[1],
        spot=spot,
        travels=ask.how == "in_person",
        place_hours=place.hours if place and not at_home else None,
        place_closed=held[PLACE, place.id] if place else (),
        rooms=rooms_of(place, ask.room_id, held),
        family_times=family.free_times,
        family_held=held[FAMILY, family.id],
        others=others,
        two_workers=ask.two_workers,
        at_home=at_home,
        level=level,
        cover=cover if at_home else (),
        daylight=daylight_spans(*dates, spot) if at_home and level == "raised" else (),
        keep_apart=apart,
    )


def family_of(ask: Ask) -> FamilyRow:
    family = read_family(ask.family_id)
    if family is None:
        raise DomainError("This family is not on record.")
    return family


def is_asked(person: Any, ask: Ask) -> bool:
    return person.id in ask.staff_ids if ask.staff_ids else bool(person.takes_visits)


def seconds_among(workers: dict[int, Worker], ask: Ask) -> tuple[Worker, ...]:
    """Who may come along: those asked for, or everybody who was read."""
    named = ask.second_ids
    return tuple(w for w in workers.values() if named is None or w.id in {*named, *ask.staff_ids})


def places_for(ask: Ask) -> list[PlaceRow]:
    """The place asked for and, for alternatives, every open one that is nobody's home."""
    if ask.place_id is None and not ask.alternatives:
        return []
    return read_places(ask.place_id, venues=ask.alternatives)


def place_of(ask: Ask, places: Iterable[PlaceRow]) -> PlaceRow | None:
    """The place asked for, open and, where it is a home, this family's own; a peer parent, who
    must not learn where a family lives, meets it elsewhere.
    """
    if ask.place_id is None:
        if ask.how == "in_person":
            raise DomainError("Choose where it takes place.", "place")
        return None
    place = next((each for each in places if each.id == ask.place_id), None)
    if place is None or place.closed_at:
        raise DomainError("That place is closed or not on record. Choose another.", "place")
    if place.kind == "home" and place.family_id != ask.family_id:
        raise DomainError("That is another family’s home. Choose another place.", "place")
    if place.kind == "home" and ask.kind == "conversation":
        raise DomainError("A peer parent never visits a home. Choose another place.", "place")
    return place


def subjects_of(ask: Ask) -> list[tuple[int, int]]:
    """Who has to be free too, as reservations name them."""
    needed = [(FAMILY, ask.family_id), (PEER, ask.peer_id), (INTERPRETER, ask.interpreter_id)]
    return [(kind, subject_id) for kind, subject_id in needed if subject_id is not None]


def team_for(ask: Ask, needs_two: bool) -> Sequence[Any]:
    """Those asked for and, where a second worker is needed, those who could come along."""
    along = needs_two and ask.second_ids is None
    anybody = along or ask.alternatives or not ask.staff_ids
    return team_rows({*ask.staff_ids, *(ask.second_ids or ())}, anybody=anybody)


def spot_of(place: PlaceRow | None) -> Spot | None:
    if place is None or place.kind not in TRAVELLED_TO:
        return None
    return place.spot


def rooms_of(place: PlaceRow | None, room_id: int | None, held: Held) -> tuple[Room, ...] | None:
    if place is None or not place.room_ids:
        return None
    return tuple(
        Room(number, held[ROOM, number]) for number in place.room_ids if room_id in (None, number)
    )


def others_of(ask: Ask, held: Held) -> tuple[Other, ...]:
    """The peer parent and the interpreter, who have to be free too."""
    peer = interpreter = None
    if ask.peer_id is not None:
        peer = db.session.get(Peer, ask.peer_id, populate_existing=True)
        if peer is None:
            raise DomainError("This peer parent is not on record.")
    if ask.interpreter_id is not None:
        interpreter = db.session.get(Interpreter, ask.interpreter_id, populate_existing=True)
        if interpreter is None or interpreter.left_at:
            raise DomainError("This interpreter is not on record.", "interpreter")
    return others_from(peer, interpreter, held)


def others_from(
    peer: Peer | None, interpreter: Interpreter | None, held: Held
) -> tuple[Other, ...]:
    """The same from rows: anything with a name, free times and a number."""
    others = []
    if peer is not None:
        others.append(Other(peer.first_name, peer.free_times, held[PEER, peer.id]))
    if interpreter is not None:
        spans = held[INTERPRETER, interpreter.id]
        others.append(Other(interpreter.name, interpreter.free_times, spans))
    return tuple(others)
