"""Free slots against the bare reading of the same rows: for one practitioner and for ten, at ten times
the history, among a hundred practitioners, over busy times of own calendars, with what else would
open times, in pairs, and as the page that shows the times.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import Staff
from app.db import db
from app.scheduling.facts import Ask, read_facts
from app.scheduling.models import Appointment
from app.scheduling.own_calendars.models import BusyTime
from app.scheduling.search import PAIR, Wish, find_times
from app.scheduling.slots import find_slots
from app.settings import store
from app.working_days import bank_holidays
from tests.bench.floor import bare, recorded
from tests.bench.many import NOW, PRACTITIONERS, analyse, many
from tests.bench.years import fill
from tests.sessions import signed_in
from tests.statements import statements

FIRST = NOW.date() + timedelta(days=2)
SHOWN = 5  # as many as a page shows at first are made; the others are ranked and counted
SEARCHES = (  # how many practitioners are asked for, and for how many weeks
    ("one practitioner, a day", 1, 0),
    ("one practitioner, 4 weeks", 1, 4),
    ("ten practitioners, 4 weeks", 10, 4),
    ("ten practitioners, 6 weeks", 10, 6),
)
WISH = Wish(family_id=1, kind="goals_visit", minutes=60, place_id=1, weeks=4)
TOGETHER = replace(WISH, kind=PAIR, minutes=45)
ALL_OF_IT = (  # as the page of times asks: words, how many practitioners, what for
    ("ten, 4 weeks, what opens more", 10, WISH),
    ("one, 4 weeks, with reviews", 1, TOGETHER),
    ("ten, 4 weeks, with reviews", 10, TOGETHER),
)
BUSY_A_DAY, BUSY_WEEKS = 3, 12  # on every weekday of each practitioner's own calendar
FAMILIES, APPOINTMENTS = 200, 2000
Best = Callable[..., list[float]]


class Took(NamedTuple):
    """Milliseconds of a search and of the bare reading, and how much was read and found."""

    ms: float
    floor: float
    statements: int
    slots: int


def search(staff_ids: tuple[int, ...], first: date, last: date) -> int:
    rules = store.current()
    ask = Ask(kind="goals_visit", family_id=1, minutes=60, staff_ids=staff_ids, place_id=1)
    facts = read_facts(ask, first, last, rules, on=first)
    found = find_slots(
        facts.wanted, facts.workers, rules, now=NOW, bank_holidays=bank_holidays(first, last)
    )
    return len(found.slots) if found.slots[:SHOWN] else 0


def everything(wish: Wish) -> int:
    """The whole search behind the page: also why not other times, and what would open more."""
    found = find_times(wish, store.current(), at=NOW)
    listed = found.pairs if wish.kind == PAIR else found.found.slots
    return len(listed) if listed[:SHOWN] else 0


def timed(find: Callable[[], int], best: Best) -> Took:
    def work() -> int:
        db.session.expunge_all()
        return find()

    slots = work()
    reads = recorded(work)
    return Took(*best(work, bare(reads)), len(reads), slots)


def timed_search(who: tuple[int, ...], weeks: int, best: Best) -> Took:
    return timed(lambda: search(who, FIRST, FIRST + timedelta(weeks=weeks)), best)


def timed_wish(who: tuple[int, ...], wish: Wish, best: Best) -> Took:
    return timed(lambda: everything(replace(wish, staff_ids=who)), best)


def practitioners() -> tuple[int, ...]:
    team = select(Staff.id).where(Staff.takes_visits).order_by(Staff.id)
    return tuple(db.session.scalars(team))


def fill_team(times: int) -> None:
    """So many times the practitioners, each with the hours and the appointments of one of the ten."""
    ten = db.session.scalars(select(Staff).where(Staff.takes_visits)).all()
    held = db.session.execute(
        select(Appointment.__table__).where(Appointment.starts_at > NOW)
    ).mappings()
    upcoming = [row for row in held if row["staff_id"] in {one.id for one in ten}]
    for turn in range(1, times):
        more = {
            one.id: Staff(
                name=one.name, email=f"{turn}-{one.email}", role=one.role, languages=[],
                base_postcode=one.base_postcode, hours=one.hours, takes_visits=True, created_at=NOW,
            )
            for one in ten
        }  # fmt: skip
        db.session.add_all(more.values())
        db.session.flush()
        many(
            Appointment,
            [
                {**row, "id": row["id"] + turn * APPOINTMENTS, "uid": f"{turn}-{row['uid']}",
                 "staff_id": more[row["staff_id"]].id}
                for row in upcoming
            ],
        )  # fmt: skip
    db.session.commit()


def fill_calendars(staff_ids: tuple[int, ...], seed: int = 1) -> None:
    """Own calendars: `BUSY_A_DAY` meetings of 15 to 45 minutes on every weekday, no day like another."""
    chance = random.Random(seed)
    midnight = NOW.replace(hour=0)
    weekdays = [
        day
        for day in (midnight + timedelta(days=n) for n in range(7 * BUSY_WEEKS))
        if day.weekday() < 5
    ]
    starts = [
        (staff_id, day + timedelta(hours=hour, minutes=15 * chance.randrange(2)))
        for day in weekdays
        for staff_id in staff_ids
        for hour in chance.sample(range(9, 17), BUSY_A_DAY)
    ]
    many(
        BusyTime,
        [
            {"staff_id": staff_id, "starts_at": start,
             "ends_at": start + timedelta(minutes=chance.choice((15, 30, 45)))}
            for staff_id, start in starts
        ],
    )  # fmt: skip
    db.session.commit()


def over_calendars(staff_ids: tuple[int, ...], best: Best) -> dict[str, Took]:
    """The searches of ten whose own calendars are full."""
    fill_calendars(staff_ids)
    analyse()
    took = {}
    for weeks in (4, 6):
        took[f"busy times, {weeks} weeks"] = timed_search(staff_ids, weeks, best)
        wish = replace(WISH, weeks=weeks)
        took[f"… and what opens more, {weeks} weeks"] = timed_wish(staff_ids, wish, best)
    db.session.execute(delete(BusyTime))
    db.session.commit()
    return took


def measure(database: str, service: Callable[[str], Flask], best: Best) -> None:
    app = service(database)
    with app.app_context():
        reference = fill(FAMILIES, APPOINTMENTS)
        analyse()
        ten = practitioners()
        took = {words: timed_search(ten[:asked], weeks, best) for words, asked, weeks in SEARCHES}
        whole = {words: timed_wish(ten[:asked], wish, best) for words, asked, wish in ALL_OF_IT}
        whole |= over_calendars(ten, best)
    shown = page(app, reference, best)
    with app.app_context():
        fill_team(10)
        analyse()
        hundred = practitioners()
        took["ten of a hundred, 4 weeks"] = timed_search(ten, 4, best)
        took["a hundred, 4 weeks"] = timed_search(hundred, 4, best)
        db.session.remove()
        db.engine.dispose()
    large = service(database)
    with large.app_context():
        fill(10 * FAMILIES, 10 * APPOINTMENTS)
        analyse()
        ten = practitioners()
        older = {words: timed_search(ten[:asked], weeks, best) for words, asked, weeks in SEARCHES}
        db.session.remove()
        db.engine.dispose()
    show(database, took | whole, older)
    print(
        f"  the page of ten practitioners' times: {shown[0]:.1f} ms, {shown[0] / shown[1]:.2f} times "
        f"the empty page, {shown[2]} statements"
    )


def show(database: str, took: dict[str, Took], older: dict[str, Took]) -> None:
    print(
        f"\n{database}: free slots against the bare reading of the same rows "
        f"({APPOINTMENTS:,} appointments, {PRACTITIONERS} practitioners)"
    )
    print(
        f"  {'search':<36}{'ms':>8}{'floor':>8}{'ratio':>8}{'aim':>6}{'statements':>12}{'slots':>8}"
        f"{'ten times the history':>24}{'aim':>7}"
    )
    for words, one in took.items():
        grown = f"{older[words].ms / one.ms:>24.2f}{'≤ 1.3':>7}" if words in older else ""
        print(
            f"  {words:<36}{one.ms:>8.2f}{one.floor:>8.2f}{one.ms / one.floor:>8.2f}{'≤ 2':>6}"
            f"{one.statements:>12}{one.slots:>8}{grown}"
        )


def page(app: Flask, reference: str, best: Best) -> tuple[float, float, int]:
    """Milliseconds of the page that shows anybody's times of four weeks, and of the empty page; and
    its statements. Requests begin outside any context of the application, as in service."""
    with app.app_context():
        person = db.session.scalars(select(Staff).where(Staff.role == "coordinator")).first()
        assert person is not None
        client, engine = signed_in(app, person), db.engine
    asked = {"kind": "goals_visit", "minutes": "60", "who": "any", "where": "home", "weeks": "4"}
    address = f"/families/{reference}/book/times"

    def times() -> None:
        answer = client.get(address, query_string=asked)
        assert answer.status_code == 200, f"{address}: {answer.status}"

    with statements(engine) as seen:
        times()
    shown, empty = best(times, lambda: client.get("/bench-empty"))
    return shown, empty, len(seen)
