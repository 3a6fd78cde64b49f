"""Every rule of a slot by its code: inside `book()` and `move()`, and met by hand-made forms.

A hard rule refuses whatever reason is given; a soft one asks for the reason, and keeps it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Staff
from app.db import Model, db, transact
from app.errors import DomainError
from app.scheduling.book import Booking, ask_for, book
from app.scheduling.check import refusals_at
from app.scheduling.chosen import Chosen
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.scheduling.reasons import BY_CODE
from app.settings import store
from tests.cast import NOW, Cast
from tests.programmes.course import one, says
from tests.scheduling.reading import words
from tests.scheduling.rules_broken import EVERY_RULE, Broken

SignIn = Callable[[Staff], FlaskClient]
WHY = "Morwenna said that it would be fine"
every_rule = pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.code)
written = pytest.mark.parametrize(
    "rule", [rule for rule in EVERY_RULE if rule.written], ids=lambda rule: rule.code
)
KEPT = ("appointment", "reservation", "outbox", "invitation", "task", "let_go")


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def kept() -> dict[str, list[Any]]:
    """Every row that a booking or a move writes."""
    db.session.rollback()
    tables = [Model.metadata.tables[name] for name in KEPT]
    return {t.name: db.session.execute(select(t).order_by(t.c.id)).all() for t in tables}


def booked(wanted: Booking, cast: Cast) -> Appointment:
    return transact(lambda: book(wanted, by=cast.morwenna, at=NOW))


def moved(row: Appointment, wanted: Booking, cast: Cast) -> Appointment:
    change = Change(wanted.starts_at, override_reason=wanted.override_reason)
    return transact(lambda: move(row, change, by=cast.morwenna, at=NOW))


def refuses(rule: Broken, act: Callable[[Booking], Any], wanted: Booking) -> None:
    """Without a reason the rule refuses with its sentences; a hard one with a reason too, a soft
    one with a reason of blanks. Nothing is written."""
    before = kept()
    for reason in (None, "  \n" if rule.soft else WHY):
        with pytest.raises(DomainError) as refused:
            act(replace(wanted, override_reason=reason))
        error = refused.value
        assert rule.says in error.message
        assert error.field == ("override_reason" if rule.soft else "slot")
        assert error.family == BY_CODE[rule.code].family
        assert ("Give a reason" in error.message) == rule.soft
    assert kept() == before


def test_there_is_a_case_for_every_rule_and_for_nothing_else() -> None:
    assert sorted(rule.code for rule in EVERY_RULE) == sorted(BY_CODE)


@every_rule
def test_a_booking_meets_it(cast: Cast, rule: Broken) -> None:
    says(cast)
    wanted = rule.asked(rule.lawful(cast))
    rule.happens(cast)
    _, found = refusals_at(
        ask_for(wanted, 120 if wanted.interpreter_id else 60), wanted.starts_at, wanted.second_id,
        store.current(), at=NOW,
    )  # fmt: skip
    assert [refusal.code for refusal in found] == [rule.code]

    refuses(rule, lambda asked: booked(asked, cast), wanted)

    if rule.soft:
        made = booked(replace(wanted, override_reason=WHY), cast)
        assert (made.starts_at, made.override_reason) == (wanted.starts_at, WHY)


@every_rule
def test_a_move_meets_it(cast: Cast, rule: Broken) -> None:
    says(cast)
    lawful = rule.lawful(cast)
    row = booked(replace(lawful, override_reason="not needed"), cast)
    assert row.override_reason is None
    rule.happens(cast)
    wanted = rule.asked(lawful)

    refuses(rule, lambda asked: moved(one(row.id), asked, cast), wanted)

    if rule.soft:
        there = moved(one(row.id), replace(wanted, override_reason=WHY), cast)
        assert (there.starts_at, there.override_reason) == (wanted.starts_at, WHY)


@pytest.mark.one_database
def test_no_form_can_write_a_time_that_the_clocks_skip(cast: Cast, sign_in: SignIn) -> None:
    """A form's times are in UTC, which skips none; a drag's wall time is not understood."""
    unwritten = [rule for rule in EVERY_RULE if not rule.written]
    assert [rule.code for rule in unwritten] == ["clock"]
    says(cast)
    row = booked(unwritten[0].lawful(cast), cast)
    browser, before = sign_in(cast.morwenna), kept()

    skipped = f"{unwritten[0].start:%Y-%m-%dT%H:%M}"
    answer = browser.post(f"/appointments/{row.id}/move?to={skipped}", data={"version": "1"})

    assert answer.status_code == 422, words(answer)
    assert "Choose a time" in words(answer)
    assert kept() == before


# What a hand-made form may say besides: that the rule is set aside, what it gives way to, who asks.
FORGED = {"aside": "all", "overridden": "all", "giving_way": "1", "ignoring": "1", "by": "1",
          "room_id": "1", "at": "2026-11-01T10:00"}  # fmt: skip


def forged(rule: Broken) -> dict[str, str]:
    return {**FORGED, "relax": ".".join(sorted({rule.code, *BY_CODE}))}


def post_booking(browser: FlaskClient, cast: Cast, rule: Broken, wanted: Booking, why: str) -> Any:
    """The last form of a booking, without the pages before it."""
    time = Chosen(wanted.starts_at, wanted.staff_id, wanted.second_id).value
    sent = {
        "kind": wanted.kind, "minutes": wanted.minutes, "who": wanted.staff_id, "where": "home",
        "carer": wanted.carer_id or "", "interpreter": wanted.interpreter_id or "", "time": time,
        **forged(rule),
    }  # fmt: skip
    if wanted.place_id != cast.hannah.home_id:
        sent["where"] = str(wanted.place_id)
    form = {**forged(rule), "version": cast.hannah.version, "override_reason": why}
    return browser.post("/families/F1042/book/check", query_string=sent, data=form)


def post_move(browser: FlaskClient, rule: Broken, row: Appointment, wanted: Booking, why: str):
    time = Chosen(wanted.starts_at, wanted.staff_id, wanted.second_id).value
    form = {**forged(rule), "version": row.version, "reason": "other", "override_reason": why}
    return browser.post(
        f"/appointments/{row.id}/move", query_string={**forged(rule), "time": time}, data=form
    )


def is_refused(rule: Broken, post: Callable[[str], TestResponse]) -> None:
    """A hand-made form gets the rule's sentence with an error's status, and writes nothing."""
    before = kept()
    for reason in ("", " \u00a0 " if rule.soft else WHY):
        answer = post(reason)
        assert answer.status_code == (422 if rule.soft else 409), words(answer)
        assert rule.says in words(answer)
        assert "There is a problem" in words(answer)
        assert kept() == before


@pytest.mark.one_database
@written
def test_a_hand_made_booking_meets_it(cast: Cast, sign_in: SignIn, rule: Broken) -> None:
    says(cast)
    wanted = rule.asked(rule.lawful(cast))
    rule.happens(cast)
    browser = sign_in(cast.morwenna)

    is_refused(rule, lambda why: post_booking(browser, cast, rule, wanted, why))

    if rule.soft:
        answer = post_booking(browser, cast, rule, wanted, f" {WHY} ")
        assert answer.status_code == 302, words(answer)
        made = db.session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()
        assert made is not None
        assert (made.starts_at, made.override_reason) == (wanted.starts_at, WHY)


@pytest.mark.one_database
@written
def test_a_hand_made_move_meets_it(cast: Cast, sign_in: SignIn, rule: Broken) -> None:
    says(cast)
    lawful = rule.lawful(cast)
    row = booked(lawful, cast)
    rule.happens(cast)
    wanted = rule.asked(lawful)
    browser = sign_in(cast.morwenna)

    is_refused(rule, lambda why: post_move(browser, rule, one(row.id), wanted, why))

    if rule.soft:
        answer = post_move(browser, rule, one(row.id), wanted, f" {WHY} ")
        assert answer.status_code == 302, words(answer)
        db.session.rollback()
        there = one(row.id)
        assert (there.starts_at, there.override_reason) == (wanted.starts_at, WHY)
