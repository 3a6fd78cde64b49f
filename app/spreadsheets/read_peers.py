"""The rows of the peer parents' file. What a peer may be offered is for matching to say."""

from datetime import date

from dateutil.relativedelta import relativedelta

from app.spreadsheets.ages import read_ages, read_children
from app.spreadsheets.circumstances import read_circumstances
from app.spreadsheets.clashes import shared_numbers
from app.spreadsheets.contact import read_phone_of
from app.spreadsheets.days import read_date, read_month_alone
from app.spreadsheets.files import Table
from app.spreadsheets.limits import read_limits
from app.spreadsheets.reading import Reader, by_row, rows_of, without_repeats
from app.spreadsheets.report import Problem
from app.spreadsheets.rows import PeerRow
from app.spreadsheets.values import Unclear, key, read_email, read_name, read_postcode, read_whole
from app.spreadsheets.weekly import read_weekly
from app.spreadsheets.words import (
    lookup,
    read_carer_type,
    read_languages,
    read_ways,
)

KNOWN_BY = ("First name", "Surname", "Mobile", "Email")
STATUSES = {
    **dict.fromkeys(["active", "available", "current"], "active"),
    **dict.fromkeys(["paused", "on a break", "on break", "break", "on hold", "pause"], "paused"),
    **dict.fromkeys(["left", "stopped", "retired", "gone"], "left"),
}


def read_peers(table: Table, today: date) -> tuple[list[PeerRow], list[Problem]]:
    """Every peer parent of the file in its order, and every problem in the order of the rows.

    The file has no column about texting, so nobody in it has said that texting is safe.
    """
    readers, problems = without_repeats(table, KNOWN_BY, _same_person)
    rows, met = rows_of(readers, lambda reader: _peer(reader, today))
    rows, shared = shared_numbers(rows, table)
    return rows, by_row([*problems, *met, *shared])


def _same_person(reader: Reader) -> str:
    """One name and one number or address are one person."""
    name = key(reader.text("First name") + reader.text("Surname"))
    reached = key(reader.text("Mobile") or reader.text("Email"))
    return f"{name} {reached}" if name and reached else ""


def _peer(reader: Reader, today: date) -> PeerRow:
    first_name = reader.needed("First name", read_name, "a peer parent needs a first name")
    number = read_phone_of(reader)
    completed, trained = _date(reader, "VIG completed", today), _date(reader, "Trained", today)
    if completed and trained and trained < completed:
        reader.remark("Trained", "this is before the VIG was completed")
    limits = reader.listed("Limits", read_limits, "this limit is kept in its words, to be asked")
    children_now = read_children(reader.text("Children's ages now"), today)
    for piece in children_now.unread:
        reader.without("Children's ages now", "this part is not an age", piece)
    return PeerRow(
        row=reader.line.number,
        digest=reader.digest,
        first_name=first_name,
        surname=reader.read("Surname", read_name),
        phone=number.phone if number else None,
        email=reader.read("Email", read_email),
        postcode=reader.read("Postcode", read_postcode),
        carer_type=reader.read("Carer type", read_carer_type),
        children_now=children_now.children,
        children_now_words=reader.text("Children's ages now")[:200],
        children_then=reader.read("Child's age at VIG", lambda t: read_ages(t, completed or today))
        or (),
        circumstances=reader.listed("Experience", read_circumstances, "this is not known"),
        languages=reader.listed("Language", read_languages, "this is not a language"),
        ways_to_talk=reader.listed("Ways to talk", read_ways, "this is no way to talk"),
        limits=(*limits, *read_limits(reader.text("Limits")).unread),
        free_times=reader.read("Availability", read_weekly),
        monthly_limit=reader.read("Max a month", lambda text: read_whole(text, 0, 31)),
        vig_cycles=reader.read("VIG cycles", lambda text: read_whole(text, 0, 20)),
        vig_completed_on=completed,
        trained_on=trained,
        checks_until=_date(reader, "Checks renew by", today, to_come=True),
        status=_status(reader),
    )


def _date(reader: Reader, column: str, today: date, *, to_come: bool = False) -> date | None:
    """A day; where only the month is written, the one in it that lets less be done."""
    if first := month_of(reader.text(column)):
        found: date | None = first if to_come else first + relativedelta(months=1, days=-1)
        reader.remark(column, f"only the month is written; it was read as {found:%d/%m/%Y}")
    elif found := reader.read(column, lambda text: read_date(text, near=today)):
        reader.tell_of_day(column, found)
    if found and found > today and not to_come:
        reader.remark(column, "this date is still to come")
    return found


def month_of(text: str) -> date | None:
    try:
        return read_month_alone(text)
    except Unclear:
        return None


def _status(reader: Reader) -> str:
    if not reader.text("Status"):
        reader.remark("Status", "there is no status; paused until somebody has asked")
        return "paused"
    status = reader.read("Status", lambda text: lookup(STATUSES, text, "status"))
    return status or "paused"
