"""The rows of the bookings' file, as far as the file alone can tell.

Whether the family, the practitioner and the place exist, whether somebody is held already and what
else speaks against a booking is asked by the act that imports.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app import clock
from app.settings.rules import Rules, default_minutes
from app.spreadsheets.days import (
    read_date,
    read_minutes,
    read_time,
    read_time_and_minutes,
    time_in,
)
from app.spreadsheets.files import Table
from app.spreadsheets.reading import LeftOut, Reader, by_row, rows_of, without_repeats
from app.spreadsheets.report import Problem
from app.spreadsheets.rows import BookingRow
from app.spreadsheets.values import fold, is_nothing, read_name, read_reference
from app.spreadsheets.words import lookup, read_where

FAR = timedelta(days=730)  # further ahead than anybody books: a slip in the year
KINDS = {
    **dict.fromkeys(["video", "video session", "vig session", "filming"], "video_session"),
    **dict.fromkeys(["film", "film session", "filming session", "vs"], "video_session"),
    **dict.fromkeys(["sr", "shared review", "review", "review session"], "shared_review"),
    **dict.fromkeys(["initial visit", "initial", "first visit", "goals visit"], "goals_visit"),
    **dict.fromkeys(["goals", "goal setting", "goal-setting", "goals meeting"], "goals_visit"),
    **dict.fromkeys(["peer call", "peer conversation", "conversation"], "conversation"),
    **dict.fromkeys(["peer chat", "peer parent call", "peer visit"], "conversation"),
    **dict.fromkeys(["follow up", "follow-up", "followup", "6 month follow up"], "follow_up"),
    **dict.fromkeys(["6 month follow-up", "follow-up visit", "follow up visit"], "follow_up"),
}
STATUSES = {
    **dict.fromkeys(["done", "completed", "complete", "attended", "held", "happened"], "done"),
    **dict.fromkeys(["seen", "went ahead"], "done"),
    **dict.fromkeys(["dna", "not brought", "not seen", "did not attend", "no show"], "not_seen"),
    **dict.fromkeys(["no-show", "was not brought", "wnb", "not in", "no reply"], "not_seen"),
    **dict.fromkeys(["cancelled", "canceled", "canc", "cx", "cxl", "called off"], "cancelled"),
    **dict.fromkeys(["confirmed", "conf"], "confirmed"),
    **dict.fromkeys(["booked", "planned", "arranged"], "booked"),
    **dict.fromkeys(["provisional", "prov", "pencilled", "pencilled in", "tbc"], "provisional"),
}


def read_bookings(
    table: Table, today: date, rules: Rules | None = None
) -> tuple[list[BookingRow], list[Problem]]:
    """Every booking whose family, time and kind can be read; the others are left out with a line.

    Left out as well: a time that the clocks skip, and a row that repeats another. Lengths that are
    not given are the `rules`' usual ones. A year that is left out is the one closest to `today`.
    """
    readers, problems = without_repeats(table, ("Ref", "Date", "Time", "Who"), lambda reader: "")
    rows, met = rows_of(readers, lambda reader: _booking(reader, today, rules or Rules()))
    return rows, by_row([*problems, *met])


def _booking(reader: Reader, today: date, rules: Rules) -> BookingRow:
    reference = reader.needed("Ref", read_reference, "there is no reference of a family")
    day = reader.needed("Date", lambda text: read_date(text, near=today), "there is no date")
    beside = time_in(reader.text("Date"))
    wall, until = _time(reader, beside)
    kind = reader.needed("What", _kind, "it is not said what kind of appointment this is")
    starts_at = _instant(reader, day, wall)
    reader.tell_of_day("Date", day)
    if beside and beside.zfill(5) != f"{wall:%H:%M}":
        reader.remark("Date", f"another time stands beside the date; {wall:%H:%M} was taken")
    if day > today + FAR:
        reader.remark("Date", "this is more than two years away")
    minutes = reader.read("Minutes", read_minutes) or until
    row = BookingRow(
        row=reader.line.number,
        digest=reader.digest,
        reference=reference,
        starts_at=starts_at,
        minutes=minutes or default_minutes(kind, rules),
        minutes_given=minutes is not None,
        kind=kind,
        practitioner=reader.read("Who", read_name),
        where=reader.read("Where", read_where),
        status=_status(reader),
    )
    return replace(row, doubts=_doubts(reader))


def _time(reader: Reader, beside: str) -> tuple[time, int | None]:
    """When it begins, and the minutes where the end is written; `beside`: a time in Date."""
    if beside and is_nothing(reader.line.cells["Time"]):
        return read_time(beside), None
    return reader.needed("Time", read_time_and_minutes, "there is no time")


def _status(reader: Reader) -> str | None:
    """The status, also where more words come after a clear one: 'cancelled - ill', 'W.N.B.'."""
    text = reader.text("Status")
    if (code := STATUSES.get(fold(text).replace(".", "").strip())) or not text:
        return code
    told = re.match(r"([a-z' ]+?) ?(?:[-,;:(]| by | on )", fold(text))
    if told and (code := STATUSES.get(told[1])):
        reader.without("Status", f"it was read as {told[1]}; the words after it are a note")
        return code
    reader.without("Status", "this is no status that the service knows")
    return None


def _kind(text: str) -> str:
    return lookup(KINDS, text, "kind of appointment")


def _instant(reader: Reader, day: date, wall: time) -> datetime:
    """The instant of a wall time; raises LeftOut where the clocks skip it that night."""
    try:
        first = clock.at_london(day, wall)
    except ValueError:
        reader.left_out(
            "Time", f"there is no {wall:%H:%M} on {day.day} {day:%B %Y}: the clocks go forward"
        )
        raise LeftOut from None
    if clock.at_london(day, wall, fold=1) != first:
        reader.remark("Time", "the clocks go back: this time comes twice; the first was taken")
    return first


def _doubts(reader: Reader) -> tuple[str, ...]:
    """Why somebody should look at a booking before it counts: what is missing or was not read."""
    for column, missing in (("Who", "it is not said who comes"), ("Where", "it is not said where")):
        if is_nothing(reader.line.cells[column]):
            reader.remark(column, missing)
    return tuple(
        f"{problem.column}: {problem.value or 'empty'} ({problem.problem})"
        for problem in reader.problems
    )
