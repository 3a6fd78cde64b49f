"""What every answer carries and what is refused at the door, as production has it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app import forms
from app.db import db
from app.wiring import create_app
from tests import databases
from tests.cast import Cast
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database
HOST = "https://service.example.org"
LIVE = {
    "ENVIRONMENT": "production", "SECRET_KEY": "k" * 40, "PUBLIC_URL": HOST, "PROXY_HOPS": "1",
    "SMS_TRANSPORT": "twilio", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t" * 32,
    "TWILIO_FROM": "+447700900001", "SMTP_URL": "smtp://mail.example.org:25",
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
DEAD = "x" * 22
# Without a session's form token: each carries its own proof.
OWN_PROOF = {"appointment_links", "offer_links", "family_links", "peer_links", "webhooks"}


PAGES = (
    "/sign-in", "/", "/no-such-page", "/static/no-such-file.css", "/healthz", "/refer",
    f"/a/{DEAD}", f"/f/{DEAD}", f"/o/{DEAD}", f"/p/{DEAD}", f"/feeds/{DEAD}.ics",
    f"/account/{DEAD}", "/webhooks/twilio/sms",
)  # fmt: skip


class Browser(FlaskClient):
    """A browser that asks for the service by its own name."""

    def open(self, *args: Any, **kw: Any) -> Any:
        return super().open(*args, **{"base_url": HOST, **kw})


@pytest.fixture
def live(database: str) -> Iterator[FlaskClient]:
    """A browser in front of the service as production runs it."""
    environ = databases.environ(database) | LIVE
    app = create_app(environ, instance=databases.folder() / "instance")
    app.test_client_class = Browser
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_every_answer_carries_its_headers(live: FlaskClient, method: str) -> None:
    for address in PAGES:
        answer = live.open(address, method=method)

        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, address
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), address
        assert "unsafe" not in policy, address
        assert answer.headers["Cache-Control"] == "no-store", address
        assert answer.status_code < 500, address


def test_every_dead_link_gets_the_same_bytes(live: FlaskClient) -> None:
    answers = [live.get(f"/{kind}/{token}") for kind in "afop" for token in (DEAD, "x", "²" * 22)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({str(answer.headers) for answer in answers}) == 1
    assert answers[0].headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answers[0].headers


def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(live: FlaskClient) -> None:
    cookie = live.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("__Host-session=")
    for rule in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert rule in cookie
    assert "Domain" not in cookie


def test_another_host_is_not_served(live: FlaskClient) -> None:
    for host in ("evil.example", "service.example.org.evil.example"):
        answer = live.get("/sign-in", base_url=f"https://{host}")

        assert answer.status_code == 400
        assert answer.mimetype == "text/plain"


def test_the_simulator_is_not_there(live: FlaskClient) -> None:
    assert live.get("/simulator").status_code == 404
    assert live.post("/simulator/reply").status_code in (400, 404)


def test_a_large_body_is_refused_unread(live: FlaskClient) -> None:
    for address in ("/sign-in", "/refer", f"/a/{DEAD}"):
        form = f"x={'x' * 260_000}"

        assert live.post(address, data=form).status_code == 413


def test_every_post_of_staff_needs_the_forms_token(app: Flask, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = signed_in(app, cast.morwenna)
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    known = {
        "reference": "F1042",
        "token": DEAD,
        "kind": "carer",
        "name": "texts",
        "what": "change",
        "decision": "hold",
    }

    answers = {}
    for rule in rules:
        values = {name: known.get(name, 1) for name in rule.arguments}
        address = app.url_map.bind("127.0.0.1").build(rule.endpoint, values, method="POST")
        if rule.endpoint.partition(".")[0] not in OWN_PROOF:
            answers[rule.endpoint] = client.post(address).status_code

    assert len(answers) > 80
    assert {name: status for name, status in answers.items() if status != 400} == {}


def test_a_missing_file_is_not_kept_and_a_built_one_is(app: Flask, client: FlaskClient) -> None:
    folder = Path(app.static_folder or "")
    built = next(path.name for path in folder.glob("*.*"))

    assert client.get("/static/none.css").headers["Cache-Control"] == "no-store"
    with client.get(f"/static/{built}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("body", ["[1]", "5", '"x"', '{"email": {"a": 1}}', "[" * 100_000, "{"])
def test_a_body_that_is_no_form_holds_nothing(app: Flask, client: FlaskClient, body: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for address in ("/sign-in", "/refer", "/forgotten"):
        answer = client.post(address, data=body, content_type="application/json")

        assert answer.status_code in (400, 422), address


def test_an_address_with_a_zero_byte_is_no_page(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.morwenna)

    for address in ("/families/F1042%00", "/a/%00"):
        assert client.get(address).status_code == 404


def test_a_zero_byte_in_what_is_asked_for_is_left_out(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.morwenna)

    assert client.get("/staff?q=%00").status_code == 200
    assert client.get("/search?q=Hannah%00").location == "/families/F1042"


def test_what_a_page_carries_is_cleaned_like_what_is_typed(app: Flask) -> None:
    class Carrying(forms.Form):
        once = forms.hidden()

    with app.test_request_context(method="POST"):
        assert Carrying(MultiDict({"once": " a\0b\r\n"})).once.data == "ab"
