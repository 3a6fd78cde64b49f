"""Every form of the sample service is sent with nothing, with what means nothing, and with far too
much: an answer for people each time, beside what they typed.
"""

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from app.wiring import create_app
from tests import databases
from tests.demo.walking import FormOnPage, Forms, enter, kinds_of, walk

pytestmark = pytest.mark.xdist_group("sample")
# These end the visit of whoever walks; they have tests of their own.
ENDS = ("accounts.sign_out", "accounts.end_other_sessions", "accounts.end_staff_sessions")
ODD = "Zebra \x00\u202e<b>{{7*7}}' %s \N{PILE OF POO}"
ANSWERS = (302, 303, 400, 404, 409, 413, 422)
HEADING = re.compile(r"There is a problem")


@pytest.fixture
def copied(sample: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The sample service in a copy of its own, which may be changed."""
    with sample.app_context():
        source = str(db.engine.url.database)
    with (
        closing(sqlite3.connect(source)) as whole,
        closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
    ):
        whole.backup(copy)
    app = create_app(
        databases.environ(f"sqlite:///{tmp_path / 'copy.db'}"),
        instance=databases.folder() / "instance",
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    yield app
    with app.app_context():
        db.engine.dispose()


def variants(form: FormOnPage) -> Iterator[dict[str, str]]:
    """Nothing; words where they mean nothing; far too much; days and numbers that are none."""
    yield {}
    yield {name: ODD for name in form.typed} | dict.fromkeys(form.chosen, "zebra")
    yield {name: "Zebra" * 2000 for name in form.typed}
    for words in ("31/02/2027", "-99999999999999999999", "99:99"):
        yield {name: words for name in form.typed}


def sent(client: FlaskClient, form: FormOnPage) -> Iterator[tuple[int, str, dict[str, str]]]:
    buttons = form.buttons or [("", "")]
    alone = [form.chosen | {name: "zebra"} for name in form.chosen]  # one that is not offered
    for typed, (name, value) in (
        *itertools.product(alone, buttons[:1]),
        *itertools.product(variants(form), buttons[:2]),
    ):
        pressed = {name: value} if name else {}
        answer = client.post(form.action, data=form.hidden | typed | pressed)
        yield answer.status_code, answer.text if answer.mimetype == "text/html" else "", typed


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["manager", "practitioner"])
def test_no_form_is_lost_for_words(copied: Flask, role: str) -> None:
    client, kind_of, tried = enter(copied, role), kinds_of(copied, "POST"), set()
    wrong: list[str] = []
    for address, words in walk(copied, client, often=2).pages.items():
        for form in Forms(address, words).found:
            kind = kind_of(form.action)
            if kind in ENDS or kind in tried:
                continue
            tried.add(kind)
            for status, page, typed in sent(client, form):
                if status not in (200, *ANSWERS):
                    wrong.append(f"{address}: {kind} answered {status} to {str(typed)[:80]!r}")
                if status == 422 and not HEADING.search(page):
                    wrong.append(f"{address}: {kind} does not say what is wrong")
                if status == 422 and "Zebra" in str(typed) and "Zebra" not in page:
                    wrong.append(f"{address}: {kind} lost what was typed")
    assert wrong == [], "\n".join(wrong)
    assert len(tried) >= 25, sorted(tried)
