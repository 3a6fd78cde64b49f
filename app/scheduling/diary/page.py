"""What a page of the diary shows, as its template asks: dates, lines, people, drives, addresses."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import url_for
from flask_login import current_user

from app import clock
from app.access import ARRANGERS
from app.places.travel import spot_for
from app.scheduling.diary.closed_places import places_between
from app.scheduling.diary.drives import is_visit
from app.scheduling.diary.lines import (
    Asked,
    Driven,
    Shown,
    drives_in,
    places_in,
    shown_between,
)
from app.scheduling.diary.span import ONE_DAY, VIEWS, Span
from app.scheduling.diary.team import Person, Team, team_between
from app.settings import store
from app.times import MONTHS, staff_date, staff_time
from app.windows import Minutes, instant
from app.working_days import bank_holidays

WEEKEND = (5, 6)
MOST_IN_A_CELL = 6  # of a month; the day itself shows all


@dataclass(frozen=True)
class OneDay:
    """A date with what is on it, and who is away or what closed: name, what, when."""

    day: date
    lines: list[Shown]
    away: list[tuple[str, str, str]]
    holiday: bool
    in_span: bool

    @property
    def few(self) -> list[Shown]:
        return self.lines[:MOST_IN_A_CELL]

    @property
    def hidden(self) -> int:
        return len(self.lines) - len(self.few)


class Working(NamedTuple):
    """A person's day in a line: when they work, and what they have."""

    id: int
    name: str
    hours: str
    number: int
    driving: str
    sheet: bool


