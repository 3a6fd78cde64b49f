"""The staff pages, for managers, and one's own page."""

import re

import pytest
from sqlalchemy import select

from app.accounts import hooks
from app.accounts.models import SignIn, Staff
from app.db import db
from app.messaging.models import Outbox
from app.windows import Window, Windows, read_windows
from tests.cast import NOW

pytestmark = pytest.mark.one_database

TYPED = {
    "name": "Elowen Shevchenko", "email": "elowen@example.org", "mobile": "07700 900 321",
    "role": "practitioner", "takes_visits": "y", "vig_level": "accredited", "gender": "woman",
    "base_postcode": "tr1 3ay", "languages": "English, Ukrainian",
    "monday": "9-5", "wednesday": "09:00-12:30, 13:00-17:00",
}  # fmt: skip


@pytest.fixture
def manager(staff, client, enter):
    enter(client, staff.morwenna)
    return client


def typed(**changes: str) -> dict[str, str]:
    return {**TYPED, **changes}


def version_in(page) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]


def test_adds_somebody_and_mails_them_a_link(staff, manager):
    answer = manager.post("/staff/add", data=typed())

    added = db.session.scalars(select(Staff).where(Staff.email == "elowen@example.org")).one()
    assert answer.location == f"/staff/{added.id}"
    assert (added.mobile, added.base_postcode) == ("+447700900321", "TR1 3AY")
    assert added.languages == ["English", "Ukrainian"]
    assert added.hours == read_windows("Mon 9-5, Wed 9:00-12:30, Wed 13:00-17:00")
    assert added.takes_visits
    assert db.session.scalars(select(Outbox.recipient_id)).all() == [added.id]
    assert "have not set a password" in manager.get(answer.location).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Enter the full name"),
        ({"email": "jago.penrose@example.org"}, "Jago Penrose has this e-mail address"),
        ({"mobile": "01632 960173"}, "Enter a mobile number"),
        ({"role": ""}, "Choose a role"),
        ({"role": "owner"}, "Choose a role"),
        ({"monday": "nine to five"}, "Enter times such as 09:00-17:00"),
        ({"tuesday": "Wed 9-5"}, "Enter the times alone"),
        ({"base_postcode": "somewhere"}, "Enter a postcode"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(staff, manager, change, sentence):
    page = manager.post("/staff/add", data=typed(**change))

    assert page.status_code == 400
    assert sentence in page.text
    assert 'value="English, Ukrainian"' in page.text
    assert 'value="09:00-12:30, 13:00-17:00"' in page.text
    assert len(db.session.scalars(select(Staff)).all()) == 4


def test_changes_somebody_from_what_is_stored(staff, manager):
    here = f"/staff/{staff.tamsin.id}/edit"
    page = manager.get(here)
    assert 'value="09:00-17:00"' in page.text
    assert 'value="07700 900 517"' in page.text

    answer = manager.post(here, data=typed(version=version_in(page), name="Tamsin Nance-Hoskin"))

    assert answer.status_code == 302
    assert staff.tamsin.name == "Tamsin Nance-Hoskin"
    assert "Changed: base postcode, email" in manager.get(f"/staff/{staff.tamsin.id}").text


def test_single_days_off_survive_a_change_of_the_week(staff, manager):
    off = ((NOW.date(), ()),)
    staff.tamsin.hours = Windows((Window(0, 540, 1020),), off)
    db.session.commit()
    here = f"/staff/{staff.tamsin.id}/edit"

    manager.post(here, data=typed(version=version_in(manager.get(here)), monday="10-4"))

    assert staff.tamsin.hours.exceptions == off
    assert staff.tamsin.hours.windows[0] == Window(0, 600, 960)


def test_an_old_form_is_refused_and_shows_what_is_stored_now(staff, manager):
    staff.tamsin.version = 2
    db.session.commit()

    page = manager.post(f"/staff/{staff.tamsin.id}/edit", data=typed(version="1", name="Old Name"))

    assert page.status_code == 409
    assert "was changed by somebody else" in page.text
    assert "Old Name" not in page.text
    assert version_in(page) == "2"
    assert staff.tamsin.name == "Tamsin Nance"


def test_shows_a_link_to_hand_over_once(staff, manager):
    page = manager.post(f"/staff/{staff.tamsin.id}/link")

    link = re.search(r"http://127\.0\.0\.1:5000/account/\w{22}", page.text)[0]
    assert manager.get(link).status_code == 200
    assert link not in manager.get(f"/staff/{staff.tamsin.id}").text


def test_ends_somebodys_sessions(app, staff, manager, enter):
    other = app.test_client()
    enter(other, staff.tamsin)

    manager.post(f"/staff/{staff.tamsin.id}/sessions/end")

    assert other.get("/me").status_code == 302
    assert manager.get("/me").status_code == 200


def test_somebody_leaves_after_a_look_at_what_they_hold(staff, manager, unfrozen):
    hooks.caseload.add("families", lambda who, at: hooks.Held("1 family", 1))
    here = f"/staff/{staff.tamsin.id}/leave"
    page = manager.get(here)
    assert "They hold 1 family." in page.text

    refused = manager.post(here, data={"version": version_in(page), "hand_to": ""})
    done = manager.post(here, data={"version": version_in(page), "hand_to": str(staff.kerensa.id)})

    assert refused.status_code == 400
    assert "Choose who takes over 1 family" in refused.text
    assert done.location == "/staff"
    assert not staff.tamsin.active
    assert "Tamsin Nance" not in manager.get("/staff").text
    assert "Tamsin Nance" in manager.get("/staff?show=left").text


def test_a_hand_made_taker_is_refused(staff, manager, unfrozen):
    page = manager.post(f"/staff/{staff.tamsin.id}/leave", data={"version": "1", "hand_to": "9999"})

    assert page.status_code == 400
    assert staff.tamsin.active


def test_somebody_is_brought_back(staff, manager):
    staff.tamsin.left_at = NOW
    db.session.commit()

    manager.post(f"/staff/{staff.tamsin.id}/back")

    assert staff.tamsin.active


def test_a_refused_act_says_why_on_the_persons_page(staff, manager):
    page = manager.post(f"/staff/{staff.tamsin.id}/back", follow_redirects=True)

    assert "has not left" in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Jago", "Kerensa", "Morwenna", "Tamsin"]),
        ("?sort=-name", ["Tamsin", "Morwenna", "Kerensa", "Jago"]),
        ("?sort=role", ["Jago", "Morwenna", "Kerensa", "Tamsin"]),
        ("?sort=password_hash", ["Jago", "Kerensa", "Morwenna", "Tamsin"]),
        ("?q=TREG", ["Kerensa"]),
        ("?q=%25", []),
        ("?q=nobody", []),
    ],
)
def test_lists_finds_and_sorts(manager, query: str, names: list[str]):
    page = manager.get(f"/staff{query}")

    rows = re.findall(r'<a class="govuk-link" href="/staff/\d+">(\w+)', page.text)
    assert rows == names


