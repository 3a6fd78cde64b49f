"""The table of an outbox row's states: nothing leaves it, and what has gone never waits again."""

from itertools import pairwise

import pytest
from sqlalchemy import inspect

from app.db import db
from app.messaging.models import Outbox
from app.messaging.states import (
    GONE,
    HANDED_OVER,
    NEXT,
    NOT_REACHED,
    NOT_SENT,
    STATE_WORDS,
    STATES,
    UNSURE,
    WAITING,
    NoSuchMove,
    before,
    check,
    may_go,
)
from tests.messaging.steps import stored


def reachable(start: str, *, not_by: tuple[str, ...] = ()) -> set[str]:
    found, look = {start}, [start]
    while look:
        for state in NEXT[look.pop()] - found - set(not_by):
            found.add(state)
            look.append(state)
    return found


def test_every_state_has_a_word_and_can_be_come_to():
    assert set(STATE_WORDS) == set(STATES) == reachable("ready")


@pytest.mark.parametrize("state", GONE)
def test_what_the_provider_took_is_never_sent_again_unless_it_said_that_it_failed(state):
    again = {"ready", "sending", "unknown", "held"}

    assert reachable(state, not_by=("failed", "undelivered")).isdisjoint(again)


def test_what_may_have_gone_waits_again_only_by_a_certain_no():
    """The two last: once, where its code says that it did not arrive (fault 8)."""
    assert before("ready") == ("held", "sending", "unknown", "undelivered", "failed", "cancelled")
    assert before("sending") == ("ready",)
    assert before("unknown") == ("sending",)


def test_what_a_person_stops_was_not_handed_over():
    for state in NOT_SENT:
        assert before(state) == WAITING


def test_delivered_is_the_end_and_overrules_all_else():
    assert NEXT["delivered"] == frozenset()
    assert set(before("delivered")) == set(STATES) - {"delivered"}


def test_the_groups_hold_each_state_once_where_they_must():
    assert set(HANDED_OVER) | set(NOT_REACHED) | set(WAITING) == set(STATES)
    assert not set(UNSURE) & {"sending", *GONE}


def test_a_move_that_is_not_in_the_table_is_refused(app, queue):
    check("sent", "sent")
    with pytest.raises(NoSuchMove, match="sent does not become ready"):
        check("sent", "ready")
    row = stored(queue(1))
    for state, after in pairwise(("ready", "sending", "accepted", "delivered")):
        assert may_go(state, after)
        row.state = after
    with pytest.raises(NoSuchMove):
        row.state = "sending"


def test_the_database_holds_the_same_states_as_the_table(app):
    (rule,) = [
        check["sqltext"]
        for check in inspect(db.engine).get_check_constraints(Outbox.__tablename__)
        if check["name"] == "ck_outbox_state"
    ]
    assert all(f"'{state}'" in rule for state in STATES)
    assert rule.count("'") == 2 * len(STATES)
