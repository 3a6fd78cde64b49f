"""Absence: appointments under it stand and are in doubt; nobody is away twice; who may enter it."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.enquiries.models import Choice
from app.errors import DomainError, Stale
from app.scheduling.absences.absence import (
    add_absence,
    booked_then,
    change_absence,
    coming_absences,
    remove_absence,
)
from app.scheduling.book import Booking, book
from app.scheduling.in_doubt import doubts_of, explain
from app.scheduling.models import Absence, Appointment
from app.scheduling.waiting import waiting
from tests.cast import NOW, Cast
from tests.scheduling.test_book import TUESDAY

SignIn = Callable[[Staff], FlaskClient]
DAY = (at_london(TUESDAY, time(0)), at_london(TUESDAY + timedelta(days=1), time(0)))


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Appointment:
    db.session.add(
        Choice(
            family_id=cast.hannah.id, step="yes", on=NOW.date(), how="phone",
            recorded_by="staff:1", recorded_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    wanted = Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id,
        starts_at=at(10), minutes=60, place_id=cast.hannah.home_id,
    )  # fmt: skip
    return transact(lambda: book(wanted, by=cast.jago, at=NOW))


def at(hour: int) -> datetime:
    return at_london(TUESDAY, time(hour))


def away(cast: Cast, span: tuple[datetime, datetime] = DAY) -> Absence:
    return transact(lambda: add_absence(cast.tamsin, "leave", *span, by=cast.jago, at=NOW))


def doubts() -> list[str]:
    return [item.why for item in waiting(NOW) if item.kind == "in_doubt"]


def test_an_appointment_under_it_stands_and_is_in_doubt(cast: Cast, visit: Appointment) -> None:
    absence = away(cast)

    assert visit.status == "booked"
    assert doubts() == ["Goals visit on Tue 1 Dec 10:00: Tamsin Nance is away then."]
    assert [one.words for one in doubts_of(visit, at=NOW)] == ["Tamsin Nance is away then."]
    transact(lambda: remove_absence(absence, by=cast.jago, at=NOW))
    assert doubts() == []


def test_a_second_worker_away_is_a_doubt_too(cast: Cast, visit: Appointment) -> None:
    visit.second_id = cast.kerensa.id
    db.session.commit()

    transact(lambda: add_absence(cast.kerensa, "sickness", *DAY, by=cast.jago, at=NOW))

    assert doubts() == ["Goals visit on Tue 1 Dec 10:00: Kerensa Tregenza is away then."]


def test_the_other_half_of_the_day_is_no_doubt(cast: Cast, visit: Appointment) -> None:
    away(cast, (at(11), at(17)))

    assert doubts() == []
    assert coming_absences(after=NOW)[0][1] == 0


def test_lists_what_is_booked_in_its_time(cast: Cast, visit: Appointment) -> None:
    assert [row.id for row in booked_then(cast.tamsin.id, *DAY, after=NOW)] == [visit.id]
    assert not booked_then(cast.kerensa.id, *DAY, after=NOW)
    away(cast)
    assert [numbers for _absence, *numbers in coming_absences(after=NOW)] == [[1, 1]]


def test_what_is_explained_is_booked_then_and_in_doubt_no_more(
    cast: Cast, visit: Appointment
) -> None:
    away(cast)
    transact(lambda: explain(visit, "She comes in for it", by=cast.jago, at=NOW))

    assert [numbers for _absence, *numbers in coming_absences(after=NOW)] == [[1, 0]]
    transact(lambda: add_absence(cast.kerensa, "leave", *DAY, by=cast.jago, at=NOW))
    assert [numbers for _absence, *numbers in coming_absences(after=NOW)] == [[1, 0], [0, 0]]


@pytest.mark.parametrize(
    ("kind", "span", "field"),
    [
        ("holiday", DAY, "kind"),
        ("leave", (at(17), at(9)), "last"),
        ("leave", (at(9), at(9)), "last"),
    ],
)
def test_refuses_what_is_no_absence(cast: Cast, kind: str, span, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        add_absence(cast.tamsin, kind, *span, by=cast.jago, at=NOW)

    assert refused.value.field == field


def test_nobody_is_away_twice(cast: Cast) -> None:
    away(cast)

    with pytest.raises(DomainError, match="away already from Tue 1 Dec 00:00"):
        add_absence(cast.tamsin, "training", at(16), at(18), by=cast.jago, at=NOW)


def test_a_change_from_an_old_page_is_refused(cast: Cast) -> None:
    absence = away(cast)
    change_absence(absence, "leave", at(9), at(13), by=cast.jago, at=NOW, expect_version=1)

    with pytest.raises(Stale):
        change_absence(absence, "leave", *DAY, by=cast.jago, at=NOW, expect_version=1)
    assert (absence.starts_at, absence.ends_at, absence.version) == (at(9), at(13), 2)


@pytest.fixture
def tuesday_form() -> dict[str, object]:
    """A form for the whole of Tuesday 1 December 2026, as the date's three boxes send it."""
    return {"kind": "leave", "first": ["1", "12", "2026"]}


