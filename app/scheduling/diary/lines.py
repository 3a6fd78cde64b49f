"""What a reader may see of the team's appointments, and what a diary is narrowed to.

An appointment of a family that its reader may not see is busy: another practitioner's, or one that
is closed to those who match. Of a busy one nothing but its time and people is known, so a filter by
kind, place or state leaves it out: else the filter would tell what the line does not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_login import current_user

from app import clock
from app.access import PRACTITIONER
from app.places.travel import Overrides, town_of
from app.scheduling.diary.drives import Trip, drives_of
from app.scheduling.diary.team import Person
from app.scheduling.listed import Listed
from app.scheduling.models import HOWS, KINDS, LETTERS, STATUSES
from app.scheduling.queries import between
from app.scheduling.where import inside, where_words
from app.settings.rules import Rules
from app.times import staff_range, staff_time
from app.typed import read_number

CHANGE_ASKED = "change_asked"
STATES = {
    **{code: words for code, words in STATUSES.items() if code != "cancelled"},
    CHANGE_ASKED: "Change asked",
}
HOME = "home"


class Shown(NamedTuple):
    """One appointment as its reader may see it."""

    row: Listed
    busy: bool
    mine: bool
    day: date

    @property
    def who(self) -> str:
        row = self.row
        return f"{row.staff.name} and {row.second.name}" if row.second else row.staff.name

    @property
    def name(self) -> str:
        return "Busy" if self.busy else f"{self.row.name} {self.row.reference}"

    @property
    def what(self) -> str:
        return "" if self.busy else f"{KINDS[self.row.kind]}, {inside(where_words(self.row))}"

    @property
    def state(self) -> str:
        return "" if self.busy else STATES[self.state_code]

    @property
    def time(self) -> str:
        return staff_range(self.row.starts_at, self.row.ends_at)

    @property
    def letter(self) -> str:
        return "" if self.busy else LETTERS[self.row.kind]

    @property
    def kind(self) -> str:
        return "busy" if self.busy else self.row.kind

    @property
    def starts(self) -> str:
        return staff_time(self.row.starts_at)

    @property
    def urgent(self) -> bool:
        """Whether it waits for a person."""
        return bool(not self.busy and (self.row.change_asked_at or self.row.to_check))

    @property
    def mark(self) -> str:
        """The classes of its box: its kind, and what else is drawn around it."""
        dashed = not self.busy and self.row.status == "provisional"
        return (
            f"app-chip app-diary__{self.kind}"
            f"{' app-diary__provisional' if dashed else ''}"
            f"{' app-diary__urgent' if self.urgent else ''}"
        )

    @property
    def lead(self) -> str:
        """'! V 13:30': that it waits for a person, its kind, when it begins."""
        return f"{'! ' if self.urgent else ''}{self.letter} {self.starts}".strip()

    @property
    def said(self) -> str:
        return f"{self.what}, {self.who}, {self.state}"

    @property
    def first_name(self) -> str:
        return self.row.staff.name.split()[0]

    @property
    def people(self) -> list[int]:
        return [number for number in (self.row.staff_id, self.row.second_id) if number]

    @property
    def state_code(self) -> str:
        return CHANGE_ASKED if self.row.change_asked_at else self.row.status

    @property
    def place(self) -> tuple[str, str]:
        """Where, as a filter has it: a code and its words."""
        row = self.row
        if row.how in ("phone", "video"):
            return row.how, HOWS[row.how]
        if row.place is None or row.place.kind == HOME:
            return HOME, "At home"
        return str(row.place.id), row.place.name


def shown_between(first: date, last: date) -> list[Shown]:
    """The appointments from `first` to before `last`, busy ones without whose they are."""
    rows = between(clock.midnight(first), clock.midnight(last), current_user)
    number, role = current_user.id, current_user.role
    return [shown(row, number, role) for row in rows]


def shown(row: Listed, reader_id: int, role: str) -> Shown:
    """A line for one reader: busy where they may not see the family and do not go themselves."""
    goes = reader_id in (row.staff_id, row.second_id)
    busy = not (row.seen or goes)
    return Shown(
        row=row,
        busy=busy,
        mine=goes or (row.seen and role == PRACTITIONER),
        day=clock.london(row.starts_at).date(),
    )


class Asked(NamedTuple):
    """What a diary is narrowed to, as its address carries it; empty is everything."""

    who: int | None = None
    kind: str = ""
    place: str = ""
    state: str = ""
    mine: bool = False

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> "Asked":
        """What is typed by hand and makes no sense asks for nothing."""
        kind, state = args.get("kind", ""), args.get("state", "")
        return cls(
            who=read_number(args.get("who")),
            kind=kind if kind in KINDS else "",
            place=args.get("place", "").strip()[:12],
            state=state if state in STATES else "",
            mine=args.get("mine") == "1",
        )

    @property
    def query(self) -> dict[str, str]:
        """The same as an address carries it."""
        typed = {**self._asdict(), "mine": "1" if self.mine else ""}
        return {name: str(value) for name, value in typed.items() if value}

    @property
    def hides_busy(self) -> bool:
        return bool(self.kind or self.place or self.state)

    def takes(self, one: Shown) -> bool:
        if one.busy and self.hides_busy:
            return False
        return (
            (self.who is None or self.who in one.people)
            and (not self.mine or one.mine)
            and (not self.kind or self.kind == one.row.kind)
            and (not self.place or self.place == one.place[0])
            and (not self.state or self.state == one.state_code)
        )


def places_in(lines: Iterable[Shown]) -> list[tuple[str, str]]:
    """The places of these lines to choose from: homes, then by name, then by phone or video."""
    found = {one.place for one in lines if not one.busy}
    return sorted(found, key=lambda place: (place[0] != HOME, place[0] in HOWS, place[1]))


class Driven(NamedTuple):
    """A drive in words: '18 min', 'from Liskeard'; `trip` has its times, `staff_id` who drives."""

    staff_id: int
    trip: Trip
    minutes: str
    origin: str

    def named(self, name: str) -> "Driven":
        return self._replace(origin=f"{name.split()[0]}, {self.origin}")


def drives_in(
    lines: Iterable[Shown], people: Mapping[int, Person], rules: Rules, measured: Overrides
) -> list[Driven]:
    """Who drives when in these lines, which must be all of their days. A drive to or from what is
    busy for its reader is left out: how far it is would say where it is.
    """
    days: dict[tuple[int, date], list[Shown]] = defaultdict(list)
    for one in lines:
        for number in one.people:
            if number in people:
                days[number, one.day].append(one)
    return [
        found
        for (number, _), of_day in days.items()
        for found in drives_on(people[number], of_day, rules, measured)
    ]


def drives_on(
    person: Person, lines: Iterable[Shown], rules: Rules, measured: Overrides
) -> Iterator[Driven]:
    """One person’s drives on a date, without those to or from what is busy for the reader."""
    known = {one.row.id: one for one in lines}
    for trip in drives_of(person.base, (one.row for one in known.values()), rules, measured):
        ends = [known[number] for number in (trip.come_from, trip.go_to) if number is not None]
        if any(one.busy for one in ends):
            continue
        origin = "base" if trip.come_from is None else town_in(known[trip.come_from].row)
        unknown = "" if trip.known else ", distance not known"
        yield Driven(person.id, trip, f"{trip.minutes} min", f"from {origin}{unknown}")


def town_in(row: Listed) -> str:
    if row.place is None:
        return "a place not known"
    return town_of(row.place.postcode) or ("a home" if row.place.kind == HOME else row.place.name)
