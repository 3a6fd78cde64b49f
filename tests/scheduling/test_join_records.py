"""Two records of one family become one: appointments, tasks and texts go with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.enquiries.models import Choice
from app.errors import DomainError
from app.families.add_family import add_family
from app.families.merge import merge_families
from app.families.models import Carer, Family
from app.messaging.models import Outbox
from app.messaging.registry import recipient
from app.places.models import Place
from app.risk.models import Assessment
from app.scheduling.book import Booking
from app.scheduling.models import FAMILY, Appointment, Reservation
from app.scheduling.text_purposes import unwanted
from app.tasks.models import Task
from app.tasks.open import open_task
from tests.cast import NOW, Cast
from tests.scheduling.test_book import at, made, said

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def twin(app: Flask, cast: Cast) -> Family:
    """The same family on record a second time, with a home and a yes of its own."""
    family = add_family(
        carer={
            "first_name": "Hannah", "surname": "Rowe", "mobile": "+447700900142",
            "phone_owner": "own", "safe_to_text": "yes", "wording": "full",
        },
        by="test", at=NOW,
    )  # fmt: skip
    home = Place(
        kind="home", name="Home", address="9 Other Road", postcode="TR15 2PG",
        family_id=family.id, created_at=NOW,
    )  # fmt: skip
    db.session.add(home)
    db.session.flush()
    family.home_id, family.practitioner_id = home.id, cast.kerensa.id
    db.session.add_all(
        [
            Assessment(
                place_id=home.id, level="standard", looked_on=NOW.date(),
                look_again_on=NOW.date() + timedelta(days=100), created_at=NOW,
            ),
            Choice(
                family_id=family.id, step="yes", on=NOW.date(), how="phone",
                recorded_by="staff:1", recorded_at=NOW,
            ),
        ]
    )  # fmt: skip
    db.session.commit()
    said(cast, "yes")
    return family


def visit(family: Family, staff: Staff, hour: int) -> Booking:
    return Booking(
        kind="goals_visit", family_id=family.id, staff_id=staff.id, starts_at=at(hour),
        minutes=60, place_id=family.home_id,
    )  # fmt: skip


def join(twin: Family, cast: Cast) -> None:
    transact(lambda: merge_families(twin, cast.hannah, by=cast.jago, at=NOW))


def test_appointments_and_the_time_they_hold_move(twin: Family, cast: Cast) -> None:
    theirs = made(visit(twin, cast.kerensa, 12), cast).id

    join(twin, cast)

    appointment = db.session.get_one(Appointment, theirs, populate_existing=True)
    assert appointment.family_id == cast.hannah.id
    held = db.session.scalars(select(Reservation.subject_id).where(Reservation.kind == FAMILY))
    assert set(held) == {cast.hannah.id}
    with pytest.raises(DomainError):
        made(visit(cast.hannah, cast.tamsin, 12), cast)


def test_its_texts_still_go_to_the_carer_who_stays(twin: Family, cast: Cast) -> None:
    theirs = made(visit(twin, cast.kerensa, 12), cast).id
    row = db.session.scalars(
        select(Outbox).where(Outbox.purpose == "reminder", Outbox.about_id == theirs)
    ).one()

    join(twin, cast)

    hers = select(Carer).where(Carer.family_id == cast.hannah.id).order_by(Carer.id)
    hannah = db.session.scalars(hers).first()
    assert hannah is not None
    known = recipient(row.recipient_kind, row.recipient_id)
    assert known is not None
    assert known.id == hannah.id
    assert db.session.get_one(Appointment, theirs).carer_id == hannah.id
    assert unwanted("reminder", row, known, NOW) is None


def test_two_at_one_time_are_for_a_person_first(twin: Family, cast: Cast) -> None:
    made(visit(cast.hannah, cast.tamsin, 12), cast)
    made(visit(twin, cast.kerensa, 12), cast)

    with pytest.raises(DomainError, match="goals visit on Tue 1 Dec 12:00") as refused:
        join(twin, cast)

    assert refused.value.field == "into"
    db.session.rollback()
    assert db.session.get_one(Family, twin.id, populate_existing=True).merged_into_id is None


def test_a_visit_at_a_home_that_is_not_theirs_any_more_asks_a_person(
    twin: Family, cast: Cast
) -> None:
    theirs = made(visit(twin, cast.kerensa, 12), cast).id

    join(twin, cast)

    task = db.session.scalars(select(Task).where(Task.kind == "in_doubt")).one()
    assert (task.about_kind, task.about_id) == ("appointment", theirs)
    assert task.family_id == cast.hannah.id
    assert "In doubt" in task.words


def test_open_tasks_are_about_the_record_that_stays(twin: Family, cast: Cast) -> None:
    for family, words in ((cast.hannah, "Ring Hannah."), (twin, "Ask for a number.")):
        transact(
            lambda family=family, words=words: open_task(
                "ring", words, about=("family", family.id), due_at=at(12), at=NOW,
                family_id=family.id,
            )
        )  # fmt: skip
    transact(
        lambda: open_task(
            "to_check", "Look.", about=("family", twin.id), due_at=at(9), at=NOW, family_id=twin.id
        )
    )

    join(twin, cast)

    rows = db.session.execute(select(Task.about_id, Task.family_id, Task.words).order_by(Task.id))
    assert [tuple(row) for row in rows] == [
        (cast.hannah.id, cast.hannah.id, "Ring Hannah. Ask for a number."),
        (cast.hannah.id, cast.hannah.id, "Look."),
    ]


@pytest.mark.one_database
def test_the_page_shows_what_is_joined_and_says_what_stands_in_the_way(
    twin: Family, cast: Cast, sign_in: SignIn
) -> None:
    made(visit(twin, cast.kerensa, 12), cast)
    with time_machine.travel(NOW, tick=False):
        jago = sign_in(cast.jago)
        address = f"/families/{twin.reference}/merge"
        page = jago.get(f"{address}?into=F1042").get_data(as_text=True)
        assert "1, 1 to come, the next on Tue 1 Dec 12:00" in page
        assert "Said yes, Fri 2 Oct" in page
        made(visit(cast.hannah, cast.tamsin, 12), cast)

        answer = jago.post(address, data={"into": "F1042"})

        assert answer.status_code == 422
        assert "Move or cancel one of them first" in answer.get_data(as_text=True)
        assert db.session.query(Appointment).filter_by(family_id=twin.id).count() == 1


@pytest.mark.one_database
def test_what_happened_to_both_is_on_one_page(twin: Family, cast: Cast, sign_in: SignIn) -> None:
    made(visit(twin, cast.kerensa, 12), cast)
    join(twin, cast)

    with time_machine.travel(NOW, tick=False):
        page = sign_in(cast.tamsin).get("/families/F1042").get_data(as_text=True)

    assert "Goals visit booked" in page
