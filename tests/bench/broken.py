"""A broken day of 12 visits: reading, options and the plan; the aim is a second.

Bad weather on a day of ten practitioners, all of whose home visits have to move; one of them away
for as many days as hold twelve visits; and the same as twelve reviews, which all rather wait for
the one who is away and so are hardest to plan.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.access import User
from app.accounts.models import Staff
from app.db import db
from app.scheduling.absences.absence import add_absence
from app.scheduling.models import LIVE, Appointment
from app.scheduling.replan.breaks import ABSENCE, WEATHER, Broken, affected
from app.scheduling.replan.day import Planned, plan_day
from app.scheduling.replan.facts import read_cases
from app.settings import store
from tests.bench.many import NOW
from tests.bench.years import fill
from tests.sessions import signed_in
from tests.statements import statements

VISITS = 12
TURNS = 10


def planned(broken: Broken, user: User, kind: str = "") -> Planned:
    """The plan of a broken day; with `kind` all of its visits are taken for one kind."""
    rows, _ = affected(broken, user, at=NOW)
    facts = read_cases(rows[:VISITS], broken, store.current(), at=NOW)
    cases = [replace(case, kind=kind or case.kind) for case in facts.cases]
    return plan_day(cases, facts.team, facts.terms, facts.first, facts.last)


def busiest_day() -> date:
    """The first date to come with twelve visits or more."""
    starts = db.session.scalars(
        select(Appointment.starts_at)
        .where(Appointment.status.in_(LIVE), Appointment.starts_at > NOW + timedelta(days=1))
        .order_by(Appointment.starts_at)
    ).all()
    days = [clock.london(at).date() for at in starts]
    return next(day for day in days if days.count(day) >= VISITS)


def away() -> Broken:
    """Whoever has most to come is away until after the twelfth."""
    number = func.count(Appointment.id)
    who, _ = db.session.execute(
        select(Appointment.staff_id, number)
        .where(Appointment.status.in_(LIVE), Appointment.starts_at > NOW)
        .group_by(Appointment.staff_id)
        .order_by(number.desc(), Appointment.staff_id)
        .limit(1)
    ).one()
    last: datetime = db.session.scalars(
        select(Appointment.ends_at)
        .where(
            Appointment.staff_id == who, Appointment.status.in_(LIVE), Appointment.starts_at > NOW
        )
        .order_by(Appointment.starts_at)
        .limit(VISITS)
    ).all()[-1]
    until = clock.midnight(clock.london(last).date() + timedelta(days=1))
    person = db.session.get_one(Staff, who)
    add_absence(person, "sickness", NOW, until, by="bench", at=NOW)
    db.session.commit()
    return Broken(ABSENCE, f"{person.name} is away", NOW, until, who)


def page_of(client: FlaskClient, address: str | None) -> str:
    """The milliseconds of the whole page, if there is one of this day."""
    if address is None:
        return ""
    times = []
    for _ in range(TURNS):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        times.append(time.perf_counter() - start)
    return f"{min(times) * 1000:.0f}"


def measure(database: str, service: Callable[[str], Flask]) -> None:
    app = service(database)
    with app.app_context():
        fill(200, 2000)
        user = db.session.scalars(select(Staff).where(Staff.role == "manager")).first()
        assert user is not None
        db.session.refresh(user)
        db.session.expunge(user)
        day = busiest_day()
        midnight = clock.midnight(day)
        days = {
            "bad weather": Broken(WEATHER, "Snow", midnight, midnight + timedelta(days=1)),
            "somebody away": away(),
        }
        days["reviews that wait"] = days["somebody away"]
        client = signed_in(app, user)
        pages = {"bad weather": f"/replan/weather/{day}"}
        print(f"\n{database}: a broken day of {VISITS} visits replanned")
        print(
            f"  {'day':<18}{'ms':>8}{'aim':>8}{'statements':>12}{'visits':>8}{'options':>9}"
            f"{'asked':>7}{'exact':>7}{'page ms':>9}"
        )
        for words, broken in days.items():
            times, kind = [], "shared_review" if words == "reviews that wait" else ""
            for _ in range(TURNS):
                db.session.expunge_all()
                with statements() as seen:
                    start = time.perf_counter()
                    found = planned(broken, user, kind)
                    times.append(time.perf_counter() - start)
            print(
                f"  {words:<18}{min(times) * 1000:>8.0f}{'≤ 1000':>8}{len(seen):>12}"
                f"{len(found.cases):>8}{sum(map(len, found.options)):>9}"
                f"{found.plan.cost.asked:>7}{'yes' if found.plan.exact else 'no':>7}{page_of(client, pages.get(words)):>9}"
            )
        db.session.remove()
        db.engine.dispose()
