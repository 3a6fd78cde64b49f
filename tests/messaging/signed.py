"""What Twilio posts to us, signed as it signs: by a test client, or byte by byte over a socket."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.messaging.steps import stored
from tests.standins.twilio import ACCOUNT, TOKEN

BASE = "http://127.0.0.1:5000"
SMS = "/webhooks/twilio/sms"
FORM = "application/x-www-form-urlencoded"
TEXT = {
    "MessageSid": "SM1",
    "AccountSid": ACCOUNT,
    "From": "+447700900001",
    "To": "+447700900000",
    "Body": "1",
}
Pairs = Sequence[tuple[str, str]]


def signature(path: str, form: dict[str, str] | MultiDict, token: str = TOKEN) -> str:
    return RequestValidator(token).compute_signature(BASE + path, form)


def post(
    client: FlaskClient, path: str, form: dict[str, str], *, sign: str | None = None, **more: object
) -> TestResponse:
    chosen = signature(path, form) if sign is None else sign
    return client.post(path, data=form, headers={"X-Twilio-Signature": chosen}, **more)


def status(
    client: FlaskClient, row_id: int, state: str, *, attempt: int = 1, sid: str | None = None,
    code: str | None = None, **more: object,
) -> TestResponse:  # fmt: skip
    """A delivery status of one attempt at a row, of the text that the row holds unless `sid`."""
    path = f"/webhooks/twilio/status/{row_id}/{attempt}"
    sid = sid or stored(row_id).provider_id or f"SM{1:032d}"
    form = {"MessageSid": sid, "MessageStatus": state, "AccountSid": ACCOUNT}
    if code:
        form["ErrorCode"] = code
    return post(client, path, form, **more)


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The service on a port of its own, so that a request is as raw as it came."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def raw(port: int, request: bytes) -> int:
    """The status with which the server answers these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while b"\r\n" not in answer and (more := connection.recv(4096)):
            answer += more
    return int(answer.split()[1])


def request(
    body: bytes | Pairs,
    *,
    target: str = SMS,
    method: str = "POST",
    kind: str | None = FORM,
    sign: str | bytes | None = None,
    **headers: str,
) -> bytes:
    """One HTTP request; fields are signed unless `sign` says otherwise, and `headers` replace or
    add (`Content_Length=...`).
    """
    if not isinstance(body, bytes):
        sign = signature(target, MultiDict(body)) if sign is None else sign
        body = urlencode(body).encode()
    chosen = {"Host": "127.0.0.1:5000", "Content-Length": str(len(body)), "Connection": "close"}
    if kind:
        chosen["Content-Type"] = kind
    chosen |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in chosen.items() if v)]
    head = "\r\n".join(lines).encode("latin-1")
    if sign is not None:
        made = sign.encode() if isinstance(sign, str) else sign
        head += b"\r\nX-Twilio-Signature: " + made
    return head + b"\r\n\r\n" + body
