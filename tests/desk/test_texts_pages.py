"""The pages on which managers write, preview, approve and take back the words of texts."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from app.messaging.own_texts import OwnText, approve_text, book, write_text
from app.messaging.own_words import editable
from app.messaging.wordings import SHIPPED
from tests.cast import NOW, Cast
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database

LIST = "/settings/texts"
ONE = "/settings/texts/en/booked/strict"
POLISH = "/settings/texts/pl/booked/full"
OWN = "We meet {when}. Reply 1 to keep it, 2 to change it."


@pytest.fixture
def morwenna(app: Flask, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.morwenna)


def posted(client: FlaskClient, address: str, words: str, *, seen: int = 0, **more: str):
    return client.post(address, data={"words": words, "version": str(seen), "keep": "1", **more})


def newest() -> OwnText:
    db.session.expire_all()
    row = db.session.query(OwnText).order_by(OwnText.id.desc()).first()
    assert row is not None
    return row


def plain(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


@pytest.mark.parametrize("address", [LIST, ONE])
@pytest.mark.parametrize("who", ["jago", "tamsin"])
def test_only_managers_open_them(app: Flask, cast: Cast, address: str, who: str) -> None:
    assert signed_in(app, getattr(cast, who)).get(address).status_code == 404


def test_only_managers_change_them(app: Flask, cast: Cast) -> None:
    jago = signed_in(app, cast.jago)
    for address in (ONE, f"{ONE}/approve", f"{ONE}/drop"):
        assert jago.post(address, data={"words": OWN, "version": "0"}).status_code == 404
    assert db.session.query(OwnText).count() == 0


def test_nobody_but_a_manager_approves_a_draft(app: Flask, cast: Cast) -> None:
    row = write_text(("booked", "strict"), "en", OWN, seen=0, by=cast.morwenna, at=NOW)
    db.session.commit()
    row_id = row.id

    for person in (cast.jago, cast.tamsin):
        asked = {"draft": row_id, "reader": "Jo Bray"}
        assert signed_in(app, person).post(f"{ONE}/approve", data=asked).status_code == 404
        assert signed_in(app, person).post(f"{ONE}/drop", data={"seen": row_id}).status_code == 404

    assert newest().id == row_id
    assert newest().approved_at is None


def test_the_list_has_every_text_with_its_state(morwenna: FlaskClient) -> None:
    page = morwenna.get(LIST).text

    assert page.count('scope="row"') == len(editable())
    assert f"As delivered ({len(editable())})" in plain(page)
    assert "Settings" in page


def test_a_language_without_words_has_none_yet(morwenna: FlaskClient) -> None:
    page = plain(morwenna.get(f"{LIST}?language=pl").text)

    assert "Texts in Polish" in page
    assert f"None yet ({len(editable())})" in page


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("q=two of", 0),
        ("q=TWO on one day", 3),
        ("q=strict", 9),
        ("state=delivered&q=a+new+link", 1),
        ("state=approve", 0),
        ("state=nonsense&q=opening", 3),
        ("language=xx&q=opening", 3),
        ("language=pl&state=none&q=place", 5),
        ("q=%00", 41),
    ],
)
def test_the_list_is_searched_and_filtered(morwenna: FlaskClient, asked: str, rows: int) -> None:
    answer = morwenna.get(f"{LIST}?{asked}")

    assert answer.status_code == 200
    assert answer.text.count('scope="row"') == rows


@pytest.mark.parametrize(
    "address",
    [
        "en/booked/staff",
        "en/overdue_all/staff",
        "xx/booked/full",
        "en/nothing/full",
        "en/decide/strict",
    ],
)
def test_what_nobody_may_write_is_not_there(morwenna: FlaskClient, address: str) -> None:
    assert morwenna.get(f"{LIST}/{address}").status_code == 404
    assert morwenna.post(f"{LIST}/{address}", data={"words": OWN}).status_code == 404


def test_a_draft_waits_for_somebody_else(app: Flask, cast: Cast, morwenna: FlaskClient) -> None:
    answer = posted(morwenna, ONE, OWN)

    assert answer.status_code == 302
    assert book().words("booked", "strict") == SHIPPED.words("booked", "strict")
    page = plain(morwenna.get(ONE).text)
    assert "You wrote it, so somebody else must have read it" in page
    assert "To approve (1)" in plain(morwenna.get(LIST).text)

    cast.jago.role = "manager"
    db.session.commit()
    signed_in(app, cast.jago).post(f"{ONE}/approve", data={"draft": newest().id, "reader": ""})

    own_texts_afresh()
    assert book().words("booked", "strict") == OWN
    assert newest().read_by == "Jago Penrose"


def own_texts_afresh() -> None:
    from flask import g

    g.pop("books", None)
    db.session.expire_all()


def test_its_writer_approves_it_only_with_another_reader(
    app: Flask, cast: Cast, morwenna: FlaskClient
) -> None:
    posted(morwenna, ONE, OWN)
    refused = morwenna.post(
        f"{ONE}/approve", data={"draft": newest().id, "reader": cast.morwenna.name}
    )

    assert refused.status_code == 422
    assert "somebody else must have read it. Enter who" in refused.text
    assert OWN in plain(refused.text).replace("&#39;", "'")
    assert newest().approved_at is None

    morwenna.post(f"{ONE}/approve", data={"draft": newest().id, "reader": "Jo Bray"})
    assert newest().read_by == "Jo Bray"
    assert "read by Jo Bray" in plain(morwenna.get(ONE).text)


def test_a_preview_keeps_nothing_and_shows_each_case(morwenna: FlaskClient, cast: Cast) -> None:
    cast.kerensa.name = "Łukasz Tregenza"
    db.session.commit()
    words = "Visit[ with {worker}] {when}[, {where}]. Reply 1 or 2… [{link}|]"
    address = ONE.replace("strict", "full")

    answer = morwenna.post(address, data={"words": words, "version": "0", "look": "1"})

    page = plain(answer.text)
    assert answer.status_code == 200
    assert db.session.query(OwnText).count() == 0
    assert "Visit with Łukasz" in page
    assert "UCS-2 because of Ł" in page
    assert "… (horizontal ellipsis) becomes ..." in page
    assert "1 part:" in page
    assert "in GSM-7" in page
    assert "Reply 1 or 2… [{link}|]" in page


@pytest.mark.parametrize("button", ["look", "keep"])
def test_what_cannot_be_sent_is_said_beside_the_words_which_stay(
    morwenna: FlaskClient, button: str
) -> None:
    words = "Your {child} on {when}: reply 1 or 2"

    answer = morwenna.post(ONE, data={"words": words, "version": "0", button: "1"})

    assert answer.status_code == 422
    assert "{child} cannot be said in this text. What can: {when}." in plain(answer.text)
    assert words in plain(answer.text)
    assert db.session.query(OwnText).count() == 0


def test_a_form_opened_before_somebody_wrote_is_refused(morwenna: FlaskClient) -> None:
    posted(morwenna, ONE, OWN)

    answer = posted(morwenna, ONE, OWN.replace("We meet", "Meeting"), seen=0)

    assert answer.status_code == 409
    assert "was changed by somebody else" in answer.text
    assert "Meeting {when}" in answer.text


def test_an_older_text_is_brought_back_as_a_draft(cast: Cast, morwenna: FlaskClient) -> None:
    first = write_text(("booked", "strict"), "en", OWN, seen=0, by=cast.jago, at=NOW)
    approve_text(first, "", by=cast.morwenna, at=NOW)
    again = OWN.replace("We meet", "Meeting")
    second = write_text(("booked", "strict"), "en", again, seen=first.id, by=cast.jago, at=NOW)
    db.session.commit()

    page = morwenna.get(f"{ONE}?from={first.id}").text

    assert f'name="version" type="hidden" value="{second.id}"' in page
    assert re.search(r"<textarea[^>]*>\s*We meet", page)


def test_the_text_as_delivered_comes_back_with_one_click(cast: Cast, morwenna: FlaskClient) -> None:
    row = write_text(("booked", "strict"), "en", OWN, seen=0, by=cast.jago, at=NOW)
    approve_text(row, "", by=cast.morwenna, at=NOW)
    db.session.commit()

    stale = morwenna.post(f"{ONE}/drop", data={"seen": "0"}, follow_redirects=True)
    assert "was changed by somebody else" in stale.text
    done = morwenna.post(f"{ONE}/drop", data={"seen": str(row.id)}, follow_redirects=True)

    assert "as delivered is used again" in done.text
    own_texts_afresh()
    assert book().words("booked", "strict") == SHIPPED.words("booked", "strict")


def test_another_language_stands_beside_the_english_and_runs_its_own_way(
    morwenna: FlaskClient,
) -> None:
    address = POLISH.replace("/pl/", "/ar/")
    posted(morwenna, address, "موعد {when}. أرسل 1 للتأكيد أو 2 للتغيير.")

    page = morwenna.get(address).text

    assert "In English:" in page
    (box,) = re.findall("<textarea[^>]*>", page)
    assert 'lang="ar"' in box
    assert 'dir="rtl"' in box
    assert 'lang="ar" dir="rtl">موعد' in page


@pytest.mark.parametrize("draft", ["", "x", "99", "-1"])
def test_only_a_draft_of_this_text_is_approved(morwenna: FlaskClient, draft: str) -> None:
    posted(morwenna, POLISH, "Wizyta: {when}. 1 lub 2.")

    answer = morwenna.post(f"{ONE}/approve", data={"draft": draft, "reader": "Ewa Nowak"})
    other = morwenna.post(f"{ONE}/approve", data={"draft": newest().id, "reader": "Ewa Nowak"})

    assert (answer.status_code, other.status_code) == (404, 404)
    assert newest().approved_at is None


def test_settings_lead_to_the_texts(morwenna: FlaskClient) -> None:
    assert f'href="{LIST}"' in morwenna.get("/settings").text
