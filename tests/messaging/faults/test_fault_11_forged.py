"""Fault 11: what an outsider may try on the webhooks. Refused or without effect, never an error of
ours, and nothing of it in the logs.
"""

import logging
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.db import db
from app.messaging.models import Reply
from tests.messaging.signed import (
    FORM,
    SMS,
    TEXT,
    post,
    raw,
    request,
    served,
    signature,
    status,
)  # fmt: skip
from tests.messaging.steps import stored, work
from tests.standins.twilio import ACCOUNT

FIELDS = list(TEXT.items())
OTHER = "a token of somebody else's"


@pytest.fixture
def port(standin, app) -> Iterator[int]:
    db.session.remove()
    with served(app) as port:
        yield port


def stored_replies() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Reply.id))) or 0


def multipart(fields: list[tuple[str, str]]) -> bytes:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}' for n, v in fields]
    return ("\r\n".join(parts) + "\r\n--x--\r\n").encode()


def changed(**fields: str) -> list[tuple[str, str]]:
    return list({**TEXT, **fields}.items())


RIGHT = signature(SMS, TEXT)
FORGED = {
    "no signature": request(FIELDS, sign=b"", X_Twilio_Signature=""),
    "nonsense": request(FIELDS, sign="nonsense"),
    "another account's token": request(FIELDS, sign=signature(SMS, TEXT, OTHER)),
    "an empty token": request(FIELDS, sign=signature(SMS, TEXT, "")),
    "a changed body": request(changed(Body="2"), sign=RIGHT),
    "a changed sender": request(changed(From="+447700900002"), sign=RIGHT),
    "a parameter more": request([*FIELDS, ("OptOutType", "STOP")], sign=RIGHT),
    "a parameter less": request(FIELDS[:-1], sign=RIGHT),
    "another path's signature": request(FIELDS, sign=signature("/webhooks/twilio/x", TEXT)),
    "a query more": request(FIELDS, target=SMS + "?x=1", sign=RIGHT),
    "another host's": request(FIELDS, Host="evil.example.org", sign=signature("@" + SMS, TEXT)),
    "small letters": request(FIELDS, sign=RIGHT.lower()),
    "letters of no alphabet": request(FIELDS, sign=b"\xff\xfe\x00\xc3\x28"),
    "of great length": request(FIELDS, sign="A" * 40_000),
    "a foreign account": request(changed(AccountSid="AC" + "9" * 32)),
    "no account": request([pair for pair in FIELDS if pair[0] != "AccountSid"]),
    "a foreign account first": request([("AccountSid", "AC" + "9" * 32), *FIELDS]),
    "JSON": request(b'{"MessageSid": "SM1"}', kind="application/json"),
    "JSON with its hash": request(b"[]", target=SMS + "?bodySHA256=x", kind="application/json"),
    "JSON, signed for no body": request(b"[]", kind="application/json", sign=signature(SMS, {})),
    "XML": request(b"<a/>", kind="text/xml"),
    "no kind of body": request(b"MessageSid=SM1", kind=None),
    "no body": request(b""),
    "parts": request(multipart(FIELDS), kind="multipart/form-data; boundary=x", sign=b"x"),
    "parts without an end": request(b"--x\r\n", kind="multipart/form-data; boundary=x", sign=RIGHT),
    "parts without a boundary": request(multipart(FIELDS), kind="multipart/form-data", sign=RIGHT),
    "a thousand parts": request(
        multipart([("a", "b")] * 1000), kind="multipart/form-data; boundary=x", sign=RIGHT
    ),
    "a huge body": request(changed(Body="x" * 70_000)),
    "a body of megabytes": request(b"a" * 3_000_000, sign=RIGHT),
    "a body of untold length": request(
        b"11170\r\n" + b"a" * 70_000 + b"\r\n0\r\n\r\n", sign=RIGHT,
        Content_Length="", Transfer_Encoding="chunked",
    ),
    "a length that lies": request(FIELDS, Content_Length="999999999"),
    "a length below nought": request(b"a=b", sign=RIGHT, Content_Length="-1"),
    "bytes of no encoding": request(b"Body=\xff\xfe%ff%fe%zz&=&==&%", sign=RIGHT),
    "another alphabet": request(FIELDS, kind=f"{FORM}; charset=utf-16", sign=b"x"),
    "packed": request(b"\x1f\x8b\x08\x00junk", Content_Encoding="gzip", sign=RIGHT),
    "ten thousand parameters": request(
        "&".join(f"p{n}=" for n in range(8_000)).encode(), sign=RIGHT
    ),
    "one parameter, ten thousand times": request(b"&".join([b"a=b"] * 10_000), sign=RIGHT),
    "a whole address for a target": request(FIELDS, target="http://127.0.0.1:5000" + SMS),
    "another host as a target": request(FIELDS, target="http://evil.example.org" + SMS),
    "a port that is none": request(FIELDS, Host="127.0.0.1:x", sign="nonsense"),
}  # fmt: skip


