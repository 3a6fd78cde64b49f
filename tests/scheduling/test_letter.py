"""Letters: no more than the carer's wording allows; printing is recorded and seen."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.clock import at_london
from app.db import db, transact
from app.errors import DomainError
from app.scheduling.enter import Entry, enter_appointment
from app.scheduling.history import told_about
from app.scheduling.letter import Letter, carer_of, letter_about, print_letter, refusal
from app.scheduling.models import Appointment
from app.scheduling.queries import by_id
from app.settings.rules import Rules
from app.tasks.models import Task
from app.tasks.open import open_task
from tests.cast import NOW, Cast
from tests.scheduling.test_book import TUESDAY

SignIn = Callable[[Staff], FlaskClient]
RULES = Rules()
TOO_MUCH = ("VIG", "Council", "Leo", "Street", "Tamsin", "home", "family")


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Appointment:
    """Hannah's goals visit at home, Tuesday 1 December from 10:00 to 11:00."""
    starts_at = at_london(TUESDAY, time(10))
    entry = Entry(
        kind="goals_visit", family_id=cast.hannah.id, carer_id=1, staff_id=cast.tamsin.id,
        place_id=cast.hannah.home_id, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), status="booked",
    )  # fmt: skip
    return again(transact(lambda: enter_appointment(entry, by=cast.jago, at=NOW)))


def again(row: Appointment) -> Appointment:
    read = by_id(row.id)
    assert read is not None
    return read


def written(visit: Appointment, wording: str, rules: Rules = RULES) -> Letter:
    carer = carer_of(visit)
    assert carer is not None
    carer.wording = wording
    return letter_about(visit, carer, rules)


def words(letter: Letter) -> str:
    return " ".join((*letter.head, letter.title, *letter.paragraphs, letter.signed))


@pytest.mark.one_database
def test_in_full_wording_says_who_comes_and_where(visit: Appointment) -> None:
    letter = written(visit, "full")

    assert letter.title == "Your appointment is on Tuesday 1 December at 10am"
    assert letter.paragraphs[0] == "It is with Tamsin, at your home. It takes about 1 hour."
    assert RULES.service_phone in letter.paragraphs[1]
    assert letter.signed == RULES.service_name


@pytest.mark.one_database
@pytest.mark.parametrize("wording", ["neutral", "strict"])
def test_says_no_more_than_a_text_would(visit: Appointment, wording: str) -> None:
    said = words(written(visit, wording)).replace(RULES.neutral_name, "")

    assert not [word for word in TOO_MUCH if word in said]
    assert RULES.service_phone in said


@pytest.mark.one_database
def test_strict_names_nobody_of_us(visit: Appointment) -> None:
    letter = written(visit, "strict")

    assert letter.head == ()
    assert letter.signed == ""
    assert RULES.neutral_name not in words(letter)


@pytest.mark.one_database
def test_a_neutral_name_that_says_too_much_makes_it_strict(visit: Appointment) -> None:
    rules = RULES.changed(neutral_name="Jo at the council")

    assert written(visit, "neutral", rules).wording == "strict"


@pytest.mark.one_database
def test_a_cancelled_one_says_only_that(visit: Appointment) -> None:
    visit.status = "cancelled"

    letter = written(visit, "full")

    assert letter.title == "Your appointment on Tuesday 1 December at 10am is cancelled"
    assert "Tamsin" not in words(letter)


@pytest.mark.one_database
@pytest.mark.parametrize("status", ["provisional", "done", "not_seen"])
def test_there_is_none_about_what_nobody_is_told_of(
    visit: Appointment, sign_in: SignIn, cast: Cast, status: str
) -> None:
    visit.status = status
    db.session.commit()

    assert refusal(again(visit), NOW)
    assert sign_in(cast.jago).get(f"/appointments/{visit.id}/letter").status_code == 404
    with pytest.raises(DomainError):
        print_letter(again(visit), settles=False, by=cast.jago, at=NOW)


def test_printing_is_recorded_among_what_was_sent(cast: Cast, visit: Appointment) -> None:
    transact(lambda: print_letter(visit, settles=False, by=cast.jago, at=NOW))

    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "letter:printed"))
    assert (entry.by, entry.family_id) == (f"staff:{cast.jago.id}", cast.hannah.id)
    (sent,) = [one for one in told_about(again(visit), NOW).sent if one.how == "letter"]
    assert (sent.to, sent.what, sent.state) == ("Hannah Rowe", "letter, full wording", "Printed")


@pytest.mark.parametrize("settles", [True, False])
def test_takes_please_ring_off_the_list_only_when_told_to(
    cast: Cast, visit: Appointment, settles: bool
) -> None:
    task = ring(visit, cast)

    transact(lambda: print_letter(again(visit), settles=settles, by=cast.jago, at=NOW))

    assert bool(db.session.get_one(Task, task.id).closed_at) is settles


def ring(visit: Appointment, cast: Cast) -> Task:
    return transact(
        lambda: open_task(
            "ring", "Ring her.", about=("appointment", visit.id), due_at=NOW, at=NOW,
            family_id=cast.hannah.id,
        )
    )  # fmt: skip


@pytest.mark.one_database
def test_is_found_printed_and_seen(cast: Cast, visit: Appointment, sign_in: SignIn) -> None:
    tamsin, address = sign_in(cast.tamsin), f"/appointments/{visit.id}"
    assert f'href="{address}/letter"' in tamsin.get(address).text

    paper = tamsin.get(f"{address}/letter").text
    assert "<title>Appointment</title>" in paper
    assert "1 Example Street" in paper
    assert "Dear Hannah" in paper

    assert tamsin.post(f"{address}/letter").location == address
    assert "Letter, full wording" in tamsin.get(address).text
    assert "Letter printed" in tamsin.get(address).text
    assert "letter printed" in tamsin.get("/families/F1042").text


@pytest.mark.one_database
def test_reading_it_records_that_the_address_was_shown(
    cast: Cast, visit: Appointment, sign_in: SignIn
) -> None:
    sign_in(cast.tamsin).get(f"/appointments/{visit.id}/letter")

    tags = db.session.scalars(select(AuditEntry.tag).where(AuditEntry.family_id == cast.hannah.id))
    assert "family:address_read" in tags.all()


@pytest.mark.one_database
def test_another_practitioners_is_a_404(cast: Cast, visit: Appointment, sign_in: SignIn) -> None:
    kerensa = sign_in(cast.kerensa)

    assert kerensa.get(f"/appointments/{visit.id}/letter").status_code == 404
    assert kerensa.post(f"/appointments/{visit.id}/letter").status_code == 404


@pytest.mark.one_database
def test_please_ring_leads_to_it(cast: Cast, visit: Appointment, sign_in: SignIn) -> None:
    task = ring(visit, cast)
    page = sign_in(cast.jago).get(f"/tasks/{task.id}").text

    assert f"/appointments/{visit.id}#sent" in page
    assert "off the list" in sign_in(cast.jago).get(f"/appointments/{visit.id}/letter").text