PAGES = ["/staff", "/staff/add", "/staff/{id}", "/staff/{id}/edit", "/staff/{id}/leave"]
ACTS = ["leave", "edit", "sessions/end", "link", "email-link", "back"]


@pytest.mark.parametrize("who", ["jago", "tamsin"])
def test_for_everybody_but_managers_these_pages_do_not_exist(staff, client, enter, who):
    enter(client, getattr(staff, who))

    codes = {client.get(page.format(id=staff.kerensa.id)).status_code for page in PAGES}
    codes |= {client.post(f"/staff/{staff.kerensa.id}/{act}").status_code for act in ACTS}

    assert codes == {404}
    assert staff.kerensa.active


@pytest.mark.parametrize("number", ["0", "9999", "2147483648", "99999999999999", "x"])
def test_a_number_that_nobody_has_is_not_found(manager, number: str):
    assert manager.get(f"/staff/{number}").status_code == 404


# One's own page


def test_ones_own_page_shows_the_week_and_the_sessions(staff, client, enter):
    enter(client, staff.tamsin, headers={"User-Agent": "Firefox/133 (Windows NT 10.0)"})

    page = client.get("/me").text

    assert "Mon to Fri 09:00–17:00" in page
    assert "Firefox on Windows (this one)" in page


def test_one_changes_ones_own_number(staff, client, enter):
    enter(client, staff.tamsin)
    version = version_in(client.get("/me"))

    answer = client.post("/me", data={"version": version, "mobile": "07700 900 111"})

    assert answer.status_code == 302
    assert staff.tamsin.mobile == "+447700900111"
    assert not staff.tamsin.wants_invitations


def test_a_wrong_number_is_kept_beside_its_sentence(staff, client, enter):
    enter(client, staff.tamsin)

    page = client.post("/me", data={"version": "1", "mobile": "07700 900"})

    assert page.status_code == 400
    assert 'value="07700 900"' in page.text


def test_an_old_form_of_ones_own_is_refused(staff, client, enter):
    enter(client, staff.tamsin)
    staff.tamsin.version = 3
    db.session.commit()

    page = client.post("/me", data={"version": "1", "mobile": "07700 900 111"})

    assert page.status_code == 409
    assert staff.tamsin.mobile == "+447700900517"


def test_one_ends_ones_other_sessions(app, staff, client, enter):
    enter(app.test_client(), staff.tamsin)
    enter(client, staff.tamsin)

    client.post("/me/sessions/end")

    assert client.get("/me").status_code == 200
    assert len(db.session.scalars(select(SignIn)).all()) == 1


def test_other_pages_are_linked_for_those_who_may_open_them(staff, client, enter, monkeypatch):
    pages = {"staff": hooks.OwnPage("Staff accounts", "accounts.staff")}
    monkeypatch.setattr(hooks.own_pages, "_entries", pages)

    enter(client, staff.tamsin)
    assert "Staff accounts" not in client.get("/me").text
    enter(client, staff.morwenna)
    assert '<a class="govuk-link" href="/staff">Staff accounts</a>' in client.get("/me").text
