"""A stand-in for Twilio's Messages API on loopback, with faults to order: the real client talks to
it.

It knows what it accepted (`texts`), which is the truth that tests compare the outbox with.
"""

import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from app import clock

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token for tests"


@dataclass
class Text:
    sid: str
    to: str
    body: str
    callback: str
    made_at: datetime
    status: str = "queued"
    error_code: int | None = None
    direction: str = "outbound-api"
    sender: str = "+447700900000"
    media: str = "0"
    form: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "status": self.status,
            "direction": self.direction,
            "num_media": self.media,
            "date_created": format_datetime(self.made_at),
            "date_sent": None,
            "error_code": self.error_code,
            "num_segments": "1",
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{self.sid}.json",
        }


class TwilioStandIn:
    """`faults` are used up one for each create; without one, a text is accepted and answered.

    before_500, before_503 (HTML), after_500, after_503, late (accepted, answered after `delay`),
    left (accepted `delay` after the client may have gone), reset_before, reset_after, cut, html,
    html_201, 429, 401, or a Twilio code such as '21610'.
    """

    def __init__(self, secure: ssl.SSLContext | None = None) -> None:
        self.texts: list[Text] = []
        self.faults: deque[str] = deque()
        self.read_faults: deque[str] = deque()  # statuses, for the next questions
        self.inbound: list[Text] = []  # what came to our number, whether we heard of it or not
        self.read: list[str] = []  # the sids of texts that were asked about one by one
        self.asked = 0
        self.delay = 1.0
        self.retry_after = "7"
        self.list_fails = False
        self.list_fault = ""  # a status, html, cut, reset, empty or endless
        self.lists = 0
        self.on_post: Callable[[], None] | None = None  # a request has come, nothing is accepted
        self.on_accept: Callable[[Text], None] | None = None
        self._lock = threading.Lock()
        self._busy = 0
        self._idle = threading.Condition()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Bound", (Handler,), {"standin": self})
        )
        self._server.daemon_threads = True
        self._scheme = "http"
        if secure:
            self._server.socket = secure.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def finish(self) -> None:
        """Wait until every request in hand has been answered, or its client has gone."""
        with self._idle:
            assert self._idle.wait_for(lambda: self._busy == 0, timeout=10)

    def _count(self, step: int) -> None:
        with self._idle:
            self._busy += step
            self._idle.notify_all()

    def accept(self, form: dict[str, str]) -> Text:
        with self._lock:
            number = len(self.texts) + 1
            text = Text(
                f"SM{number:032d}",
                form["To"],
                form["Body"],
                form.get("StatusCallback", ""),
                clock.now(),
                form=form,
            )
            self.texts.append(text)
        if self.on_accept:
            self.on_accept(text)
        return text

    def comes(self, sid: str, sender: str, body: str, made_at: datetime, media: str = "0") -> None:
        """A text comes to our number, and no webhook tells us."""
        self.inbound.append(
            Text(
                sid, "+447700900000", body, "", made_at, status="received", direction="inbound",
                sender=sender, media=media,
            )
        )  # fmt: skip

    def next_fault(self) -> str:
        with self._lock:
            self.asked += 1
            return self.faults.popleft() if self.faults else ""

    def next_read_fault(self) -> str:
        with self._lock:
            return self.read_faults.popleft() if self.read_faults else ""


class Handler(BaseHTTPRequestHandler):
    standin: TwilioStandIn

    def log_message(self, *_: object) -> None: ...

    def do_POST(self) -> None:
        self.standin._count(1)
        try:
            self.post()
        finally:
            self.standin._count(-1)

    def post(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        fault = self.standin.next_fault()
        if fault == "reset_before":
            self.reset()
            return
        typed = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        if self.standin.on_post:
            self.standin.on_post()
        form = {name: values[0] for name, values in typed.items()}
        try:
            self.create(fault, form)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def create(self, fault: str, form: dict[str, str]) -> None:
        if fault.isdigit() and len(fault) == 5:
            self.say(400, {"code": int(fault), "message": "no", "status": 400})
        elif fault == "problem":
            self.say(400, {"type": "about:x", "title": "no", "status": 400, "code": 21614})
        elif fault == "429":
            headers = {"Retry-After": self.standin.retry_after}
            self.say(429, {"code": 20429, "message": "slow", "status": 429}, headers)
        elif fault == "401":
            self.say(401, {"code": 20003, "message": "who", "status": 401})
        elif fault == "before_503":
            self.raw(503, b"<html>Service Unavailable</html>")
        elif fault == "before_500":
            self.say(500, {"code": 20500, "message": "oh", "status": 500})
        else:
            self.accepted(fault, form)

    def accepted(self, fault: str, form: dict[str, str]) -> None:
        if fault == "left":
            time.sleep(self.standin.delay)
        text = self.standin.accept(form)
        if fault == "late":
            time.sleep(self.standin.delay)
        if fault == "after_503":
            self.raw(503, b"<html>Service Unavailable</html>")
        elif fault == "after_500":
            self.say(500, {"code": 20500, "message": "oh", "status": 500})
        elif fault == "reset_after":
            self.reset()
        elif fault == "cut":
            self.raw(201, json.dumps(text.as_json())[:40].encode())
        elif fault in ("html", "html_201"):
            self.raw(201 if fault == "html_201" else 200, b"<html>gateway</html>")
        else:
            self.say(201, text.as_json())

    def do_GET(self) -> None:
        if self.standin.list_fails:
            self.say(503, {"message": "oh"})
            return
        if fault := self.standin.next_read_fault():
            self.say(int(fault), {"code": int(fault), "message": "no", "status": int(fault)})
            return
        if "/Messages/" in self.path:
            self.one(self.path.rpartition("/")[2].removesuffix(".json"))
            return
        self.standin.lists += 1
        if self.standin.list_fault:
            self.broken_list(self.standin.list_fault)
            return
        to = parse_qs(urlsplit(self.path).query).get("To", [""])[0]
        everything = [*self.standin.texts, *self.standin.inbound]
        newest = sorted(everything, key=lambda text: text.made_at, reverse=True)
        found = [text.as_json() for text in newest if to in ("", text.to)]
        self.say(200, {"messages": found, "page": 0, "page_size": 50, "next_page_uri": None})

    def broken_list(self, fault: str) -> None:
        page = {"messages": [], "page": 0, "page_size": 50, "next_page_uri": None}
        if fault == "reset":
            self.reset()
        elif fault == "html":
            self.raw(200, b"<html>gateway</html>")
        elif fault == "cut":
            self.raw(200, b'{"messages": [{"sid": "SM')
        elif fault == "endless":
            others = Text("SM" + "9" * 32, "+447700900999", "somebody else's", "", clock.now())
            more = f"{urlsplit(self.path).path}?Page={self.standin.lists}"
            self.say(200, page | {"messages": [others.as_json()] * 50, "next_page_uri": more})
        elif fault == "empty":
            self.say(200, page)
        else:
            self.say(int(fault), {"code": int(fault), "message": "no", "status": int(fault)})

    def one(self, sid: str) -> None:
        found = [text for text in self.standin.texts if text.sid == sid]
        self.standin.read.append(sid)
        if found:
            self.say(200, found[0].as_json())
        else:
            self.say(404, {"code": 20404, "message": "no such text", "status": 404})

    def say(self, status: int, words: object, headers: dict[str, str] | None = None) -> None:
        self.raw(status, json.dumps(words).encode(), headers)

    def raw(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        linger = struct.pack("ii", 1, 0)  # closed with RST, not FIN
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
