"""Tasks that two processes open at one instant."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.db import db, transact
from app.tasks.models import Task
from app.tasks.open import open_task
from tests.cast import NOW, Cast


def ask(words: str, **more: object) -> None:
    transact(lambda: open_task("number", words, about=("carer", 1), due_at=NOW, at=NOW, **more))


@pytest.fixture
def together(app: Flask) -> Iterator[threading.Barrier]:
    """Nobody stores a task before everybody has looked for one (where two can write at once)."""
    barrier = threading.Barrier(2)

    def wait(_session: object, _context: object, _instances: object) -> None:
        if db.engine.dialect.name == "postgresql" and any(
            isinstance(row, Task) for row in db.session.new
        ):
            barrier.wait(timeout=20)

    event.listen(db.session, "before_flush", wait)
    yield barrier
    event.remove(db.session, "before_flush", wait)


def test_two_processes_that_ask_for_one_thing_make_one_task_and_neither_fails(
    app: Flask, cast: Cast, together: threading.Barrier
) -> None:
    failed: list[BaseException] = []

    def run(words: str) -> None:
        with app.app_context():
            try:
                ask(words)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(f"Ring {name}.",)) for name in ("her", "him")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(db.session.scalars(select(Task)).all()) == 1


def test_one_thing_may_ask_for_two_people(cast: Cast) -> None:
    for number in (1, 2, 2):
        ask("Ring.", whom=("carer", number))

    assert len(db.session.scalars(select(Task)).all()) == 2
