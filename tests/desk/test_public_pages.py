"""The page for families about VIG: short sentences, where it is found, and where it is not."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from app.families.models import Carer
from app.links.tokens import make_link
from tests.cast import NOW, Cast
from tests.scheduling.test_letter import a_monday, visit
from tests.sessions import signed_in

__all__ = ["a_monday", "visit"]

pytestmark = pytest.mark.one_database


def sentences(page: str) -> list[str]:
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    blocks = re.split(r"</(?:p|li|h1|h2)>", main.partition(">")[2])
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", block)).split()) for block in blocks]
    return [said for block in words for said in re.split(r"(?<=[.?!]) ", block) if said]


def test_is_written_in_short_sentences(client: FlaskClient, cast: Cast) -> None:
    said = sentences(client.get("/about-vig").text)
    lengths = [len(one.split()) for one in said]

    assert len(said) > 25
    assert max(lengths) <= 18
    assert sum(lengths) / len(lengths) < 10


def test_says_what_the_services_leaflet_says(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/about-vig").text

    for fact in ("20 to 45 minutes", "3 short clips", "about 1 hour", "3 to 7 cycles", "your home"):
        assert fact in page


@pytest.mark.parametrize("path", ["/sign-in", "/refer", "/accessibility", "/about-vig"])
def test_is_found_without_an_account(client: FlaskClient, cast: Cast, path: str) -> None:
    assert 'href="/about-vig"' in client.get(path, follow_redirects=True).text


def test_staff_find_it_from_help(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.tamsin).get("/help").text

    assert 'href="/about-vig"' in page
    assert 'href="/absences"' in page


@pytest.mark.parametrize(("wording", "there"), [("full", True), ("neutral", False)])
def test_a_link_page_speaks_of_it_only_in_full_wording(
    app: Flask, client: FlaskClient, cast: Cast, visit, wording: str, there: bool
) -> None:
    carer = db.session.get_one(Carer, 1)
    carer.wording = wording
    token = make_link("a", visit.id, "carer", carer.id, expires_at=visit.ends_at, at=NOW)
    db.session.commit()

    page = client.get(f"/a/{token}").text

    assert "Is this time still good for you?" in page
    assert ("/about-vig" in page) is there
    assert ("VIG" in page) is there
