"""Two carers who must not meet: said on a form, kept by every booking and every list of times."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.families.change_family import keep_carers_apart
from app.families.models import Carer, Family
from app.messaging.models import Outbox
from app.scheduling.book import Booking
from app.scheduling.move import Change, move
from app.scheduling.search import Wish, find_times
from app.settings import store
from tests.cast import NOW, Cast
from tests.scheduling.test_book import TUESDAY, at, made, said

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def callum(app: Flask, cast: Cast) -> Carer:
    """Hannah's family has a second carer, and the two must not meet."""
    carer = Carer(
        family_id=cast.hannah.id, first_name="Callum", surname="Rowe", carer_type="birth",
        mobile="+447700900143", phone_owner="own", safe_to_text="yes", wording="full", position=2,
    )  # fmt: skip
    db.session.add(carer)
    db.session.commit()
    transact(lambda: keep_carers_apart(cast.hannah, True, by=cast.jago, at=NOW))
    said(cast, "yes")
    return carer


def visit(cast: Cast, carer: Carer, hour: int, staff: Staff | None = None) -> Booking:
    return Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=(staff or cast.tamsin).id,
        carer_id=carer.id, starts_at=at(hour), minutes=60, place_id=cast.hannah.home_id,
    )  # fmt: skip


def hannah_of(cast: Cast) -> Carer:
    return db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()


@pytest.mark.parametrize("hour", [9, 10, 11, 12])
def test_the_other_carers_visit_is_not_booked_near_it(cast: Cast, callum: Carer, hour: int) -> None:
    made(visit(cast, hannah_of(cast), 10), cast)
    near = visit(cast, callum, hour, cast.kerensa)

    if hour == 12:
        assert made(near, cast).carer_id == callum.id
        return
    with pytest.raises(DomainError):
        made(near, cast)


def test_the_refusal_names_neither_carer(cast: Cast, callum: Carer) -> None:
    made(visit(cast, hannah_of(cast), 10), cast)

    with pytest.raises(DomainError, match="must not meet") as refused:
        made(visit(cast, callum, 11, cast.kerensa), cast)

    assert "Hannah" not in refused.value.message


def test_a_visit_is_not_moved_near_the_other_carers(cast: Cast, callum: Carer) -> None:
    made(visit(cast, hannah_of(cast), 10), cast)
    other = made(visit(cast, callum, 14, cast.kerensa), cast)

    with pytest.raises(DomainError, match="must not meet"):
        transact(lambda: move(other, Change(starts_at=at(11)), by=cast.jago, at=NOW))


def test_with_whom_is_never_guessed(cast: Cast, callum: Carer) -> None:
    with pytest.raises(DomainError, match="whom it is with") as refused:
        made(replace(visit(cast, callum, 10), carer_id=None), cast)

    assert refused.value.field == "carer"


def test_ones_own_visit_does_not_stand_in_the_way(cast: Cast, callum: Carer) -> None:
    made(visit(cast, hannah_of(cast), 10), cast)

    assert made(visit(cast, hannah_of(cast), 11, cast.tamsin), cast).status == "booked"


def test_only_the_carer_it_is_with_is_told(cast: Cast, callum: Carer) -> None:
    made(visit(cast, callum, 10), cast)

    told = db.session.execute(
        select(Outbox.recipient_kind, Outbox.recipient_id).where(Outbox.channel == "text")
    )
    assert {tuple(row) for row in told} == {("carer", callum.id)}


def test_no_time_near_it_is_offered(cast: Cast, callum: Carer) -> None:
    made(visit(cast, hannah_of(cast), 12), cast)
    wish = Wish(
        family_id=cast.hannah.id, kind="goals_visit", minutes=60, staff_ids=(cast.kerensa.id,),
        place_id=cast.hannah.home_id, carer_id=callum.id,
    )  # fmt: skip

    times = find_times(wish, store.current(), at=NOW)

    that_day = [slot.starts_at for slot in times.found.slots if slot.starts_at.date() == TUESDAY]
    assert that_day
    assert not [start for start in that_day if at(10) < start < at(14)]


@pytest.mark.one_database
def test_it_is_said_on_the_form_of_the_family(cast: Cast, callum: Carer, sign_in: SignIn) -> None:
    transact(lambda: keep_carers_apart(cast.hannah, False, by=cast.jago, at=NOW))
    with time_machine.travel(NOW, tick=False):
        jago = sign_in(cast.jago)
        assert "must not meet" in jago.get("/families/F1042/edit").get_data(as_text=True)
        typed = {"language": "English", "where": "home", "carers_keep_apart": "y"}
        typed["version"] = str(cast.hannah.version)
        jago.post("/families/F1042/edit", data={**typed, "practitioner_id": str(cast.tamsin.id)})
        page = jago.get("/families/F1042").get_data(as_text=True)

    assert db.session.get_one(Family, cast.hannah.id, populate_existing=True).carers_keep_apart
    assert "These carers must not meet" in page
