from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from app.db import db
from app.messaging.models import Reply
from app.messaging.transports import signing_tokens, simulated_token
from tests.messaging.signed import SMS, TEXT, post, signature, status
from tests.messaging.steps import stored, work
from tests.statements import statements

PATIENCE = ("SET", "PRAGMA")  # how long it may wait for a lock, said to the connection


def replies():
    return db.session.scalars(select(Reply)).all()


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


def test_the_simulators_phones_sign_with_a_key_of_their_own(app, client):
    (token,) = signing_tokens()
    assert token == simulated_token(app.config["SERVICE"].secret_key)
    assert post(client, SMS, TEXT, sign=signature(SMS, TEXT, token)).status_code == 200
    assert post(client, SMS, {**TEXT, "MessageSid": "SM2"}).status_code == 403


def test_the_raw_target_is_what_is_signed(standin, client):
    path = SMS + "?a=%7Eb%2Fc"
    assert post(client, path, TEXT).status_code == 200


def test_a_text_is_stored_in_two_statements_whatever_it_says(standin, client):
    """Answered fast: nothing is looked up, nothing is read; that is the worker's."""
    for number, body in enumerate(("1", "stop", "hes here, help me"), start=1):
        with statements() as seen:
            post(client, SMS, {**TEXT, "MessageSid": f"SM{number}", "Body": body})
        assert [s for s in seen if s not in PATIENCE] == ["SELECT reply", "INSERT reply"]


def test_a_status_is_one_statement(standin, client, queue):
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.remove()
    for state in ("queued", "sent", "delivered", "delivered"):
        with statements() as seen:
            status(client, row_id, state, sid=sid)
        assert [s for s in seen if s not in PATIENCE] == ["UPDATE outbox"]


def test_a_failure_is_written_down_and_given_to_a_person_in_a_few(standin, client, queue):
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.remove()
    with statements() as seen:
        status(client, row_id, "undelivered", sid=sid, code="30005")
    assert len(seen) <= 10
