"""The duty rota: who holds when, the gaps and what they prevent."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.access import MANAGER
from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.errors import DomainError
from app.risk.cover_days import gaps, turns
from app.risk.duty import cover, covering
from app.risk.models import Duty
from app.risk.rota import remove_duty, set_duty
from app.settings import store
from tests.cast import NOW, Cast

TODAY = NOW.date()
OFFICE = (8 * 60 + 30, 18 * 60)


@pytest.fixture(autouse=True)
def nobody_is_set(cast: Cast) -> None:
    db.session.query(Duty).delete()
    db.session.commit()


def setting(cast: Cast, **change) -> list[Duty]:
    values = {
        "manager": cast.morwenna, "buddy": cast.jago, "first": TODAY, "last": TODAY,
        "start": OFFICE[0], "end": OFFICE[1], **change,
    }  # fmt: skip
    return transact(lambda: set_duty(**values, by=cast.morwenna, at=NOW))


def test_a_week_is_a_row_for_each_day(app: Flask, cast: Cast) -> None:
    rows = setting(cast, last=TODAY + timedelta(days=4))

    assert len(rows) == 5
    manager, buddy = covering(NOW, store.current())
    assert manager is not None
    assert buddy is not None
    assert (manager.id, buddy.id) == (cast.morwenna.id, cast.jago.id)


@pytest.mark.parametrize(
    ("change", "words", "field"),
    [
        ({"last": TODAY - timedelta(days=1)}, "before the first", "last"),
        ({"last": TODAY + timedelta(days=60)}, "at most 60 days", "last"),
        ({"start": 600, "end": 600}, "after the start", "end"),
        ({"end": 9 * 60}, "over already", "last"),
    ],
)
def test_days_that_cannot_be_are_refused(
    app: Flask, cast: Cast, change: dict, words: str, field: str
) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        setting(cast, **change)

    assert refused.value.field == field
    assert db.session.query(Duty).count() == 0


def test_people_who_cannot_answer_are_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError, match="must be a manager"):
        setting(cast, manager=cast.jago)
    with pytest.raises(DomainError, match="somebody else"):
        setting(cast, buddy=cast.morwenna)
    cast.morwenna.mobile = None
    db.session.commit()
    with pytest.raises(DomainError, match="no mobile"):
        setting(cast)


def test_what_is_over_stays_on_the_rota(app: Flask, cast: Cast) -> None:
    row = setting(cast)[0]

    with pytest.raises(DomainError, match="stays on record"):
        remove_duty(row, by=cast.morwenna, at=NOW + timedelta(days=1))
    transact(lambda: remove_duty(row, by=cast.morwenna, at=NOW))
    assert db.session.query(Duty).count() == 0


def test_the_row_set_last_holds_where_two_overlap(app: Flask, cast: Cast) -> None:
    denzel = Staff(
        name="Denzel Nowak", email="denzel.nowak@example.org", mobile="+447700900111",
        role=MANAGER, languages=["English"], created_at=NOW,
    )  # fmt: skip
    db.session.add(denzel)
    db.session.commit()
    setting(cast)
    setting(cast, manager=denzel, start=12 * 60, end=14 * 60)

    shown = turns(TODAY, db.session.query(Duty).all())

    assert [turn.row.manager_id for turn in shown] == [
        cast.morwenna.id, denzel.id, cast.morwenna.id,
    ]  # fmt: skip


def test_a_gap_says_what_it_prevents(app: Flask, cast: Cast) -> None:
    rules = store.current()
    setting(cast, end=15 * 60)
    covered = cover(TODAY, TODAY, rules)

    found = gaps([TODAY], covered, rules)

    assert [gap.prevents for gap in found] == ["no home visits that end after 14:00"]
    assert found[0].starts_at == at_london(TODAY, OFFICE_END)
    assert gaps([TODAY], (), rules)[0].prevents == "no home visits that day"
    saturday = date(2026, 11, 28)
    assert gaps([saturday], (), rules) == []


OFFICE_END = (NOW + timedelta(hours=5)).time()
