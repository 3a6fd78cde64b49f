"""The day sheet on paper: a worker's visits by reference, with when to leave and what to do. No
names, no addresses; each printing is recorded.
"""

from datetime import date, datetime

from flask import render_template, request
from flask_login import current_user

from app import clock, phones
from app.access import ARRANGERS, found, signed_in
from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.audit.record import record
from app.db import db, write_in_get
from app.lone_working.blueprint import lone_working
from app.lone_working.my_day import stops_of, text_number
from app.risk.duty import covering
from app.settings import store
from app.typed import read_day, read_number
from app.windows import instant

NOON = 12 * 60


@lone_working.get("/day-sheet/<day>")
@signed_in
def day_sheet(day: str) -> str:
    """One person's day (`who`, by number; one's own without it), recorded before it is shown."""
    on, at = found(read_day(day)), clock.now()
    staff_id = found(whose(request.args.get("who", "")))
    found(accounts.one(current_user, staff_id))
    write_in_get(lambda: note_printing(staff_id, on, at))
    person = found(accounts.one(current_user, staff_id))
    rules = store.current()
    stops = stops_of(person, on, rules)
    manager, buddy = covering(stops[0].starts_at if stops else instant(on, NOON), rules)
    return render_template(
        "lone_working/day_sheet.html",
        at=at,
        day=on,
        person=person,
        stops=stops,
        manager=manager,
        buddy=buddy,
        number=text_number(),
        phone=phones.shown,
    )


def whose(typed: str) -> int | None:
    """The number of the person asked for; only those who arrange ask for somebody else's."""
    if not typed or typed == str(current_user.id):
        own: int = current_user.id
        return own
    return read_number(typed) if current_user.role in ARRANGERS else None


def note_printing(staff_id: int, on: date, at: datetime) -> None:
    row = db.session.get_one(Staff, staff_id)
    record("day_sheet:printed", row, by=current_user, at=at, day=on.isoformat())
