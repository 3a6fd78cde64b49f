"""Whether an appointment may stand as it is booked, by the rules that nobody may set aside: the
family's choice, who goes, and what the home's level, duty cover and daylight allow.

Asked when a family keeps its time and when a person says that something stands. Who goes being
away and a place being closed are not among them: a person may explain those (`in_doubt.py`).
"""

from collections.abc import Iterable
from datetime import datetime

from app import clock
from app.accounts.models import Staff
from app.db import db
from app.errors import DomainError
from app.risk.duty import hours_of_cover
from app.risk.levels import level_of
from app.scheduling.calendar_days import daylight_spans
from app.scheduling.check import check_choice
from app.scheduling.conditions import Terms, conditions
from app.scheduling.facts import spot_of
from app.scheduling.grid import minute_of, one_start
from app.scheduling.models import Appointment
from app.scheduling.records import read_places
from app.scheduling.sentences import STAFF, Case
from app.scheduling.wanted import Wanted, Worker
from app.settings import store
from app.windows import Windows

AT_HOME = ("level", "cover", "daylight")


def check_stands(appointment: Appointment, *, at: datetime) -> None:
    """Raise DomainError with the first of these rules that the appointment breaks as it is."""
    check_choice(appointment.kind, appointment.family_id)
    for number in (appointment.staff_id, appointment.second_id):
        person = db.session.get(Staff, number, populate_existing=True) if number else None
        if person is not None and person.left_at:
            raise DomainError(f"{person.name} does not work here any more. Choose who goes.")
    if why := home_forbids(appointment, at):
        raise DomainError(why)


def home_forbids(
    appointment: Appointment, at: datetime, codes: Iterable[str] = AT_HOME
) -> str | None:
    """Why nobody may visit the home as this appointment has it, by the first of these rules that it
    breaks; None where somebody may, and where it is not at a home."""
    if appointment.place_id is None or appointment.how != "in_person":
        return None
    place = next(iter(read_places(appointment.place_id, venues=False)), None)
    if place is None or place.kind != "home":
        return None
    if place.closed_at:
        return "The family has moved from this address. Move the visit to where they live now."
    rules, day = store.current(), clock.london(appointment.starts_at).date()
    wanted = Wanted(
        kind=appointment.kind,
        minutes=appointment.minutes,
        first=day,
        last=day,
        at_home=True,
        level=level_of(place.id, on=day),
        cover=hours_of_cover(day, day, rules),
        daylight=daylight_spans(day, day, spot_of(place)),
    )
    terms, alone = Terms(rules, at, frozenset()), appointment.second_id is None
    grid = one_start(minute_of(appointment.starts_at), wanted.minutes)
    allowed = conditions(wanted, grid, terms, alone=alone)
    nobody = Worker(appointment.staff_id, "", Windows())
    case = Case(wanted, nobody, None, appointment.starts_at, terms)
    return next((STAFF[code](case) for code in codes if not allowed[code]), None)