@pytest.mark.one_database
def test_fault_11_whatever_is_forged_is_refused_and_stores_nothing(port, caplog):
    with caplog.at_level(logging.DEBUG):
        answers = {name: raw(port, sent) for name, sent in FORGED.items()}

    assert {name: got for name, got in answers.items() if got not in (400, 403, 404)} == {}
    assert answers["a huge body"] == answers["JSON"] == answers["a foreign account"] == 403
    assert stored_replies() == 0
    assert "Traceback" not in caplog.text
    for private in ("7700900", TEXT["From"], "nonsense", "Body"):
        assert private not in caplog.text


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_fault_11_other_methods_do_nothing(port, queue, method):
    for target in (SMS, "/webhooks/twilio/status/1/1"):
        assert raw(port, request(FIELDS, target=target, method=method, sign="x")) in (403, 405)
    assert stored_replies() == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    "target",
    ["0/1", "1/0", "-1/1", "x/1", "1/99999999999", "1/1/1", "1", "%00/1", "1/1%0a", "９/1"],
)
def test_fault_11_an_address_of_no_row_does_not_exist(standin, client, target):
    path = f"/webhooks/twilio/status/{target}"
    answer = client.post(path, data=TEXT, headers={"X-Twilio-Signature": signature(path, TEXT)})
    assert answer.status_code in (403, 404)


def test_fault_11_odd_but_signed_is_stored_as_far_as_it_can_be(port):
    """Nothing of Twilio's own may become an error of ours: it would be delivered for ever."""
    odd = {
        "nothing but a sid": [("AccountSid", ACCOUNT), ("MessageSid", "SM2")],
        "no sid": [("AccountSid", ACCOUNT), ("Body", "1")],
        "long names": changed(MessageSid="SM" + "3" * 300, From="+" + "4" * 300, To="5" * 300,
                              OptOutType="STOP" * 90),
        "no letters": changed(MessageSid="SM\0four", Body="\0\0\1\x7f", From="\0", To="\0"),
        "all letters": changed(MessageSid="SM5", Body="👩‍👧 مرحبا ŵ \u202e \uffff", From="HMRC"),
        "again and again": [*changed(MessageSid="SM6"), ("Body", "2"), ("From", "+1")],
        "many more": [*changed(MessageSid="SM7"), *((f"p{n}", "") for n in range(5_000))],
        "the longest": changed(MessageSid="SM8", Body="😀" * 4_000),
    }  # fmt: skip

    answers = {name: raw(port, request(fields)) for name, fields in odd.items()}

    assert set(answers.values()) == {200}
    assert stored_replies() == len(odd) - 1
    bodies = {reply.provider_id: reply.body for reply in db.session.scalars(select(Reply))}
    assert bodies["SM6"] == "1"
    assert bodies["SM8"] == "😀" * 4_000


def test_fault_11_odd_statuses_change_nothing(port, queue):
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.remove()
    target = f"/webhooks/twilio/status/{row_id}/1"
    known = [("AccountSid", ACCOUNT), ("MessageSid", sid)]
    odd = [
        known,
        [*known, ("MessageStatus", "")],
        [*known, ("MessageStatus", "delivered\0" * 90)],
        [*known, ("MessageStatus", "unheard-of"), ("MessageStatus", "delivered")],
        [("AccountSid", ACCOUNT), ("MessageStatus", "delivered")],
        [("AccountSid", ACCOUNT), ("MessageSid", "x" * 900), ("MessageStatus", "delivered")],
        [("AccountSid", ACCOUNT), ("MessageSid", "\0"), ("MessageStatus", "failed")],
    ]

    assert {raw(port, request(fields, target=target)) for fields in odd} == {204}

    assert (stored(row_id).state, stored(row_id).provider_id) == ("accepted", sid)


def test_fault_11_a_signed_failure_with_an_impossible_code_is_a_failure(port, queue):
    row_id = queue(1)
    work()
    fields = [
        ("AccountSid", ACCOUNT), ("MessageSid", stored(row_id).provider_id),
        ("MessageStatus", "FAILED"), ("ErrorCode", "9" * 400 + "\0"),
    ]  # fmt: skip
    db.session.remove()
    assert raw(port, request(fields, target=f"/webhooks/twilio/status/{row_id}/1")) == 204
    assert (stored(row_id).state, stored(row_id).error_code) == ("failed", "9" * 12)


def test_fault_11_what_the_host_header_says_is_not_asked(port):
    """The signature holds for the configured address, whatever proxies made of the header."""
    fields = changed(MessageSid="SM9")
    assert raw(port, request(fields, Host="127.0.0.1:x", X_Forwarded_Host="evil")) == 200


def test_fault_11_a_replay_changes_nothing(standin, client):
    for _ in range(3):
        assert post(client, SMS, TEXT).status_code == 200
    assert stored_replies() == 1


def test_fault_11_an_old_status_replayed_changes_nothing(standin, client, queue):
    row_id = queue(1)
    work()
    for state in ("sent", "delivered", "sent"):
        assert status(client, row_id, state).status_code == 204
    assert stored(row_id).state == "delivered"


def test_fault_11_the_id_of_another_row_is_another_signature(standin, client, queue):
    """A right signature for one row's address is none for another's."""
    row_id, other = queue(1), queue(2)
    work()
    form = {
        "MessageSid": stored(row_id).provider_id, "MessageStatus": "delivered",
        "AccountSid": ACCOUNT,
    }  # fmt: skip
    mine = signature(f"/webhooks/twilio/status/{row_id}/1", form)
    theirs = f"/webhooks/twilio/status/{other}/1"
    assert post(client, theirs, form, sign=mine).status_code == 403
    assert post(client, theirs, form).status_code == 204  # signed, but of another text
    assert stored(other).state == "accepted"


@pytest.mark.one_database
def test_fault_11_a_body_of_many_parameters_is_refused_at_once(port):
    began = time.process_time()
    assert raw(port, FORGED["ten thousand parameters"]) == 403
    assert time.process_time() - began < 2
