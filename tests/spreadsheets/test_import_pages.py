"""Importing by upload: a check first, then the import, its report, and taking it back."""

import io
import re

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.db import db
from app.families.models import Family
from app.messaging.models import Outbox
from app.scheduling.models import Appointment
from app.spreadsheets.models import Import
from tests.cast import NOW
from tests.spreadsheets.sheets import sheet

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def a_monday():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def manager(cast, sign_in):
    return sign_in(cast.morwenna)


def choose(browser, *files):
    data = {"files": [FileStorage(io.BytesIO(content), name, "files") for name, content in files]}
    boundary, body = encode_multipart(data)
    return browser.post(
        "/import", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def carried_in(page):
    return re.search(r'name="carried"[^>]*value="([^"]*)"', page.text)[1]


def imports():
    return db.session.scalar(select(func.count()).select_from(Import))


def test_the_check_stores_nothing_and_the_import_does_what_it_said(manager):
    files = [
        sheet("families", {"Ref": "F2000"}),
        sheet("bookings", {"Ref": "F2000"}, {"Ref": "F9999", "Time": "12:00"}),
    ]

    check = choose(manager, *files)
    assert (check.status_code, imports()) == (200, 0)
    assert "No family has this reference" in check.text
    assert "Import 2 rows" in check.text

    answer = manager.post("/import", data={"carried": carried_in(check)})
    page = manager.get(answer.location)
    assert "Imported 2 rows" in page.text
    assert "Left out: 1" in page.text
    assert db.session.scalars(select(Family.reference).where(Family.import_id.is_not(None))).all()
    assert db.session.scalars(select(Appointment.status)).all() == ["booked"]


def test_what_is_left_out_is_told_first(manager):
    rows = ({"Ref": "F2000", "Mobile": "7700900999"}, {"Ref": "Total", "Carer first name": ""})

    page = choose(manager, sheet("families", *rows, {"Ref": "F2001", "Relationship": "friend"}))

    order = ["Left out", "Imported without a value", "Imported, and somebody should know"]
    places = [page.text.index(f"{words}") for words in order[1:]]
    assert places == sorted(places)


def test_the_same_files_again_change_nothing(manager):
    files = [sheet("families", {"Ref": "F2000"})]
    manager.post("/import", data={"carried": carried_in(choose(manager, *files))})

    again = choose(manager, *files)

    assert "not in the service already" in again.text
    assert imports() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("families.csv", b"", "The file is empty"),
        ("families.csv", b"\xef\xbb\xbf", "The file is empty"),
        ("photo.csv", bytes(range(256)), "not a CSV"),
        ("team.xlsx", b"PK\x03\x04rest", "workbook"),
        ("bookings.csv", b"Ref,Date,Start,Minutes,What,Who,Where,Status\n", "no column “Time”"),
        ("families.csv", b"Name,Age\nAnn,4\n", "“Name”, “Age”"),
        ("big.csv", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(manager, name, content, said):
    page = choose(manager, (name, content))

    assert page.status_code == 422
    assert said in page.text
    assert "Nothing in these files can be imported" in page.text
    assert 'name="carried"' not in page.text


def test_more_than_the_service_takes_is_a_page_and_not_a_trace(manager):
    assert choose(manager, ("big.csv", b"x" * (40 * 1024 * 1024))).status_code == 413


@pytest.mark.parametrize(
    ("number", "said"), [(0, "Choose at least one CSV file"), (6, "Choose 5 files at the most")]
)
def test_no_files_or_too_many_is_told_beside_the_field(manager, number, said):
    files = [(f"{n}.csv", b"x") for n in range(number)] or [("", b"")]  # what browsers send

    page = choose(manager, *files)

    assert page.status_code == 422
    assert said in page.text


@pytest.mark.parametrize("carried", ["", "made.up", "x" * 1000])
def test_files_that_were_not_checked_are_not_imported(manager, carried):
    page = manager.post("/import", data={"carried": carried})

    assert page.status_code == 422
    assert "Choose them again" in page.text
    assert imports() == 0


def test_a_check_ends_after_an_hour(manager, a_monday):
    check = choose(manager, sheet("families", {"Ref": "F2000"}))
    for seconds in (1500, 1500, 601):
        a_monday.shift(seconds)
        manager.get("/import")  # the session goes on

    page = manager.post("/import", data={"carried": carried_in(check)})

    assert "This check has ended" in page.text
    assert imports() == 0


def test_another_managers_check_is_not_imported(manager, cast, sign_in):
    check = choose(manager, sheet("families", {"Ref": "F2000"}))
    cast.jago.role = "manager"
    db.session.commit()

    page = sign_in(cast.jago).post("/import", data={"carried": carried_in(check)})

    assert page.status_code == 422
    assert imports() == 0


@pytest.mark.parametrize("path", ["/import", "/import/1", "/import/1/report.csv"])
def test_managers_only(cast, sign_in, path):
    assert sign_in(cast.jago).get(path).status_code in (403, 404)


def test_the_report_is_a_guarded_csv(manager):
    check = choose(manager, sheet("families", {"Ref": "F2000", "Carer surname": "=1+1"}))
    where = manager.post("/import", data={"carried": carried_in(check)}).location

    report = manager.get(f"{where}/report.csv")

    assert report.mimetype == "text/csv"
    assert '"\'=1+1"' in report.data.decode("utf-8-sig")


def test_takes_back_after_asking_once_and_not_after_a_change(manager):
    check = choose(manager, sheet("families", {"Ref": "F2000"}))
    where = manager.post("/import", data={"carried": carried_in(check)}).location

    assert "Everything that the import" in manager.get(f"{where}/take-back").text
    assert manager.post(f"{where}/take-back").status_code == 302
    assert "Taken back" in manager.get(where).text
    again = manager.post(f"{where}/take-back")
    assert again.status_code == 409
    assert "taken back already" in again.text


def test_a_doubtful_booking_stands_on_the_work_list_until_somebody_has_checked_it(manager):
    booking = {"Ref": "F2000", "Status": "provisional", "Where": "Truro Family Hub"}
    check = choose(manager, sheet("families", {"Ref": "F2000"}), sheet("bookings", booking))
    manager.post("/import", data={"carried": carried_in(check)})
    made = db.session.scalars(select(Appointment)).one()
    here = f"/appointments/{made.id}"

    assert here in manager.get("/?kind=to_check").text
    assert "The file says that it is provisional" in manager.get(here).text
    manager.post(f"{here}/check-done", data={"version": made.version})

    db.session.refresh(made)
    assert (made.status, made.to_check) == ("booked", False)
    assert here not in manager.get("/?kind=to_check").text
    texts = db.session.scalars(select(Outbox.purpose).where(Outbox.channel == "text")).all()
    assert sorted(texts) == ["reminder", "reminder_early"]
