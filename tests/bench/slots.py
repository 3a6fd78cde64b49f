"""Free slots for one practitioner and for ten over 4 weeks, against the bare reading of the same
rows.
"""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.scheduling.facts import Ask, read_facts
from app.scheduling.slots import find_slots
from app.settings import store
from app.working_days import bank_holidays
from tests.bench.floor import bare, recorded
from tests.bench.many import NOW
from tests.bench.years import fill

FIRST = NOW.date() + timedelta(days=2)
SHOWN = 5  # as many as a page shows at first are made; the others are ranked and counted


def search(staff_ids: tuple[int, ...], first: date, last: date) -> int:
    rules = store.current()
    ask = Ask(kind="goals_visit", family_id=1, minutes=60, staff_ids=staff_ids, place_id=1)
    facts = read_facts(ask, first, last, rules, on=first)
    found = find_slots(
        facts.wanted, facts.workers, rules, now=NOW, bank_holidays=bank_holidays(first, last)
    )
    return len(found.slots) if found.slots[:SHOWN] else 0


def measure(
    database: str,
    service: Callable[[str], Flask],
    best: Callable[..., list[float]],
) -> None:
    app = service(database)
    with app.app_context():
        fill(200, 2000)
        ids = tuple(
            db.session.scalars(select(Staff.id).where(Staff.takes_visits).order_by(Staff.id))
        )
        print(
            f"\n{database}: free slots against the bare reading of the same rows (2,000 appointments)"
        )
        print(
            f"  {'search':<26}{'ms':>8}{'floor':>8}{'ratio':>8}{'aim':>6}{'statements':>12}{'slots':>8}"
        )
        for words, who, weeks in (
            ("one practitioner, a day", ids[:1], 0),
            ("one practitioner, 4 weeks", ids[:1], 4),
            ("ten practitioners, 4 weeks", ids, 4),
            ("ten practitioners, 6 weeks", ids, 6),
        ):
            last = FIRST + timedelta(weeks=weeks)

            def work(who: tuple[int, ...] = who, last: date = last) -> int:
                db.session.expunge_all()
                return search(who, FIRST, last)

            slots = work()
            reads = recorded(work)
            took, floor = best(work, bare(reads))
            print(
                f"  {words:<26}{took:>8.1f}{floor:>8.2f}{took / floor:>8.2f}{'≤ 2':>6}"
                f"{len(reads):>12}{slots:>8}"
            )
        db.session.remove()
        db.engine.dispose()
