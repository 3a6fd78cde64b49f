from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from app.db import db
from app.messaging.models import Reply
from app.messaging.transports import signing_tokens, simulated_token
from app.tasks.models import Task
from tests.messaging.steps import stored, work
from tests.standins.twilio import ACCOUNT, TOKEN

BASE = "http://127.0.0.1:5000"
SMS = "/webhooks/twilio/sms"
TEXT = {
    "MessageSid": "SM1",
    "AccountSid": ACCOUNT,
    "From": "+447700900001",
    "To": "+447700900000",
    "Body": "1",
}


def signature(path, form, token=TOKEN):
    return RequestValidator(token).compute_signature(BASE + path, form)


def post(client, path, form, *, sign=None, **more):
    chosen = signature(path, form) if sign is None else sign
    return client.post(path, data=form, headers={"X-Twilio-Signature": chosen}, **more)


def replies():
    return db.session.scalars(select(Reply)).all()


def status(client, row_id, state, *, attempt=1, sid=None, code=None, **more):
    path = f"/webhooks/twilio/status/{row_id}/{attempt}"
    sid = sid or stored(row_id).provider_id or f"SM{1:032d}"
    form = {"MessageSid": sid, "MessageStatus": state, "AccountSid": ACCOUNT}
    if code:
        form["ErrorCode"] = code
    return post(client, path, form, **more)


def test_the_known_vector_of_twilios_documentation():
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
        "From": "+14158675309", "To": "+18005551212",
    }  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert RequestValidator("12345").compute_signature(url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signed_text_is_stored_and_answered_with_nothing(standin, client):
    answer = post(client, SMS, {**TEXT, "OptOutType": "STOP", "Extra": ""})
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert answer.data.endswith(b"<Response/>")
    assert "Set-Cookie" not in answer.headers
    (reply,) = replies()
    assert (reply.from_number, reply.body, reply.opt_out_type) == ("+447700900001", "1", "STOP")
    assert reply.read_at is None


def test_a_text_delivered_ten_times_at_once_is_stored_once(standin, app):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: post(app.test_client(), SMS, TEXT), range(10)))
    assert {a.status_code for a in answers} == {200}
    assert db.session.scalar(select(func.count(Reply.id))) == 1


def test_both_tokens_of_a_rotation_are_accepted(standin, client):
    sign = signature(SMS, TEXT, "the next token")
    assert post(client, SMS, TEXT, sign=sign).status_code == 200


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        (TEXT, ""),
        (TEXT, "nonsense"),
        (TEXT, signature(SMS, TEXT, "another account's token")),
        ({**TEXT, "Body": "2"}, signature(SMS, TEXT)),
        (TEXT, signature("/webhooks/twilio/other", TEXT)),
        ({**TEXT, "AccountSid": "ACother"}, signature(SMS, {**TEXT, "AccountSid": "ACother"})),
    ],
)
def test_a_forged_text_is_refused_and_changes_nothing(standin, client, form, sign):
    assert post(client, SMS, form, sign=sign).status_code == 403
    assert replies() == []


def test_other_shapes_are_refused_never_an_error(standin, client):
    assert client.post(SMS).status_code == 403
    assert client.post(SMS, json={"From": "x"}).status_code == 403
    assert client.post(SMS + "?bodySHA256=x", json=[]).status_code == 403
    long = {**TEXT, "Body": "x" * 70_000}
    assert post(client, SMS, long).status_code == 403
    assert client.get(SMS).status_code == 405
    assert replies() == []


def test_a_replayed_text_changes_nothing(standin, client):
    for _ in range(3):
        assert post(client, SMS, TEXT).status_code == 200
    assert len(replies()) == 1


def test_the_simulators_phones_sign_with_a_key_of_their_own(app, client):
    (token,) = signing_tokens()
    assert token == simulated_token(app.config["SERVICE"].secret_key)
    assert post(client, SMS, TEXT, sign=signature(SMS, TEXT, token)).status_code == 200
    assert post(client, SMS, {**TEXT, "MessageSid": "SM2"}).status_code == 403


def test_the_raw_target_is_what_is_signed(standin, client):
    path = SMS + "?a=%7Eb%2Fc"
    assert post(client, path, TEXT).status_code == 200


def test_a_status_moves_a_text_forwards_only(standin, client, queue):
    row_id = queue(1)
    work()
    for state in ("sent", "delivered", "sent", "queued", "undelivered", "failed"):
        assert status(client, row_id, state).status_code == 204
    row = stored(row_id)
    assert row.state == "delivered"
    assert row.final_at is not None


def test_delivered_overrules_a_failure(standin, client, queue):
    row_id = queue(1)
    work()
    status(client, row_id, "undelivered", code="30003")
    assert stored(row_id).state == "undelivered"
    status(client, row_id, "delivered")
    row = stored(row_id)
    assert (row.state, row.error_code, row.reason) == ("delivered", None, None)


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("30003", ["not_sent"]),
        ("30005", ["number"]),
        ("30006", ["number"]),
        ("30008", ["not_sent"]),
        ("99999", ["not_sent"]),
        (None, ["not_sent"]),
    ],
)
def test_a_failed_delivery_says_why_and_asks_a_person_once(standin, client, queue, code, kinds):
    row_id = queue(1)
    work()
    for _ in range(3):
        status(client, row_id, "undelivered", code=code)
    row = stored(row_id)
    assert (row.state, row.error_code) == ("undelivered", code)
    assert row.reason.endswith(".")
    assert db.session.scalars(select(Task.kind)).all() == kinds


def test_a_callback_before_the_answer_is_stored_finds_its_row(standin, app, queue):
    row_id = queue(1)
    standin.on_accept = lambda text: status(app.test_client(), row_id, "sent", sid=text.sid)
    work()
    row = stored(row_id)
    assert (row.state, row.provider_id) == ("sent", standin.texts[0].sid)


def test_a_callback_settles_an_unknown_send(standin, client, queue):
    row_id = queue(1)
    standin.faults.append("after_500")
    work()
    status(client, row_id, "delivered", sid=standin.texts[0].sid)
    row = stored(row_id)
    assert (row.state, row.provider_id) == ("delivered", standin.texts[0].sid)


def test_statuses_reversed_tenfold_and_at_once_end_the_same(standin, app, queue):
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.rollback()  # reading holds the writer's lock on SQLite outside a request
    states = ["delivered", "sent", "queued"] * 10
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda s: status_from(app, row_id, s, sid), states))
    assert set(answers) == {204}
    assert stored(row_id).state == "delivered"


def status_from(app, row_id, state, sid):
    path = f"/webhooks/twilio/status/{row_id}/1"
    form = {"MessageSid": sid, "MessageStatus": state, "AccountSid": ACCOUNT}
    return post(app.test_client(), path, form).status_code


def test_a_status_of_another_text_or_attempt_changes_nothing(standin, client, queue):
    row_id, other = queue(1), queue(2)
    work()
    status(client, row_id, "delivered", sid=stored(other).provider_id)
    status(client, row_id, "delivered", attempt=2)
    status(client, row_id, "unheard-of")
    assert stored(row_id).state == "accepted"


def test_a_status_of_no_row_is_taken_and_changes_nothing(standin, client):
    path = "/webhooks/twilio/status/999/1"
    form = {"MessageSid": "SMx", "MessageStatus": "delivered", "AccountSid": ACCOUNT}
    assert post(client, path, form).status_code == 204


def test_a_forged_status_is_refused(standin, client, queue):
    row_id = queue(1)
    work()
    assert status(client, row_id, "delivered", sign="forged").status_code == 403
    assert stored(row_id).state == "accepted"
