"""What else an appointment must be, besides the rules of slots: asked inside `book()` and `move()`,
whatever reason is given, and whoever acts.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.leaving import leave_staff
from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.places.keep_places import close_place
from app.places.models import Room
from app.scheduling.answer import confirm
from app.scheduling.book import Booking, book
from app.scheduling.in_doubt import explain
from app.scheduling.interpreters import close_interpreter
from app.scheduling.move import Change, move
from tests.cast import NOW, Cast
from tests.programmes.course import at, one, says
from tests.scheduling.reading import words
from tests.scheduling.rules_broken import (
    MONDAY,
    NOON,
    interpreter,
    with_interpreter,
)
from tests.scheduling.test_every_keeping import level
from tests.scheduling.test_every_rule import FORGED, WHY, kept

SignIn = Callable[[Staff], FlaskClient]
# What is asked for instead of the lawful hour, after what happened; and what staff read.
Changed = Callable[[Cast], dict[str, Any]]


def thinking(cast: Cast) -> dict[str, Any]:
    says(cast, "thinking")
    return {}


def lone(cast: Cast) -> dict[str, Any]:
    level("high")(cast)
    return {}


def nobody_else_goes(cast: Cast) -> dict[str, Any]:
    return {"second_id": cast.tamsin.id}


def their_home(cast: Cast) -> dict[str, Any]:
    return {"place_id": cast.jodie.home_id}


def nowhere(_cast: Cast) -> dict[str, Any]:
    return {"place_id": 999_999}


def closed_hub(cast: Cast) -> dict[str, Any]:
    transact(lambda: close_place(cast.hub, by=cast.morwenna, at=NOW))
    return {"place_id": cast.hub.id}


def room_of_nowhere(cast: Cast) -> dict[str, Any]:
    return {"place_id": cast.hub.id, "room_id": 999_999}


def closed_room(cast: Cast) -> dict[str, Any]:
    room = db.session.scalars(select(Room).order_by(Room.id)).first()
    assert room is not None
    room.closed_at = NOW
    db.session.commit()
    return {"place_id": cast.hub.id, "room_id": room.id}


def nobody(_cast: Cast) -> dict[str, Any]:
    return {"staff_id": 999_999}


def kerensa_left(cast: Cast) -> dict[str, Any]:
    transact(lambda: leave_staff(cast.kerensa, hand_to=cast.tamsin, by=cast.morwenna, at=NOW))
    return {"staff_id": cast.kerensa.id}


def kerensa_left_too(cast: Cast) -> dict[str, Any]:
    return {"second_id": kerensa_left(cast)["staff_id"]}


def interpreter_left(cast: Cast) -> dict[str, Any]:
    transact(lambda: close_interpreter(interpreter(), by=cast.morwenna, at=NOW))
    return {"interpreter_id": interpreter().id}


EVERY_REFUSAL = (
    (thinking, "This family has not said yes."),
    (lone, "Two workers are needed here."),
    (nobody_else_goes, "The second worker has to be somebody else."),
    (their_home, "That is another family’s home."),
    (nowhere, "That place is closed or not on record."),
    (closed_hub, "That place is closed or not on record."),
    (room_of_nowhere, "The place has no room that can be booked."),
    (closed_room, "The place has no room that can be booked."),
    (nobody, "Choose who goes"),
    (kerensa_left, "Choose who goes"),
    (kerensa_left_too, "Choose who else goes."),
    (interpreter_left, "This interpreter is not on record."),
)
every_refusal = pytest.mark.parametrize(
    ("changed", "sentence"), EVERY_REFUSAL, ids=[each.__name__ for each, _ in EVERY_REFUSAL]
)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lawful(cast: Cast) -> Booking:
    says(cast)
    return Booking(
        "goals_visit", cast.hannah.id, cast.tamsin.id, at(MONDAY, 12), 60,
        place_id=cast.hannah.home_id, **with_interpreter(cast),
    )  # fmt: skip


@every_refusal
def test_a_booking_is_refused(cast: Cast, lawful: Booking, changed: Changed, sentence: str) -> None:
    wanted = replace(lawful, starts_at=NOON, override_reason=WHY, **changed(cast))
    before = kept()

    with pytest.raises(DomainError, match=sentence):
        transact(lambda: book(wanted, by=cast.morwenna, at=NOW))

    assert kept() == before


@every_refusal
def test_a_move_is_refused(cast: Cast, lawful: Booking, changed: Changed, sentence: str) -> None:
    row = transact(lambda: book(lawful, by=cast.jago, at=NOW))
    change = Change(NOON, override_reason=WHY, **changed(cast))
    before = kept()

    with pytest.raises(DomainError, match=sentence):
        transact(lambda: move(one(row.id), change, by=cast.morwenna, at=NOW))

    assert kept() == before


@pytest.mark.one_database
@pytest.mark.parametrize(
    "changed",
    [each for each, _ in EVERY_REFUSAL if each not in (room_of_nowhere, closed_room)],
)
def test_hand_made_forms_write_nothing(
    cast: Cast, lawful: Booking, sign_in: SignIn, changed: Changed
) -> None:
    """No form carries a room; what else is chosen may be anything."""
    row = transact(lambda: book(lawful, by=cast.jago, at=NOW))
    given = {"staff_id": cast.tamsin.id, "second_id": 0, **changed(cast)}
    number, interpreted = row.id, given.get("interpreter_id", lawful.interpreter_id)
    browser, before = sign_in(cast.morwenna), kept()
    chosen = {
        "where": given.get("place_id", "home"),
        "time": f"20261201T1200-{given['staff_id']}-{given['second_id']}",
        "interpreter": interpreted,
    }
    what = {"kind": "goals_visit", "minutes": 60, "who": cast.tamsin.id, **chosen}
    form = {**FORGED, **given, "override_reason": WHY, "reason": "other"}

    booked = browser.post(
        "/families/F1042/book/check",
        query_string=what, data={**form, "version": cast.hannah.version},
    )  # fmt: skip
    moved = browser.post(
        f"/appointments/{number}/move",
        query_string=chosen, data={**form, "version": one(number).version},
    )  # fmt: skip

    for answer in (booked, moved):
        assert answer.status_code in (409, 422), words(answer)
        assert "There is a problem" in words(answer)
    assert kept() == before


def test_staff_act_only_on_what_they_may_open(cast: Cast, lawful: Booking) -> None:
    row = transact(lambda: book(lawful, by=cast.jago, at=NOW))
    before = kept()

    def moved() -> None:
        move(one(row.id), Change(NOON, override_reason=WHY), by=cast.kerensa, at=NOW)

    def kept_by_phone() -> None:
        confirm(one(row.id), by=cast.kerensa, at=NOW, how="phone")

    def explained() -> None:
        explain(one(row.id), WHY, by=cast.kerensa, at=NOW)

    for act in (moved, kept_by_phone, explained):
        with pytest.raises(DomainError, match="not on record"):
            transact(act)

    assert kept() == before
