"""Where full postcodes lie: reading the file, keeping it in parts, replacing an area, and use."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.models import Staff
from app.db import db, transact
from app.places.code_point import Located, NotCodePoint, area_of, read_lines
from app.places.load_postcodes import (
    add_part,
    begin_load,
    end_load,
    last_loads,
    load_postcodes,
)
from app.places.models import Postcode
from tests.cast import NOW, Cast

SignIn = Callable[[Staff], FlaskClient]
CODES = "E92000001,E19000002,E18000010,,E06000052,E05013189"
HUB, HANNAH = f"TR1 3AY,10,182190,44977,{CODES}", f"TR152PG,10,169990,41920,{CODES}"


def rows(*lines: str) -> list[Located]:
    return list(read_lines(lines))


def stored() -> dict[str, int]:
    return dict(db.session.execute(select(Postcode.postcode, Postcode.load_id)).all())


def load(*lines: str) -> int:
    return load_postcodes(read_lines(lines), by="test", at=NOW)


def test_reads_postcode_and_position() -> None:
    hub, hannah, one = rows(HUB, HANNAH, f"B1  1AA,10,406500,286600,{CODES}")

    assert (hub.postcode, hannah.postcode, one.postcode) == ("TR1 3AY", "TR15 2PG", "B1 1AA")
    assert (hub.latitude, hub.longitude) == pytest.approx((50.2655, -5.0562), abs=0.002)


def test_passes_over_headings_empty_lines_and_what_has_no_position() -> None:
    heading = "Postcode,Positional_quality_indicator,Eastings,Northings,a,b,c,d,e,f"

    assert len(rows(heading, "", HUB, f"TR1 1ZZ,90,0,0,{CODES}")) == 1


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "There is no postcode"),
        ([HUB, "TR1 3AY,10,182190"], "Line 2 has 3 columns"),
        ([HUB + ",more"], "Line 1 has 11 columns"),
        ([f"TR1,10,182190,44977,{CODES}"], "Line 1 does not begin with a full postcode"),
        ([f"TR1 3AY,10,west,44977,{CODES}"], "no whole metres"),
        ([f"TR1 3AY,10,-182190,44977,{CODES}"], "no whole metres"),
        ([f"TR1 3AY,10,999999,44977,{CODES}"], "outside Great Britain"),
        (["x" * 200_000], "cannot be read as CSV"),
    ],
    ids=["empty", "three", "eleven", "half", "words", "negative", "sea", "endless"],
)
def test_says_in_which_line_a_file_is_something_else(lines: list[str], why: str) -> None:
    with pytest.raises(NotCodePoint, match=why):
        rows(*lines)


@pytest.mark.parametrize(
    ("postcode", "area"), [("TR1 3AY", "TR"), ("B1 1AA", "B"), ("SW1A 1AA", "SW")]
)
def test_an_area_is_the_letters_at_the_beginning(postcode: str, area: str) -> None:
    assert area_of(postcode) == area


def test_a_second_file_replaces_its_area_and_leaves_others(app: Flask) -> None:
    birmingham, bath = f"B1  1AA,10,406500,286600,{CODES}", f"BA1 1AA,10,375000,165000,{CODES}"
    assert load(HUB, HANNAH, birmingham, bath) == 4
    assert load(HUB, birmingham) == 2

    assert stored() == {"TR1 3AY": 2, "B1 1AA": 2, "BA1 1AA": 1}
    assert [one.rows for one in last_loads()] == [2, 4]


def test_a_load_that_ends_late_takes_nothing_from_one_that_began_after_it(app: Flask) -> None:
    first, second = (transact(lambda: begin_load(by="test", at=NOW)) for _ in range(2))
    transact(lambda: add_part(rows(HANNAH), second))
    transact(lambda: end_load(first, {"TR"}, 0, by="test", at=NOW))
    transact(lambda: end_load(second, {"TR"}, 1, by="test", at=NOW))

    assert stored() == {"TR15 2PG": second}


def test_comes_in_parts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.places.load_postcodes.PART", 2)
    lines = [f"TR1 3A{letter},10,182190,44977,{CODES}" for letter in "ABCDE"]

    assert load(*lines, lines[0]) == 6
    assert len(stored()) == 5


def test_a_broken_file_says_so_and_keeps_what_came_before(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "tr.csv"
    file.write_text(f"{HUB}\nnonsense\n")

    answer = app.test_cli_runner().invoke(args=["import-postcodes", str(file)])

    assert answer.exit_code == 1
    assert "Line 2 has 1 columns" in answer.output


def test_the_command_reads_a_csv_file_and_the_whole_zip(app: Flask, tmp_path: Path) -> None:
    plain, parcel = tmp_path / "tr.csv", tmp_path / "codepo_gb.zip"
    plain.write_text(f"{HUB}\n")
    with zipfile.ZipFile(parcel, "w") as made:
        made.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ\nPostcode,Quality\n")
        made.writestr("Data/CSV/tr.csv", f"{HUB}\n{HANNAH}\n")
        made.writestr("Data/CSV/b.csv", f"B1  1AA,10,406500,286600,{CODES}\n")
    run = app.test_cli_runner().invoke

    assert "1 postcodes are known" in run(args=["import-postcodes", str(plain)]).output
    assert "3 postcodes are known" in run(args=["import-postcodes", str(parcel)]).output
    assert set(stored()) == {"TR1 3AY", "TR15 2PG", "B1 1AA"}


def sent(browser: FlaskClient, content: bytes, name: str = "tr.csv"):
    data = {"file": FileStorage(io.BytesIO(content), name, "file")}
    boundary, body = encode_multipart(data)
    return browser.post(
        "/places/postcodes", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


@pytest.mark.one_database
def test_a_manager_reads_a_file_by_upload(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    morwenna = sign_in(cast.morwenna)

    assert "No file was read yet" in morwenna.get("/places/postcodes").text
    assert sent(morwenna, f"{HUB}\n{HANNAH}\n".encode()).location == "/places/postcodes"
    page = morwenna.get("/places/postcodes").text
    assert "2 postcodes are known by where they lie" in page
    assert "Morwenna Trevithick" in page
    assert "Journeys count from this postcode" in morwenna.get(f"/places/{cast.hub.id}").text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no postcode"),
        (b"name,postcode\n", "Line 1 has 2 columns"),
        (b"\xff\xfe\x00", "no text file"),
        (HUB.encode() + b"\nnonsense\n", "Line 2 has 1 columns"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
    ids=["empty", "other columns", "no text", "broken", "too large"],
)
def test_a_wrong_file_changes_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, content: bytes, says: str
) -> None:
    page = sent(sign_in(cast.morwenna), content)

    assert page.status_code == 422
    assert says in page.text
    assert (stored(), list(last_loads())) == ({}, [])


@pytest.mark.one_database
def test_only_managers_do(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for person in (cast.jago, cast.tamsin):
        assert sign_in(person).get("/places/postcodes").status_code == 404
        assert sent(sign_in(person), HUB.encode()).status_code == 404
    assert sign_in(cast.morwenna).post("/places/postcodes").status_code == 422
