"""Somebody leaves: what ends, who takes over, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import hooks
from app.accounts.leaving import bring_back_staff, held_by, leave_staff
from app.accounts.models import SignIn
from app.audit.record import history
from app.db import db
from app.errors import DomainError, Stale
from app.links.tokens import live_link, make_link
from tests.cast import NOW


@pytest.fixture
def holds(unfrozen):
    """Everybody holds a family and two appointments; what is handed over is written down."""
    handed = []
    hooks.caseload.add("families", lambda who, at: hooks.Held("1 family", 1))
    hooks.caseload.add("tasks", lambda who, at: hooks.Held("no tasks", 0))
    hooks.caseload.add("appointments", lambda who, at: hooks.Held("2 appointments to come", 2))
    hooks.on_leaving.add(
        "families", lambda who, to, by, at: handed.append((who.name, to.name if to else None))
    )
    return handed


@pytest.fixture
def holds_nothing(unfrozen):
    return None


def test_access_ends_at_once(staff, client, enter, holds_nothing):
    enter(client, staff.tamsin)
    number, later = staff.tamsin.id, NOW + timedelta(days=30)
    feed = make_link("feed", number, "staff", number, expires_at=later, at=NOW)
    mine = make_link("account", number, "staff", number, expires_at=later, at=NOW)

    leave_staff(staff.tamsin, hand_to=None, by=staff.morwenna, at=NOW)
    db.session.commit()

    assert client.get("/me").status_code == 302
    assert enter(client, staff.tamsin).status_code == 400
    assert live_link("feed", feed, at=NOW) is None
    assert live_link("account", mine, at=NOW) is None
    assert db.session.scalars(select(SignIn)).all() == []


def test_the_caseload_goes_to_somebody_in_the_same_transaction(staff, holds):
    leave_staff(staff.tamsin, hand_to=staff.kerensa, by=staff.morwenna, at=NOW)

    assert holds == [("Tamsin Nance", "Kerensa Tregenza")]
    db.session.flush()
    assert history(staff.tamsin)[0].detail == {"handed_to": staff.kerensa.id}


def test_in_service_a_family_goes_with_whoever_takes_over(staff):
    assert "1 family" in [held.words for held in held_by(staff.tamsin, at=NOW)]

    leave_staff(staff.tamsin, hand_to=staff.kerensa, by=staff.morwenna, at=NOW)
    db.session.flush()
    db.session.refresh(staff.hannah)

    assert staff.hannah.practitioner_id == staff.kerensa.id


def test_nobody_leaves_a_family_without_a_person(staff, holds):
    with pytest.raises(DomainError, match="1 family and 2 appointments to come") as refused:
        leave_staff(staff.tamsin, hand_to=None, by=staff.morwenna, at=NOW)

    assert refused.value.field == "hand_to"
    assert staff.tamsin.active
    assert holds == []


@pytest.mark.parametrize("taker", ["tamsin", "kerensa"])
def test_the_caseload_goes_to_nobody_who_has_left_and_not_to_themselves(staff, holds, taker):
    staff.kerensa.left_at = NOW

    with pytest.raises(DomainError) as refused:
        leave_staff(staff.tamsin, hand_to=getattr(staff, taker), by=staff.morwenna, at=NOW)
    assert refused.value.field == "hand_to"


def test_the_last_manager_cannot_leave(staff, holds_nothing):
    with pytest.raises(DomainError, match="last manager"):
        leave_staff(staff.morwenna, hand_to=staff.jago, by=staff.morwenna, at=NOW)


@pytest.mark.parametrize("who", ["jago", "kerensa"])
def test_only_a_manager_ends_somebodys_access(staff, holds_nothing, who):
    with pytest.raises(DomainError, match="Only a manager"):
        leave_staff(staff.tamsin, hand_to=None, by=getattr(staff, who), at=NOW)


def test_a_page_opened_before_a_change_is_refused(staff, holds_nothing):
    staff.tamsin.version = 2

    with pytest.raises(Stale):
        leave_staff(staff.tamsin, hand_to=None, by=staff.morwenna, at=NOW, expect_version=1)


def test_somebody_comes_back_without_a_password(staff, client, enter, holds_nothing):
    leave_staff(staff.tamsin, hand_to=None, by=staff.morwenna, at=NOW)
    bring_back_staff(staff.tamsin, by=staff.morwenna, at=NOW)
    db.session.commit()

    assert staff.tamsin.active
    assert enter(client, staff.tamsin).status_code == 400


def test_what_somebody_holds_is_named(staff, holds):
    assert [held.words for held in held_by(staff.tamsin, at=NOW)] == [
        "1 family", "2 appointments to come",
    ]  # fmt: skip
