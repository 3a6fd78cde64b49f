"""Day sheets on paper: a worker's visits by reference, with when to leave and what to do. No names,
no addresses; each printing is recorded.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from flask import render_template, request
from flask_login import current_user

from app import clock, phones
from app.access import ARRANGERS, found, signed_in
from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.audit.record import record
from app.db import db, write_in_get
from app.lone_working.blueprint import lone_working
from app.lone_working.my_day import Stop, stops_of, text_number
from app.risk.duty import Pair, covering_at
from app.settings import store
from app.typed import read_day, read_number
from app.windows import instant

NOON = 12 * 60
EVERYBODY = "all"


class Sheet(NamedTuple):
    """One person's day on one page, with who answers for alarms then."""

    person: Staff
    stops: Sequence[Stop]
    cover: Pair


@lone_working.get("/day-sheet/<day>")
@signed_in
def day_sheet(day: str) -> str:
    """One person's day (`who`, by number; one's own without it), or with `all` a page for everybody
    who has an appointment; recorded before it is shown.
    """
    on, at, rules = found(read_day(day)), clock.now(), store.current()
    people = whose(request.args.get("who", ""))
    stops = stops_of(people, on, rules)
    if len(people) != 1:
        people = [person for person in people if stops[person.id]]
    write_in_get(lambda: note_printing(people, on, at))
    own = [stops[person.id] for person in people]
    begins = [first[0].starts_at if first else instant(on, NOON) for first in own]
    cover = covering_at(begins, rules)
    return render_template(
        "lone_working/day_sheet.html",
        at=at,
        day=on,
        sheets=[Sheet(*each) for each in zip(people, own, cover, strict=True)],
        number=text_number(),
        phone=phones.shown,
    )


def whose(typed: str) -> list[Staff]:
    """The people asked for; only those who arrange ask for somebody else's, or everybody's."""
    if not typed or typed == str(current_user.id):
        return [found(accounts.one(current_user, current_user.id))]
    arranges = current_user.role in ARRANGERS
    if typed == EVERYBODY and arranges:
        return list(accounts.working_here())
    number = read_number(typed) if arranges else None
    return [found(accounts.one(current_user, found(number)))]


def note_printing(people: Sequence[Staff], on: date, at: datetime) -> None:
    for person in people:
        row = db.session.get_one(Staff, person.id)
        record("day_sheet:printed", row, by=current_user, at=at, day=on.isoformat())
