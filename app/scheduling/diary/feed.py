"""The diary's picture as data, in London wall time: rows of people and rooms; appointments and
absences as events; drives and the time outside working hours as shades behind them.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_login import current_user

from app import clock
from app.scheduling.diary.closed_places import row_of_room
from app.scheduling.diary.lines import Driven, Shown
from app.scheduling.diary.page import DiaryPage, outside
from app.scheduling.models import LETTERS
from app.windows import instant

Event = dict[str, Any]
ALL_DAY = [(0, 1440)]


def picture_of(page: DiaryPage) -> dict[str, list[Any]]:
    """Rows, events and shades of what a page shows. Rooms and closed places have rows on a single
    day only: a week’s rows are people.
    """
    rooms = page.span.view == "team"
    rows = [{"id": str(one.id), "words": one.name} for one in page.people]
    events = [event for one in page.lines for event in events_of(one, rooms=rooms)]
    events += closed_events(page) if rooms else ()
    people = page.people_ids
    events += [
        event_at(
            one.starts_at, one.ends_at, [str(one.staff_id)], kind="busy", aside=True,
            words=one.words(current_user), said=one.name,
        )
        for one in page.team.away
        if one.staff_id in people
    ]  # fmt: skip
    shades = [drive_event(one) for one in page.drives if one.staff_id in people]
    shades += [event for day in page.span.days for event in closed_on(day, page)]
    return {"rows": rows + (room_rows(page) if rooms else []), "events": events, "shades": shades}


def wall_time(at: datetime) -> str:
    return clock.london(at).strftime("%Y-%m-%dT%H:%M")


def event_at(starts_at: datetime, ends_at: datetime, rows: list[str], **more: Any) -> Event:
    return {"rows": rows, "start": wall_time(starts_at), "end": wall_time(ends_at), **more}


def events_of(one: Shown, *, rooms: bool) -> Iterator[Event]:
    """The box of an appointment in its people's rows, and one in its room's. Where something busy
    is, is not told.
    """
    row = one.row
    people = [str(number) for number in one.people]
    if one.busy:
        said = f"{one.who} is busy"
        yield event_at(row.starts_at, row.ends_at, people, kind="busy", words="Busy", said=said)
    else:
        yield event_at(
            row.starts_at, row.ends_at, people,
            id=row.id, kind=row.kind, letter=LETTERS[row.kind], words=one.name, brief=row.reference,
            said=one.said,
            href=url_for("scheduling.appointment", appointment_id=row.id),
            provisional=row.status == "provisional", urgent=one.urgent, movable=row.live,
        )  # fmt: skip
    if rooms and row.room and not one.busy:
        yield event_at(
            row.starts_at, row.ends_at, [row_of_room(row.room.id)],
            kind=row.kind, letter=one.letter,
            words=f"{row.reference} with {row.staff.name.split()[0]}",
        )  # fmt: skip


def room_rows(page: DiaryPage) -> list[dict[str, str]]:
    """The rooms that something is in, and places and rooms that are closed, by name."""
    found = {
        (f"{row.place.name}, {row.room.name}", row_of_room(row.room.id))
        for row in (one.row for one in page.lines if not one.busy)
        if row.room and row.place
    }
    found |= {(one.name, one.row) for one in page.closed.closed}
    return [{"id": number, "words": name} for name, number in sorted(found)]


def closed_events(page: DiaryPage) -> Iterator[Event]:
    """When places and rooms are closed, in rows of their own; a closed place in its rooms' too."""
    rooms = {
        (one.row.place.id, row_of_room(one.row.room.id))
        for one in page.lines
        if one.row.room and one.row.place and not one.busy
    }
    for one in page.closed.closed:
        within = sorted(room for place, room in rooms if place == one.place_id)
        yield event_at(
            one.starts_at, one.ends_at, [one.row, *([] if one.room_id else within)],
            kind="busy", aside=True, words=f"Closed: {one.why}", said=f"{one.name} is closed",
        )  # fmt: skip


def drive_event(one: Driven) -> Event:
    trip = one.trip
    return event_at(
        trip.leaves_at, trip.arrives_at, [str(one.staff_id)],
        kind="drive", words=f"{one.minutes} {one.origin}",
    )  # fmt: skip


def closed_on(day: date, page: DiaryPage) -> Iterator[Event]:
    """The time of a date outside everybody's working hours; all of a bank holiday."""
    for one in page.people:
        if day in page.holidays:
            closed = ALL_DAY
        elif one.hours is not None:
            closed = outside(one.hours.on(day))
        else:
            closed = []
        for start, end in closed:
            yield event_at(instant(day, start), instant(day, end), [str(one.id)], kind="off")
