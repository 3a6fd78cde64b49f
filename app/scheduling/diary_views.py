"""The diary: a day with a row for each person, a week, and the same as a list.

The picture is drawn by a script from `feed`; the list under it says the same without one. An
appointment of a family that its reader may not see is busy: another practitioner's, or one that is
closed to those who match.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import clock
from app.access import found, signed_in
from app.accounts import queries as accounts
from app.scheduling.away import Away, away_between
from app.scheduling.blueprint import scheduling
from app.scheduling.calendar_waiting import old_calendars
from app.scheduling.listed import Listed
from app.scheduling.models import KINDS, LETTERS, STATUSES
from app.scheduling.queries import between
from app.scheduling.where import inside, where_words
from app.times import for_family_date, staff_range
from app.typed import read_day
from app.windows import days

VIEWS = {"team": "Team day", "week": "Week", "list": "List"}
WEEKEND = (5, 6)
LONGEST = timedelta(days=31)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """One appointment as its reader may see it."""

    row: Listed
    busy: bool
    who: str
    name: str
    what: str
    state: str
    time: str

    @property
    def day(self) -> date:
        return clock.london(self.row.starts_at).date()


def first_day(day: date, view: str) -> date:
    return day if view == "team" else day - timedelta(days=day.weekday())


def shown_between(first: date, last: date) -> list[Shown]:
    """The appointments from `first` to before `last`, busy ones without whose they are."""
    rows = between(clock.midnight(first), clock.midnight(last), current_user)
    return [shown(row) for row in rows]


def shown(row: Listed) -> Shown:
    busy = not (row.seen or current_user.id in (row.staff_id, row.second_id))
    return Shown(
        row=row,
        busy=busy,
        who=row.staff.name + (f" and {row.second.name}" if row.second else ""),
        name="Busy" if busy else f"{row.name} {row.reference}",
        what="" if busy else f"{KINDS[row.kind]}, {inside(where_words(row))}",
        state="" if busy else "Change asked" if row.change_asked_at else STATUSES[row.status],
        time=staff_range(row.starts_at, row.ends_at),
    )


@scheduling.get("/diary")
@scheduling.get("/diary/<day>")
@signed_in
def diary(day: str = "") -> str:
    """A day or a week; `go` is a date typed by hand."""
    on = found(read_day(day)) if day else clock.today()
    if typed := request.args.get("go", "").strip():
        on = read_day(typed) or clock.today()
    view = request.args.get("view", "team")
    view = view if view in VIEWS else "team"
    first = first_day(on, view)
    step = timedelta(days=1 if view == "team" else 7)
    lines = shown_between(first, first + step)
    listed = by_day(lines, away_between(first, first + step), first, first + step)
    return render_template(
        "scheduling/diary.html",
        on=on, view=view, views=VIEWS, first=first, last=first + step, before=on - step,
        after=on + step, days=listed, kinds=KINDS, letters=LETTERS,
        words=for_family_date(on) if view == "team" else f"week of {for_family_date(first)}",
        weekend=on.weekday() in WEEKEND or any(one.day.weekday() in WEEKEND for one in lines),
        team=bool(lines or accounts.team()), old=old_calendars(at=clock.now()),
    )  # fmt: skip


def by_day(
    lines: Iterable[Shown], away: Iterable[Away], first: date, last: date
) -> list[tuple[date, list[Shown], list[tuple[str, str, str]]]]:
    """The lines under the London date on which they begin, with who is away or busy then: name,
    what, when. A date without lines stands there where somebody is away on a working day."""
    booked = {day: list(rows) for day, rows in groupby(lines, lambda one: one.day)}
    found = []
    for day in sorted({*days(first, last - ONE_DAY), *booked}):
        begins, ends = clock.midnight(day), clock.midnight(day + ONE_DAY)
        gone = [
            (one.name, one.words(current_user), one.said_on(day, day + ONE_DAY))
            for one in away
            if one.starts_at < ends and one.ends_at > begins
        ]
        if day in booked or (gone and day.weekday() not in WEEKEND):
            found.append((day, booked.get(day, []), gone))
    return found


@scheduling.get("/diary/feed.json")
@signed_in
def feed() -> Response:
    """What the picture is drawn from: rows of people, and events in London wall time."""
    first = found(read_day(request.args.get("start", "")))
    last = found(read_day(request.args.get("end", "")))
    if not first < last <= first + LONGEST:
        raise NotFound
    lines = shown_between(first, last)
    events = [event for one in lines for event in events_of(one)] + away_events(first, last)
    return jsonify(rows=rows_of(lines), events=events)


def rows_of(lines: Iterable[Shown]) -> list[dict[str, str]]:
    """Everybody who takes visits, and whoever else has an appointment in these lines, by name."""
    people = {*accounts.team()}
    for one in lines:
        people |= {person for person in (one.row.staff, one.row.second) if person}
    in_order = sorted(people, key=lambda person: (person.name, person.id))
    return [{"id": str(person.id), "words": person.name} for person in in_order]


def wall_time(at: datetime) -> str:
    return clock.london(at).strftime("%Y-%m-%dT%H:%M")


def events_of(one: Shown) -> Sequence[dict[str, Any]]:
    row = one.row
    where = {
        "rows": [str(n) for n in (row.staff_id, row.second_id) if n],
        "start": wall_time(row.starts_at),
        "end": wall_time(row.ends_at),
    }
    if one.busy:
        return [{**where, "kind": "busy", "words": "Busy", "said": f"{one.who} is busy"}]
    return [
        {
            **where,
            "id": row.id,
            "kind": row.kind,
            "letter": LETTERS[row.kind],
            "words": one.name,
            "said": f"{one.what}, {one.who}, {one.state}",
            "href": url_for("scheduling.appointment", appointment_id=row.id),
            "provisional": row.status == "provisional",
            "urgent": bool(row.change_asked_at or row.to_check),
            "movable": row.live,
        }
    ]


def away_events(first: date, last: date) -> list[dict[str, Any]]:
    """Who is away or busy elsewhere; the picture is not made longer for it."""
    return [
        {
            "kind": "busy", "aside": True, "rows": [str(one.staff_id)],
            "words": one.words(current_user), "said": one.name,
            "start": wall_time(one.starts_at), "end": wall_time(one.ends_at),
        }
        for one in away_between(first, last)
    ]  # fmt: skip
