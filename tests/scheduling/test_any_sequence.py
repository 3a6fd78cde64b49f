"""Whatever is booked, moved, cancelled, asked to change or laid under an absence, in any order:
what is held matches what stands, exactly; and every time that the search offers can be had.

Each sequence is drawn from the seed in its name, so a failure can be run again.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from random import Random

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.errors import DomainError
from app.families.models import Family
from app.risk.models import Assessment
from app.scheduling.absences.absence import add_absence
from app.scheduling.answer import ask_change, keep
from app.scheduling.book import Booking, book
from app.scheduling.cancel import cancel
from app.scheduling.models import LIVE, Appointment, Reservation
from app.scheduling.move import Change, move
from app.scheduling.outcome import record_outcome
from app.scheduling.reservations import subjects_of
from app.scheduling.search import Wish, find_times
from app.scheduling.wanted import Slot
from app.settings import store
from tests import cast as people
from tests.cast import NOW, Cast
from tests.conversations.arranging import said

STEPS = 24
SEEDS = (1, 2, 3, 4)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


class Story:
    """One team and its families, on whom a die is thrown again and again."""

    def __init__(self, cast: Cast, seed: int, travel: time_machine.Traveller):
        self.cast, self.die, self.travel = cast, Random(seed), travel
        self.staff = [cast.tamsin, cast.kerensa]
        high = people.family("F1077", "Demelza", "Hicks", "+447700900331", "TR1 2JW", cast.tamsin)
        db.session.query(Assessment).filter_by(place_id=high.home_id).update({"level": "high"})
        self.families = [cast.hannah, cast.jodie, high]
        for family in self.families:
            said(cast, "yes", family)
        db.session.commit()
        self.done: list[str] = []

    def wish(self, family: Family, ignoring: Appointment | None = None) -> Wish:
        where = self.die.choice([family.home_id, self.cast.hub.id])
        return Wish(
            family_id=family.id, kind="goals_visit", minutes=self.die.choice([45, 60, 90]),
            staff_ids=self.die.choice([(), (self.die.choice(self.staff).id,)]),
            place_id=where, weeks=self.die.choice([1, 3]),
            ignoring=(ignoring.id,) if ignoring else (),
        )  # fmt: skip

    def offered(self, wish: Wish) -> Slot | None:
        slots = find_times(wish, store.current(), at=clock.now(), opens=False).found.slots
        db.session.rollback()
        return self.die.choice(slots[:40]) if slots else None

    def one_standing(self) -> Appointment | None:
        rows = db.session.scalars(
            select(Appointment).where(Appointment.status.in_(LIVE)).order_by(Appointment.id)
        ).all()
        return self.die.choice(rows) if rows else None

    def book(self) -> None:
        wish = self.wish(self.die.choice(self.families))
        if slot := self.offered(wish):
            wanted = Booking(
                kind=wish.kind, family_id=wish.family_id, staff_id=slot.worker_id,
                second_id=slot.second_worker_id, starts_at=slot.starts_at, minutes=wish.minutes,
                place_id=wish.place_id,
            )  # fmt: skip
            transact(lambda: book(wanted, by=self.cast.jago, at=clock.now()))

    def move(self) -> None:
        row = self.one_standing()
        if row is None:
            return
        family = db.session.get_one(Family, row.family_id)
        wish = self.wish(family, ignoring=row)
        if slot := self.offered(wish):
            change = Change(
                starts_at=slot.starts_at, staff_id=slot.worker_id, second_id=slot.second_worker_id,
                place_id=wish.place_id, minutes=wish.minutes,
            )  # fmt: skip
            transact(lambda: move(row, change, by=self.cast.jago, at=clock.now()))

    def move_anywhere(self) -> None:
        """To a time that nobody looked up: had, or refused with nothing changed."""
        if row := self.one_standing():
            start = clock.now() + timedelta(minutes=15 * self.die.randrange(2000))
            try_to(lambda: move(row, Change(start), by=self.cast.jago, at=clock.now()))

    def cancel(self) -> None:
        if row := self.one_standing():
            transact(lambda: cancel(row, "family_asked", by=self.cast.jago, at=clock.now()))

    def ask_to_change(self) -> None:
        if row := self.one_standing():
            try_to(
                lambda: ask_change(
                    row, "Another day", by=self.cast.jago, at=clock.now(), how="text"
                )
            )

    def keep(self) -> None:
        if row := self.one_standing():
            try_to(lambda: keep(row, by=self.cast.jago, at=clock.now(), how="text"))

    def be_away(self) -> None:
        person: Staff = self.die.choice(self.staff)
        day = clock.today() + timedelta(days=self.die.randrange(1, 20))
        start = at_london(day, time(self.die.choice([0, 12])))
        end = at_london(day + timedelta(days=1), time(0))
        try_to(lambda: add_absence(person, "leave", start, end, by=self.cast.jago, at=NOW))

    def let_days_pass(self) -> None:
        """What has been by then took place, or the family was not there."""
        self.travel.shift(timedelta(days=2))
        rows = db.session.scalars(
            select(Appointment).where(
                Appointment.status.in_(LIVE), Appointment.ends_at <= clock.now()
            )
        ).all()
        for row in rows:
            outcome = self.die.choice(["done", "not_seen"])
            try_to(lambda row=row, outcome=outcome: record_outcome(
                row, outcome, by=self.cast.jago, at=clock.now()
            ))  # fmt: skip

    def step(self) -> None:
        acts = {
            self.book: 8, self.move: 5, self.move_anywhere: 2, self.cancel: 3,
            self.ask_to_change: 1, self.keep: 2, self.be_away: 1, self.let_days_pass: 1,
        }  # fmt: skip
        [act] = self.die.choices(list(acts), list(acts.values()))
        self.done.append(act.__name__)
        act()
        db.session.rollback()


def try_to(act: Callable[[], object]) -> None:
    """An act that may be refused."""
    try:
        transact(act)
    except DomainError:
        db.session.rollback()


def check_held() -> None:
    """Exactly the people and the room of what stands, for its time; nobody twice at once."""
    standing = db.session.scalars(select(Appointment).where(Appointment.status.in_(LIVE)))
    wanted = sorted(
        (kind, subject, row.starts_at, row.ends_at, row.id)
        for row in standing
        for kind, subject in subjects_of(row)
    )
    held = sorted(
        (r.kind, r.subject_id, r.starts_at, r.ends_at, r.appointment_id)
        for r in db.session.scalars(select(Reservation))
    )
    assert held == wanted
    for one, two in zip(held, held[1:], strict=False):
        assert one[:2] != two[:2] or ends_before(one, two)


def ends_before(one: tuple, two: tuple) -> bool:
    ends: datetime = one[3]
    return ends <= two[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_held_matches_what_stands(
    app: Flask, cast: Cast, a_monday: time_machine.Traveller, seed: int
) -> None:
    story = Story(cast, seed, a_monday)
    for _ in range(STEPS):
        story.step()
        try:
            check_held()
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {', '.join(story.done)}") from broken
    db.session.rollback()
    assert db.session.scalars(select(Appointment)).all()
