"""People, places and times for the tests of slots: an hour with Tamsin on a Tuesday in winter.

Where nothing else is said the appointment is at her own base, so nobody drives.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from app import clock
from app.places.travel import Spot, spot_for
from app.scheduling.calendar_days import daylight_spans
from app.scheduling.refusals import check_slot
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Found, Refusal, Slot, Stop, Wanted, Worker
from app.settings.rules import Rules
from app.windows import Span, Window, Windows, read_windows
from app.working_days import bank_holidays

RULES = Rules()
DAY = date(2026, 12, 1)  # a Tuesday in winter time
NOW = clock.at_london(date(2026, 11, 23), time(9))
BASE = spot_for("TR1 3AY", 1)
NEXT_DOOR = spot_for("TR1 2JW", 2)  # the same district: 12 minutes
CAMBORNE = spot_for("TR14 8NS", 3)  # 37 minutes from Truro


def times(words: str) -> Windows:
    return read_windows(words)


def at(wall: str, day: date = DAY, fold: int = 0) -> datetime:
    return clock.at_london(day, time.fromisoformat(wall), fold=fold)


def span(words: str, day: date = DAY) -> Span:
    start, end = words.split("-")
    return at(start, day), at(end, day)


def visit(words: str, spot: Spot | None = BASE, day: date = DAY) -> Stop:
    return Stop(*span(words, day), spot, travels=True)


def call(words: str) -> Stop:
    return Stop(*span(words), None, travels=False)


def visits(*words: str) -> tuple[Stop, ...]:
    return tuple(visit(one) for one in words)


ALWAYS = Windows(tuple(Window(weekday, 0, 1440) for weekday in range(7)))
HOURS = times("Mon-Fri 9-17")
TAMSIN = Worker(1, "Tamsin", HOURS, BASE)
PIRAN = Worker(2, "Piran", HOURS, BASE)
WANTED = Wanted("shared_review", 60, DAY, DAY, BASE, family_times=ALWAYS)
COVER = {"at_home": True, "cover": (span("08:30-18:00"),)}
LIGHT = {"level": "raised", "daylight": daylight_spans(DAY, DAY, spot_for("TR1"))}


def search(**changed: Any) -> Found:
    """A search for the hour with Tamsin; what is changed goes to whom or what has it."""
    asked, who, others = asked_for(changed)
    return find_slots(asked, (who,), **others)


def refused(start: datetime, second: Worker | None = None, **changed: Any) -> tuple[Refusal, ...]:
    asked, who, others = asked_for(changed)
    return check_slot(asked, who, second, start, **others)


def asked_for(changed: dict[str, Any]) -> tuple[Wanted, Worker, dict[str, Any]]:
    of_worker = {field.name for field in fields(Worker)} & changed.keys()
    of_wanted = {field.name for field in fields(Wanted)} & changed.keys()
    asked = replace(WANTED, **{name: changed[name] for name in of_wanted})
    who = replace(TAMSIN, **{name: changed[name] for name in of_worker})
    others = {"rules": RULES, "now": NOW, "bank_holidays": bank_holidays(asked.first, asked.last)}
    rest = changed.keys() - of_worker - of_wanted
    return asked, who, {**others, **{name: changed[name] for name in rest}}


def runs(starts: Iterable[datetime]) -> str:
    """Starts in order as runs of quarter hours: '09:00-10:00 12:00'."""
    found: list[list[datetime]] = []
    for start in sorted(set(starts)):
        if found and start - found[-1][-1] == timedelta(minutes=15):
            found[-1].append(start)
        else:
            found.append([start])
    walls = [[f"{clock.london(one):%H:%M}" for one in run] for run in found]
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else run[0] for run in walls)


def slot_at(found: Found, wall: str, day: date = DAY) -> Slot:
    return next(slot for slot in found.slots if slot.starts_at == at(wall, day))
