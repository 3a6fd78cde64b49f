"""A day that breaks, for the tests of replanning: Tamsin is away on the Tuesday of Hannah's visit.

Elowen lives near and may go instead; Kerensa is an hour and a half away.
"""

from datetime import datetime, timedelta

from app.accounts.models import Staff
from app.clock import midnight
from app.db import db, transact
from app.scheduling.absences.absence import add_absence
from app.scheduling.book import book
from app.scheduling.models import Appointment
from app.scheduling.replan.breaks import ABSENCE, Broken
from app.scheduling.replan.day import Planned, plan_day
from app.scheduling.replan.facts import read_cases
from app.settings import store
from tests.cast import NOW, Cast, staff
from tests.programmes.course import VIDEO_DAY, at, wanted

TUESDAY = VIDEO_DAY
DAY = (midnight(TUESDAY), midnight(TUESDAY + timedelta(days=1)))


def elowen(gender: str | None = None, languages: tuple[str, ...] = ("English",)) -> Staff:
    person = staff("Elowen Shevchenko", "practitioner", "07700900611", "TR15 1AA", visits=True)
    person.gender, person.languages = gender, list(languages)
    db.session.add(person)
    db.session.commit()
    return person


def booked(cast: Cast, kind: str = "goals_visit", hour: int = 11, **more) -> Appointment:
    """Hannah's visit on the Tuesday, at eleven, with Tamsin."""
    return transact(
        lambda: book(wanted(cast, kind, at(TUESDAY, hour), **more), by=cast.jago, at=NOW)
    )


def ill(cast: Cast, since: datetime = DAY[0], until: datetime = DAY[1]) -> Broken:
    transact(lambda: add_absence(cast.tamsin, "sickness", since, until, by=cast.jago, at=NOW))
    return Broken(ABSENCE, "Tamsin Nance is away", since, until, cast.tamsin.id)


def planned(broken: Broken, *rows: Appointment, now: datetime = NOW) -> Planned:
    facts = read_cases(rows, broken, store.current(), at=now)
    return plan_day(facts.cases, facts.team, facts.terms, facts.first, facts.last)
