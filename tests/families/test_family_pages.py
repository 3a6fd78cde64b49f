"""The pages of families: who may open them, what a wrong form gets, what a right one does."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import db
from app.families.add_family import add_family
from app.families.change_family import change_family
from app.families.models import Carer, Child, Family
from app.families.queries import notes_of
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]

# As a browser sends it: what is left empty comes along.
CONTACT = {
    "version": "1",
    **dict.fromkeys(("safe_times", "landline", "preferred_name", "email", "contact_note"), ""),
    "mobile": "07700 900 142",
    "phone_owner": "own",
    "safe_to_text": "yes",
    "wording": "neutral",
    "voicemail": "none",
    "reads_texts": "y",
}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("screen", ["edit", "contact/1", "move", "choice"])
def test_opening_a_page_of_a_family_is_recorded(
    app: Flask, cast: Cast, sign_in: SignIn, screen: str
) -> None:
    sign_in(cast.tamsin).get(f"/families/F1042/{screen}")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "family:read")).one()
    assert (entry.family_id, entry.by) == (cast.hannah.id, f"staff:{cast.tamsin.id}")


@pytest.mark.parametrize(
    ("path", "typed", "says"),
    [
        ("edit", {}, "Enter the language"),
        ("edit", {"language": "English", "where": "moon"}, "Choose one"),
        ("edit", {"language": "x" * 41, "where": "home"}, "Use 40 characters"),
        ("edit", {"language": "English", "where": "home", "free_times": "soon"}, "Write days"),
        ("edit", {"language": "English", "where": "home", "not_outcodes": "Truro"}, "districts"),
        ("contact/1", {}, "Choose whether we may text"),
        ("contact/1", {**CONTACT, "safe_to_text": "maybe"}, "Choose whether we may text"),
        ("contact/1", {**CONTACT, "phone_owner": "child"}, "We never text a child’s phone"),
        ("contact/1", {**CONTACT, "mobile": ""}, "Enter the mobile number that is safe"),
        ("contact/1", {**CONTACT, "mobile": "07700 900 1"}, "digits"),
        ("contact/1", {**CONTACT, "mobile": "01632 960 123"}, "landline"),
        ("contact/1", {**CONTACT, "safe_times": "whenever"}, "Write days"),
        ("contact/1", {**CONTACT, "email": "nobody"}, "e-mail address"),
        ("contact/1", {**CONTACT, "safe_to_email": "yes"}, "Enter the e-mail address that is safe"),
        ("contact/1", {**CONTACT, "prefers": "email"}, "Ask first whether e-mail is safe"),
        ("carers/new", {"first_name": " "}, "Enter the carer’s first name"),
        ("carers/1", {"first_name": ""}, "Enter the carer’s first name"),
        ("carers/1/leaves", {}, "Enter the day"),
        ("carers/1/leaves", {"left_on": ["31", "2", "2026"]}, "Enter a real date"),
        ("carers/1/leaves", {"left_on": ["1", "1", "2027"]}, "cannot lie ahead"),
        ("carers/1/leaves", {"left_on": ["", "2", "2026"]}, "Enter a real date"),
        ("carers/1/leaves", {"left_on": ["9" * 5000, "1", "1"]}, "Enter a real date"),
        ("children/new", {}, "Enter a first name"),
        ("children/new", {"born_on": ["1", "1", "2030"]}, "has passed"),
        ("children/1", {"first_name": "x" * 81}, "Use 80 characters"),
        ("move", {}, "Enter the postcode"),
        ("move", {"postcode": "nowhere"}, "Enter a postcode"),
        ("notes/new", {"words": "  "}, "Write the note"),
        ("notes/new", {"words": "x" * 4001}, "Use 4000 characters"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_changes_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, path: str, typed, says: str
) -> None:
    tamsin, before = sign_in(cast.tamsin), db.session.scalar(select(func.max(AuditEntry.id)))

    page = tamsin.post(f"/families/F1042/{path}", data={**typed, "version": "1"})

    assert page.status_code == 422
    assert says in page.text
    assert "<title>Error: " in page.text.replace("\n", "").replace("<title>    ", "<title>")
    assert db.session.scalar(select(func.max(AuditEntry.id))) == before


def test_what_was_typed_is_kept(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    typed = {
        **CONTACT,
        "phone_owner": "child",
        "contact_note": "Ask for Dee",
        "safe_times": "Mon am",
    }

    page = sign_in(cast.tamsin).post("/families/F1042/contact/1", data=typed)

    assert "Ask for Dee" in page.text
    assert "07700 900 142" in page.text


def test_contact_answers_are_saved(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.tamsin).post("/families/F1042/contact/1", data=CONTACT)

    assert (answer.status_code, answer.location) == (302, "/families/F1042")
    hannah = db.session.get(Carer, 1, populate_existing=True)
    assert (hannah.wording, hannah.checked_by) == ("neutral", "Tamsin Nance")


def test_whether_we_may_text_is_never_chosen_beforehand(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.tamsin).get("/families/F1042/contact/1").text

    radios = page.split('name="safe_to_text"')[1:]
    assert len(radios) == 3
    assert not any("checked" in radio.split(">")[0] for radio in radios)


def test_one_press_records_a_yes_said_today(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hannah = db.session.get(Carer, 1)
    hannah.safe_to_text, hannah.checked_on = "not_asked", None
    db.session.commit()

    sign_in(cast.tamsin).post("/families/F1042/contact/1/said-yes")

    hannah = db.session.get(Carer, 1, populate_existing=True)
    assert (hannah.safe_to_text, hannah.checked_on) == ("yes", date(2026, 11, 23))


def test_a_form_opened_before_a_change_shows_both(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    change_family(cast.hannah, school="Mount School", by=cast.jago, at=NOW)
    db.session.commit()

    page = tamsin.post(
        "/families/F1042/edit",
        data={"language": "English", "where": "home", "school": "Hill School", "version": "1"},
    )

    assert page.status_code == 409
    assert "Mount School" in page.text
    assert "Hill School" in page.text


def test_a_practitioner_gives_no_family_away(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    typed = {"language": "English", "where": "home", "practitioner_id": str(cast.kerensa.id)}
    typed["closed_to_matchers"] = "y"

    sign_in(cast.tamsin).post("/families/F1042/edit", data=typed)

    hannah = db.session.get(Family, cast.hannah.id, populate_existing=True)
    assert (hannah.practitioner_id, hannah.closed_to_matchers) == (cast.tamsin.id, False)


def test_a_coordinator_gives_a_family_to_a_practitioner(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    typed = {"language": "English", "where": "home", "practitioner_id": str(cast.kerensa.id)}
    typed["version"] = "1"

    sign_in(cast.jago).post("/families/F1042/edit", data=typed)

    hannah = db.session.get(Family, cast.hannah.id, populate_existing=True)
    assert hannah.practitioner_id == cast.kerensa.id


def test_a_new_carer_leads_to_how_to_reach_them(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.tamsin).post("/families/F1042/carers/new", data={"first_name": "Rui"})

    assert answer.location.startswith("/families/F1042/contact/")


def test_a_move_a_child_and_a_note_are_saved(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    tamsin.post("/families/F1042/move", data={"address": "2 Example Road", "postcode": "tr1 3ay"})
    tamsin.post(
        "/families/F1042/children/new", data={"first_name": "Isla", "born_on": ["3", "2", "2026"]}
    )
    tamsin.post("/families/F1042/notes/new", data={"words": "<b>Park</b>"})

    assert [note.words for note in notes_of(cast.hannah.id)] == ["<b>Park</b>"]
    hannah = db.session.get(Family, cast.hannah.id, populate_existing=True)
    assert db.session.scalars(
        select(Child.first_name).where(Child.family_id == hannah.id)
    ).all() == [
        "Leo",
        "Isla",
    ]


def test_records_are_found_checked_and_joined(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    twin = add_family(carer={"first_name": "Hannah", "surname": "Rowe"}, by="test", at=NOW)
    db.session.commit()
    jago, address = sign_in(cast.jago), f"/families/{twin.reference}/merge"

    assert "the same name" in jago.get(address).text
    assert "cannot be undone" in jago.get(f"{address}?into=f1042").text
    assert jago.post(address, data={"into": "F1042"}).location == "/families/F1042"
    moved = jago.get(f"/families/{twin.reference}/edit")
    assert (moved.status_code, moved.location) == (302, "/families/F1042/edit")


@pytest.mark.parametrize("into", ["F9999", "F1042", "'"])
def test_joining_with_nothing_or_itself_is_refused(
    app: Flask, cast: Cast, sign_in: SignIn, into: str
) -> None:
    jago = sign_in(cast.jago)

    assert jago.get("/families/F1042/merge", query_string={"into": into}).status_code == 422
    assert jago.post("/families/F1042/merge", data={"into": into}).status_code == 422
