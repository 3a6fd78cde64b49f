"""The crowd as it meets the service in earnest: gunicorn with several workers, sockets and cookies.

Every browser has its page open and its connection made; all send their forms at one instant.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import time_machine
from flask import Flask

from tests import databases
from tests.cast import NOW
from tests.contention.crowd import PATIENCE, Answer, Attempt, Page, service
from tests.journey.service import ROOT, free_port, wait_for

WORKERS = 4
THREADS = 2  # of each worker


@contextmanager
def serving(database: str) -> Iterator[int]:
    """A web server on this database whose clock stands at NOW and runs; gives its port."""
    port = free_port()
    clock_file = Path(databases.folder()) / "web-clock"
    real_now = time_machine.escape_hatch.time.time()
    clock_file.write_text(str(NOW.timestamp() - real_now), encoding="ascii")
    environ = os.environ | databases.environ(database, CLOCK_FILE=str(clock_file))
    site = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--preload", "--workers", str(WORKERS),
            "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}", "--no-control-socket",
            "--log-level", "error", "wsgi:app",
        ],
        cwd=ROOT, env=environ,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        site.terminate()
        site.wait(timeout=30)


class Browser:
    """One person's browser: a session cookie, a page with a form, and a connection of its own."""

    def __init__(self, app: Flask, port: int, attempt: Attempt):
        self.port, self.attempt = port, attempt
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = attempt.session
        cookie = client.get_cookie("session")
        assert cookie is not None
        self.cookie = cookie.value
        answer, words = self.ask("GET")
        assert answer == 200, f"{attempt.page}: {answer}"
        self.body = urlencode({**Page(words).hidden, **attempt.typed})
        self.connection = self.connected()

    def connected(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, method: str) -> tuple[int, str]:
        connection = self.connected()
        connection.request(method, self.attempt.page, headers={"Cookie": f"session={self.cookie}"})
        answer = connection.getresponse()
        words = answer.read().decode()
        given = SimpleCookie(answer.headers.get("Set-Cookie", ""))
        self.cookie = given["session"].value if "session" in given else self.cookie
        connection.close()
        return answer.status, words

    def send(self, barrier: threading.Barrier) -> Answer:
        headers = {
            "Cookie": f"session={self.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.connect()
        barrier.wait(PATIENCE)
        began = time.perf_counter()
        self.connection.request("POST", self.attempt.page, self.body, headers)
        answer = self.connection.getresponse()
        words = answer.read().decode()
        took = (time.perf_counter() - began) * 1000
        self.connection.close()
        page = Page(words)
        return Answer(
            answer.status,
            " ".join(page.errors),
            tuple(page.times),
            answer.headers.get("Location", ""),
            took,
        )


def send_through(port: int, database: str, attempts: Sequence[Attempt]) -> list[Answer]:
    """Every attempt at one instant, each over a connection of its own."""
    app = service(database)  # signs the cookies with the key that the server has
    with ThreadPoolExecutor(4) as pool:
        browsers = list(pool.map(lambda one: Browser(app, port, one), attempts))
    barrier = threading.Barrier(len(browsers))
    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(lambda one: one.send(barrier), browsers))
