"""Own calendars: whose address is set by whom, from which hosts, and what goes with it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from app.accounts.leaving import leave_staff
from app.audit.models import AuditEntry
from app.db import db, transact
from app.errors import DomainError, Stale
from app.scheduling.own_calendars.models import BusyTime
from app.scheduling.own_calendars.own_calendar import (
    host_of,
    of_staff,
    read_again,
    remove_calendar,
    set_calendar,
)
from app.scheduling.own_calendars.read import read_next
from app.settings import store
from tests.cast import NOW, Cast
from tests.scheduling.own_calendars import (
    ADDRESS,
    OTHER,
    Reader,
    answers,
    at,
    busy_of,
    reads,
    row_of,
    set_for,
    ten,
)
from tests.statements import named

pytestmark = pytest.mark.usefixtures("monday")


def test_removing_it_forgets_every_time(cast: Cast) -> None:
    set_for(cast.tamsin)
    set_for(cast.kerensa, OTHER)
    reads(answers(ten()), answers(ten()))

    transact(lambda: remove_calendar(cast.tamsin, by=cast.jago, at=NOW))

    assert (of_staff(cast.tamsin), busy_of(cast.tamsin)) == (None, [])
    assert busy_of(cast.kerensa) == [(at(10), at(11))]
    transact(lambda: remove_calendar(cast.tamsin, by=cast.jago, at=NOW))  # twice is no matter


def test_a_reading_that_is_recorded_as_it_is_removed_leaves_nothing(cast: Cast) -> None:
    set_for(cast.tamsin)
    times = {"staff_id": cast.tamsin.id, "starts_at": at(10), "ends_at": at(11)}

    def recorded(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """Where two write at once: the worker commits just before the calendar is deleted."""
        if named(statement) == "DELETE own_calendar" and db.engine.dialect.name == "postgresql":
            with db.engine.begin() as worker:
                worker.execute(insert(BusyTime).values(times))

    event.listen(db.engine, "before_cursor_execute", recorded)
    try:
        transact(lambda: remove_calendar(cast.tamsin, by=cast.tamsin, at=NOW))
    finally:
        event.remove(db.engine, "before_cursor_execute", recorded)

    assert (of_staff(cast.tamsin), busy_of(cast.tamsin)) == (None, [])


def test_who_leaves_takes_it_along(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers(ten()))

    transact(lambda: leave_staff(cast.tamsin, hand_to=cast.kerensa, by=cast.morwenna, at=NOW))

    assert (of_staff(cast.tamsin), busy_of(cast.tamsin)) == (None, [])
    with pytest.raises(DomainError, match="has left"):
        set_for(cast.tamsin, by=cast.jago)


def test_read_it_now(cast: Cast) -> None:
    set_for(cast.tamsin)
    reads(answers())
    soon = NOW + timedelta(minutes=2)
    assert not read_next(at=soon, read=Reader())

    transact(lambda: read_again(cast.tamsin, by=cast.tamsin, at=soon))

    reads(answers(ten()), on=soon)
    with pytest.raises(DomainError, match="no calendar to read"):
        read_again(cast.kerensa, by=cast.jago, at=NOW)


def test_a_form_opened_before_a_change_is_refused(cast: Cast) -> None:
    set_for(cast.tamsin)
    set_for(cast.tamsin, OTHER)

    for seen in (0, 1):
        with pytest.raises(Stale):
            transact(
                lambda seen=seen: set_calendar(
                    cast.tamsin, ADDRESS, by=cast.tamsin, at=NOW, expect_version=seen
                )
            )


def test_only_oneself_and_those_who_arrange(cast: Cast) -> None:
    for by in (cast.jago, cast.morwenna, cast.tamsin):
        set_for(cast.tamsin, by=by)
    for act in (
        lambda: set_calendar(cast.tamsin, OTHER, by=cast.kerensa, at=NOW),
        lambda: read_again(cast.tamsin, by=cast.kerensa, at=NOW),
        lambda: remove_calendar(cast.tamsin, by=cast.kerensa, at=NOW),
    ):
        with pytest.raises(DomainError, match="they themselves"):
            transact(act)
    assert row_of(cast.tamsin).address == ADDRESS


def test_hosts_that_are_not_on_the_list_are_refused_and_a_manager_adds_one(cast: Cast) -> None:
    typed = "https://cloud.example.org/tamsin.ics"
    with pytest.raises(DomainError, match="A manager can add one") as refused:
        set_for(cast.tamsin, typed)
    assert refused.value.field == "address"

    transact(
        lambda: store.change_setting(
            "calendar_hosts", "cloud.example.org", by=cast.morwenna, at=NOW
        )
    )

    assert set_for(cast.tamsin, typed).address == typed
    with pytest.raises(DomainError, match=r"from cloud\.example\.org only"):
        set_for(cast.tamsin)


def test_the_address_is_shown_to_nobody_whole_and_stands_in_no_audit(cast: Cast) -> None:
    assert host_of(set_for(cast.tamsin)) == "calendar.google.com"
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == "staff:calendar_set")
    ).one()
    assert (entry.subject, entry.detail) == (
        f"staff:{cast.tamsin.id}", {"host": "calendar.google.com"},
    )  # fmt: skip
