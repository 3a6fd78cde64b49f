"""What must hold when many do the same thing at one instant, on both databases."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.accounts import attempts, invite, leaving
from app.accounts.models import SignInAttempt, Staff
from app.db import db, transact
from app.errors import DomainError
from app.settings.rules import Rules
from tests.accounts.conftest import HASH
from tests.cast import NOW

AT = NOW


def at_once(app: Flask, acts: list[Callable[[], Any]]) -> list[str]:
    """Run acts in threads that start together; 'done' or the refusal of each."""
    db.session.commit()  # else this thread holds the writer's place on SQLite
    start = threading.Barrier(len(acts))
    ended: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                transact(act)
                ended.append("done")
            except DomainError as error:
                ended.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_sixteen_tries_at_once_are_counted_exactly(app, staff):
    ours = attempts.account_digest(staff.tamsin.email), attempts.address_digest("203.0.113.5")

    ended = at_once(app, [lambda: attempts.count_attempt(*ours, browser=None, at=AT)] * 16)

    assert (ended.count("done"), ended.count("TooManyAttempts")) == (10, 6)
    assert db.session.scalar(select(func.count(SignInAttempt.id))) == 10


def test_a_link_used_twice_at_once_sets_one_password(app, staff):
    token = transact(
        lambda: invite.link_for_new_staff(staff.tamsin, by="cli", at=AT).rpartition("/")[2]
    )

    ended = at_once(app, [lambda: invite.set_password(token, HASH, at=AT)] * 4)

    assert sorted(ended) == ["DomainError"] * 3 + ["done"]


def test_of_the_last_two_managers_one_stays(app, staff, unfrozen):
    staff.jago.role = "manager"
    db.session.commit()
    numbers = staff.jago.id, staff.morwenna.id

    def leave(number: int) -> Callable[[], None]:
        return lambda: leaving.leave_staff(
            db.session.get(Staff, number), hand_to=None, by="cli", at=AT
        )

    ended = at_once(app, [leave(number) for number in numbers])

    assert sorted(ended) == ["DomainError", "done"]


def test_the_limits_are_those_that_were_decided():
    assert attempts.FROM_KNOWN_BROWSER == attempts.ACCOUNT_AND_ADDRESS == (10, attempts.QUARTER)
    assert attempts.ADDRESS == (50, attempts.QUARTER)
    assert attempts.ACCOUNT_FROM_STRANGERS == (60, attempts.HOUR)
    assert (Rules().idle_minutes, Rules().session_hours) == (30, 12)
