"""The account's pace, held in the database: a text waits for its turn, an alarm never."""

from datetime import timedelta

import pytest

from app.db import db, transact
from app.messaging import channels, pace, send
from app.messaging.claim import Rest, claim_next
from app.messaging.models import Pace
from app.messaging.transports import Parcel
from app.settings.store import change_setting
from tests.cast import NOW
from tests.messaging.steps import stored, work


def not_yet(later: float = 50.0) -> None:
    """Somebody has taken turns for so many seconds to come."""
    next_turn(later)


def next_turn(later: float) -> None:
    at = seconds() + later
    transact(lambda: db.session.merge(Pace(name="text", next_at=at)))


def seconds() -> float:
    """The time by which turns are taken: this machine's, or PostgreSQL's."""
    now = pace.turn().now
    db.session.rollback()
    return now


def next_at() -> float:
    db.session.rollback()
    return db.session.get_one(Pace, "text", populate_existing=True).next_at


def test_each_text_takes_as_long_as_the_pace_says(app):
    def took() -> float:
        before, now = next_at(), seconds()
        transact(lambda: pace.take(now, 1))
        return next_at() - before

    not_yet()
    assert took() == pytest.approx(1 / 8, abs=0.001)
    transact(lambda: change_setting("text_parts_a_second", 2, by="test", at=NOW))
    assert took() == pytest.approx(1 / 2, abs=0.001)


def test_a_second_may_be_caught_up_and_no_more(app):
    next_turn(-3600)
    now = seconds()
    transact(lambda: pace.take(now, 4))
    assert next_at() - now == pytest.approx(-pace.CAUGHT_UP + 4 / 8, abs=0.01)


def test_a_text_waits_for_its_turn_and_an_alarm_and_an_email_do_not(app, people, queue):
    people.change("carer", 3, email="a@example.org", email_refusal=None)
    text = queue(1)
    alarm, email = queue(2, "alarm", to=("staff", 2)), queue(3, "letter", email=True)
    not_yet(100)
    before = next_at()
    went = [claim_next(f"sender {n}", at=NOW, paced=True) for n in range(3)]
    assert [p.row_id for p in went if isinstance(p, Parcel)] == [alarm, email]
    assert isinstance(went[2], Rest)
    assert 90 < went[2].seconds <= 100
    assert (stored(text).state, next_at()) == ("ready", before)


def test_a_long_text_takes_the_turns_of_its_parts(app, queue):
    queue(1, payload={"words": "x" * 400})
    next_turn(-0.5)
    before = next_at()
    parcel = claim_next("sender", at=NOW, paced=True)
    assert isinstance(parcel, Parcel)
    assert next_at() - before == pytest.approx(3 / 8, abs=0.01)


def test_what_does_not_go_takes_no_turn(app, people, queue):
    people.change("carer", 1, refusal="Not safe.")
    queue(1)
    next_turn(-0.5)
    before = next_at()
    assert claim_next("sender", at=NOW, paced=True) == "settled"
    assert next_at() == before


def test_a_clock_that_was_put_back_holds_up_nothing(app, queue):
    row_id = queue(1)
    not_yet(3600)
    assert isinstance(claim_next("sender", at=NOW, paced=True), Parcel)
    assert stored(row_id).state == "sending"
    assert next_at() < seconds() + 1


def test_with_twilio_a_text_is_paced(standin, queue):
    before = seconds()
    queue(1)
    work()
    assert next_at() > before - pace.CAUGHT_UP


def test_the_simulator_knows_no_pace(app, queue):
    row_id = queue(1)
    not_yet(100)
    assert send.send_next("sender", at=NOW)
    assert stored(row_id).state == "accepted"


def test_the_longest_rest_stands_and_a_send_from_before_it_ends_none(app):
    transact(lambda: channels.slow("text", timedelta(seconds=60), "slow", at=NOW))
    transact(lambda: channels.slow("text", timedelta(seconds=5), "slow", at=NOW))
    assert channels.rests() == {"text": NOW + timedelta(seconds=60)}
    transact(lambda: channels.resume("text", by="job:send", at=NOW, since=NOW))
    assert channels.rests()
    later = NOW + timedelta(seconds=61)
    transact(lambda: channels.resume("text", by="job:send", at=later, since=later))
    transact(lambda: channels.resume("text", by="job:send", at=later, since=later))
    assert channels.rests() == {}