class DiaryPage:
    """One view of the diary for whoever is signed in: four statements, whatever it shows."""

    def __init__(self, span: Span, asked: Asked) -> None:
        self.span, self.asked, self.today = span, asked, clock.today()
        self.team: Team = team_between(span.first, span.last)
        self.closed = places_between(span.first, span.last)
        self.everything = shown_between(span.first, span.last)
        self.lines = [one for one in self.everything if asked.takes(one)]
        self.holidays = bank_holidays(span.first, span.last - ONE_DAY)

    @cached_property
    def root(self) -> str:
        """Where the diary is: a page of it has a hundred links."""
        return url_for("scheduling.diary")

    def here(self, **changes: Any) -> str:
        """The address of the same diary with something else."""
        carried = {"view": self.span.view, **self.asked.query, **changes}
        day = carried.pop("day", self.span.on)
        kept = {name: value for name, value in carried.items() if value not in (None, "")}
        return f"{self.root}/{day.isoformat()}?{urlencode(kept)}"

    @property
    def moves(self) -> list[dict[str, Any]]:
        """The links to the time before, today and the time after."""
        span, today = self.span, self.today
        now = {"words": "Today", "href": self.here(day=today), "current": span.on == today}
        beside = [
            {"words": self.named(day, which), "href": self.here(day=day)}
            for day, which in ((span.before, "before"), (span.after, "after"))
        ]
        return [beside[0], now, beside[1]]

    def named(self, day: date, which: str) -> str:
        if self.span.view == "month":
            return MONTHS[day.month - 1]
        if self.span.view != "team":
            return f"Week {which}"
        return staff_date(day, self.today)

    @property
    def views(self) -> list[dict[str, Any]]:
        return [
            {"words": words, "href": self.here(view=key), "current": key == self.span.view}
            for key, words in VIEWS.items()
        ]

    @property
    def picture(self) -> bool:
        """Whether a picture is drawn: a day, or one person's week."""
        return self.span.view == "team" or (self.span.view == "week" and bool(self.asked.who))

    @property
    def feed(self) -> str:
        span = self.span
        given = {"start": span.first.isoformat(), "end": span.last.isoformat(), "view": span.view}
        carried: dict[str, Any] = {**given, **self.asked.query}
        return url_for("scheduling.feed", **carried)

    @cached_property
    def people(self) -> list[Person]:
        return rows_of(self.lines, self.team, self.asked)

    @cached_property
    def people_ids(self) -> set[int]:
        return {one.id for one in self.people}

    @cached_property
    def names(self) -> list[tuple[int, str]]:
        """Whom the diary can be narrowed to, and whom it is."""
        found = {one.id: one.name for one in rows_of(self.everything, self.team, Asked())}
        found |= {one.id: one.name for one in self.people if one.id == self.asked.who}
        return list(found.items())

    @property
    def hides_busy(self) -> bool:
        """Whether there are busy times here that are left out."""
        return self.asked.hides_busy and any(one.busy for one in self.everything)

    @property
    def who(self) -> str:
        """The name of the person it is narrowed to."""
        return dict(self.names).get(self.asked.who or 0, "")

    @property
    def places(self) -> list[tuple[str, str]]:
        """The places here to choose from, and the chosen one."""
        found = places_in(self.everything)
        known = not self.asked.place or self.asked.place in dict(found)
        return found if known else [*found, (self.asked.place, "A place with nothing here")]

    @cached_property
    def drives(self) -> list[Driven]:
        return drives_in(self.everything, self.team.people, store.current(), self.closed.drives)

    @cached_property
    def driving(self) -> dict[int, list[Driven]]:
        """The drives to each appointment, with who drives where two go."""
        found: dict[int, list[Driven]] = defaultdict(list)
        for one in self.drives:
            if one.trip.go_to is not None:
                found[one.trip.go_to].append(one)
        for drives in found.values():
            if len(drives) > 1:
                drives[:] = [one.named(self.team.people[one.staff_id].name) for one in drives]
        return found

    @cached_property
    def weekend(self) -> bool:
        span = self.span
        return (span.view == "team" and span.on.weekday() in WEEKEND) or any(
            one.day.weekday() in WEEKEND for one in self.lines
        )

    @cached_property
    def days(self) -> list[OneDay]:
        """Every date of the view; of a weekend only where something is on it."""
        by_day: dict[date, list[Shown]] = defaultdict(list)
        for one in self.lines:
            by_day[max(one.day, self.span.first)].append(one)
        shown = [day for day in self.span.days if self.weekend or day.weekday() not in WEEKEND]
        return [self.one_day(day, by_day[day]) for day in shown]

    def one_day(self, day: date, lines: list[Shown]) -> OneDay:
        away = [
            (one.name, one.words(current_user), one.said_on(day, day + ONE_DAY))
            for one in self.team.away_on(day, day + ONE_DAY)
            if one.staff_id in self.people_ids
        ]
        if self.asked.who is None and not self.asked.mine:
            away += self.closed.closed_on(day, day + ONE_DAY)
        within = self.span.view != "month" or day.month == self.span.on.month
        return OneDay(day, lines, away, day in self.holidays, within)

    @property
    def weeks(self) -> list[list[OneDay]]:
        width = 7 if self.weekend else 5
        return [self.days[n : n + width] for n in range(0, len(self.days), width)]

    def of_person(self, person: Person, day: OneDay) -> list[Shown]:
        return [one for one in day.lines if person.id in one.people]

    def away_of(self, person: Person, day: date) -> list[str]:
        return [
            f"{one.words(current_user)}, {one.said_on(day, day + ONE_DAY)}"
            for one in self.team.away_on(day, day + ONE_DAY)
            if one.staff_id == person.id
        ]

    def hours_of(self, person: Person, day: date) -> str:
        """'09:00–17:00', or that somebody does not work then."""
        if day in self.holidays:
            return "Bank holiday"
        if person.hours is None:
            return "Hours not known"
        spans = [f"{said(day, start)}–{said(day, end)}" for start, end in person.hours.on(day)]
        return " and ".join(spans) or "Not working"

    @property
    def working(self) -> list[Working]:
        """A line for each person of a day."""
        arranges = current_user.role in ARRANGERS
        return [
            Working(
                id=one.id,
                name=one.name,
                hours=self.hours_of(one, self.span.on),
                number=sum(one.id in line.people for line in self.everything),
                driving=self.driven(one),
                sheet=arranges or one.id == current_user.id,
            )
            for one in self.people
        ]

    def driven(self, person: Person) -> str:
        """How long somebody drives on this day; not said where some of it is not seen."""
        visits = [one for one in self.everything if person.id in one.people and is_visit(one.row)]
        if not visits or any(one.busy for one in visits) or person.id not in self.team.people:
            return ""
        return f"{sum(one.trip.minutes for one in self.drives if one.staff_id == person.id)} min"


def said(day: date, minute: int) -> str:
    return "24:00" if minute == 1440 else staff_time(instant(day, minute))


def rows_of(lines: Sequence[Shown], team: Team, asked: Asked) -> list[Person]:
    """Everybody who takes visits, and whoever else has an appointment in these lines, by name: of
    those the one asked for, or those of one's own lines.
    """
    people = {one.id: one for one in team.people.values() if one.takes_visits}
    for line in lines:
        for person in (line.row.staff, line.row.second):
            if person and person.id not in people:
                left = Person(person.id, person.name, None, spot_for(None), False)
                people[person.id] = team.people.get(person.id, left)
    if asked.mine:
        mine = {number for line in lines for number in line.people} | {current_user.id}
        people = {number: one for number, one in people.items() if number in mine}
    if asked.who is not None:
        one = people.get(asked.who) or team.people.get(asked.who)
        people = {asked.who: one} if one else {}
    return sorted(people.values(), key=lambda person: (person.name, person.id))


def outside(opened: Sequence[Minutes]) -> list[Minutes]:
    """The parts of a day that are not open, in minutes since midnight."""
    free, at = [], 0
    for start, end in opened:
        if start > at:
            free.append((at, start))
        at = end
    return [*free, (at, 1440)] if at < 1440 else free
