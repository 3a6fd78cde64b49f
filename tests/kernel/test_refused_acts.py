"""Nothing of a refused act is stored, however it wrote; one that only read leaves what was read."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import inspect, text, update

from app.db import db, lock, transact
from app.errors import DomainError
from app.families.models import Carer
from app.places.models import Place
from tests.cast import NOW, Cast

REFUSED = "This cannot be done."


def a_new_row() -> None:
    db.session.add(Place(name="Elsewhere", kind="venue", created_at=NOW))


def a_row_that_is_written() -> None:
    a_new_row()
    db.session.flush()


def a_changed_value() -> None:
    db.session.get_one(Carer, 1).first_name = "Other"


def a_changed_value_that_is_written() -> None:
    a_changed_value()
    db.session.flush()


def a_statement() -> None:
    db.session.execute(update(Carer).values(first_name="Other"))


def a_statement_in_words() -> None:
    db.session.execute(text("  UPDATE carer SET first_name = 'Other'"))


def a_deleted_row() -> None:
    db.session.execute(text("DELETE FROM carer"))


WAYS = [
    a_new_row, a_row_that_is_written, a_changed_value, a_changed_value_that_is_written,
    a_statement, a_statement_in_words, a_deleted_row,
]  # fmt: skip


def stored() -> list[object]:
    db.session.rollback()
    rows = db.session.execute(text("SELECT id, first_name FROM carer ORDER BY id")).all()
    places = db.session.execute(text("SELECT count(*) FROM place")).scalar()
    db.session.rollback()
    return [*rows, places]


@pytest.mark.parametrize("write", WAYS)
def test_what_a_refused_act_wrote_is_not_stored(
    app: Flask, cast: Cast, write: Callable[[], None]
) -> None:
    before = stored()

    def act() -> None:
        write()
        raise DomainError(REFUSED)

    with pytest.raises(DomainError, match=REFUSED):
        transact(act)

    assert db.session.get_one(Carer, 1).first_name != "Other"
    assert stored() == before


def test_a_refusal_after_reading_leaves_what_was_read_and_holds_nothing(
    app: Flask, cast: Cast
) -> None:
    carer = db.session.get_one(Carer, 1)

    def act() -> None:
        lock([(1, 1)])
        raise DomainError(REFUSED)

    with pytest.raises(DomainError, match=REFUSED):
        transact(act)

    assert not db.session().in_transaction()
    assert "first_name" not in inspect(carer).expired_attributes