@pytest.mark.one_database
def test_shows_what_is_booked_before_it_saves(
    cast: Cast, visit: Appointment, sign_in: SignIn, tuesday_form: dict
) -> None:
    tamsin = sign_in(cast.tamsin)

    shown = tamsin.post("/absences/new", data=tuesday_form)
    assert "1 appointment is booked then" in shown.text
    assert "Hannah Rowe F1042" in shown.text
    assert coming_absences(after=NOW) == []

    saved = tamsin.post("/absences/new", data={**tuesday_form, "seen": str(visit.id)})
    (row, booked, _), *_ = coming_absences(after=NOW)
    assert saved.location == f"/absences/{row.id}/replan"
    assert (row.staff_id, row.starts_at, row.ends_at, booked) == (cast.tamsin.id, *DAY, 1)
    assert "Tamsin Nance is away then" in tamsin.get(f"/appointments/{visit.id}").text


@pytest.mark.one_database
def test_names_no_family_that_its_reader_may_not_see(
    cast: Cast, visit: Appointment, sign_in: SignIn, tuesday_form: dict
) -> None:
    cast.hannah.closed_to_matchers = True
    db.session.commit()
    form = {**tuesday_form, "who": str(cast.tamsin.id)}

    for reader, may in ((cast.jago, False), (cast.morwenna, True)):
        page = sign_in(reader).post("/absences/new", data=form).text
        assert "1 appointment is booked then" in page
        assert [word in page for word in ("Hannah", "F1042", "Goals visit")] == [may] * 3


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "span", "words"),
    [
        ({"from_time": "13:00"}, (at(13), DAY[1]), "Tue 1 Dec from 13:00"),
        ({"until_time": "1pm"}, (DAY[0], at(13)), "Tue 1 Dec until 13:00"),
        ({"from_time": "9.30", "until_time": "12"}, (at(9) + timedelta(minutes=30), at(12)),
         "Tue 1 Dec, 09:30 to 12:00"),
        ({"last": ["3", "12", "2026"]}, (DAY[0], DAY[1] + timedelta(days=2)),
         "Tue 1 Dec to Thu 3 Dec"),
    ],
)  # fmt: skip
def test_whole_days_and_parts_of_one(
    cast: Cast, sign_in: SignIn, tuesday_form: dict, changes: dict, span, words: str
) -> None:
    jago = sign_in(cast.jago)
    jago.post("/absences/new", data={**tuesday_form, "who": str(cast.kerensa.id), **changes})

    (row, *_), *_ = coming_absences(after=NOW)
    assert (row.staff_id, row.starts_at, row.ends_at) == (cast.kerensa.id, *span)
    assert words in jago.get("/absences").text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": ""}, "Choose what kind of absence"),
        ({"first": ["", "", ""]}, "Enter the first day"),
        ({"first": ["31", "11", "2026"]}, "Enter a real date"),
        ({"last": ["30", "11", "2026"]}, "must end after it begins"),
        ({"from_time": "soon"}, "Enter a time such as 14:30"),
        ({"first": ["28", "3", "2027"], "from_time": "01:30"}, "clocks go forward"),
    ],
)
def test_a_wrong_form_saves_nothing(
    cast: Cast, sign_in: SignIn, tuesday_form: dict, changes: dict, says: str
) -> None:
    page = sign_in(cast.tamsin).post("/absences/new", data={**tuesday_form, **changes})

    assert page.status_code == 422
    assert says in page.text
    assert coming_absences(after=NOW) == []


@pytest.mark.one_database
def test_a_practitioner_enters_only_their_own(
    cast: Cast, sign_in: SignIn, tuesday_form: dict
) -> None:
    absence = away(cast)
    kerensa = sign_in(cast.kerensa)

    kerensa.post("/absences/new", data={**tuesday_form, "who": str(cast.jago.id)})
    assert {row.staff_id for row, *_ in coming_absences(after=NOW)} == {
        cast.tamsin.id, cast.kerensa.id,
    }  # fmt: skip
    assert kerensa.get(f"/absences/{absence.id}").status_code == 404
    assert kerensa.post(f"/absences/{absence.id}/remove").status_code == 404


@pytest.mark.one_database
def test_what_kind_it_is_stays_with_those_who_arrange(cast: Cast, sign_in: SignIn) -> None:
    transact(lambda: add_absence(cast.tamsin, "sickness", *DAY, by=cast.jago, at=NOW))
    feed = "/diary/feed.json?start=2026-12-01&end=2026-12-02"

    for reader, may in ((cast.kerensa, False), (cast.tamsin, True), (cast.jago, True)):
        browser = sign_in(reader)
        assert ("Sickness" in browser.get("/absences").text) is may
        assert ("Sickness" in browser.get(feed).text) is may


@pytest.mark.one_database
def test_is_changed_and_taken_away(cast: Cast, sign_in: SignIn, tuesday_form: dict) -> None:
    absence = away(cast)
    address, jago = f"/absences/{absence.id}", sign_in(cast.jago)

    assert 'value="12"' in jago.get(address).text
    changed = {**tuesday_form, "kind": "training", "version": "1"}
    assert jago.post(address, data=changed).location == "/absences"
    assert jago.post(address, data=changed).status_code == 409
    assert jago.post(f"{address}/remove").location == "/absences"
    assert "Nobody is away from now on" in jago.get("/absences").text


@pytest.mark.one_database
def test_is_found_from_the_diary_and_ones_own_page(cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    assert 'href="/absences"' in tamsin.get("/diary").text
    assert 'href="/absences"' in tamsin.get("/me").text
    page = sign_in(cast.morwenna).get(f"/staff/{cast.tamsin.id}").text
    assert f"/absences/new?staff={cast.tamsin.id}" in page
