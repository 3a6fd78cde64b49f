"""Several people planning at one instant: all of one plan is booked, and nothing of another."""

import threading
from dataclasses import replace

from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.programmes.dates import Line, plan_dates
from app.programmes.models import Programme
from app.programmes.queries import open_programme
from app.programmes.start import start_programme
from app.scheduling.models import Appointment, Reservation
from tests.cast import NOW, Cast
from tests.programmes.course import TODAY, started
from tests.programmes.test_dates import weekly

AT_ONCE = 6


def race(app: Flask, plans: list[tuple[int, list[Line]]], staff_id: int) -> list[str]:
    """Each plan (a programme and its lines) in a thread of its own, started together; what each was
    told ('' for booked)."""
    barrier, told = threading.Barrier(len(plans)), ["never ended"] * len(plans)

    def run(place: int, programme_id: int, lines: list[Line]) -> None:
        def act() -> None:
            programme = db.session.get_one(Programme, programme_id)
            by = db.session.get(Staff, staff_id)
            plan_dates(programme, lines, by=by, at=NOW, opened_at=1)

        with app.app_context():
            barrier.wait()
            try:
                transact(act)
                told[place] = ""
            except DomainError as refused:
                told[place] = refused.message
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=run, args=(place, *plan)) for place, plan in enumerate(plans)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def held() -> tuple[int, int]:
    """How many appointments there are, and how many people are held."""
    return tuple(
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Appointment, Reservation)
    )


def by_phone(lines: list[Line], once: str, family_id: int | None = None) -> list[Line]:
    return [
        replace(
            line,
            booking=replace(
                line.booking, how="phone", place_id=None, once=f"{once}:{number}",
                family_id=family_id or line.booking.family_id,
            ),
        )
        for number, line in enumerate(lines)
    ]  # fmt: skip


def test_one_form_sent_many_times_at_once_makes_one_of_each(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines, programme_id, staff_id = weekly(cast, programme), programme.id, cast.jago.id
    db.session.remove()

    told = race(app, [(programme_id, lines)] * AT_ONCE, staff_id)

    assert told == [""] * AT_ONCE
    assert held() == (6, 12)


def test_of_several_people_who_plan_one_programme_one_does(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines, programme_id, staff_id = weekly(cast, programme), programme.id, cast.jago.id
    db.session.remove()

    told = race(
        app, [(programme_id, by_phone(lines, f"form-{n}")) for n in range(AT_ONCE)], staff_id
    )

    assert told.count("") == 1, told
    assert all("changed by somebody else" in words for words in told if words), told
    assert held() == (6, 12)


def test_of_two_families_who_want_the_same_times_one_has_them_all(app: Flask, cast: Cast) -> None:
    programme, family_id = started(cast), cast.jodie.id
    transact(lambda: record_choice(cast.jodie, "yes", on=TODAY, how="phone", by=cast.jago, at=NOW))
    transact(lambda: start_programme(cast.jodie, cast.tamsin.id, 3, on=TODAY, by=cast.jago, at=NOW))
    other = open_programme(family_id)
    assert other is not None
    ours = weekly(cast, programme)
    theirs = by_phone(weekly(cast, other), "theirs", family_id)
    plans = [(programme.id, by_phone(ours, "ours")), (other.id, theirs[::-1])] * 2
    staff_id = cast.jago.id
    db.session.remove()

    told = race(app, plans, staff_id)

    assert told.count("") == 2, "the same form twice"
    assert told[0] == told[2]
    assert told[1] == told[3]
    assert any("with another family" in words for words in told), told
    assert held() == (6, 12)
