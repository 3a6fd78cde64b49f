"""Many browsers in several processes that send their forms at one instant.

Each process makes the service by `create_app` and keeps it. A browser opens its page first, as a
person does, and keeps the hidden fields that it finds (version, number of the form, token); then
all wait at one barrier. What is measured runs from the barrier to the answer, with the wait for one
of the process's threads, as in a web server.
"""

import multiprocessing
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from app.wiring import create_app
from tests import databases
from tests.cast import NOW

PROCESSES = 8
THREADS = 2  # of each process, as where eight web processes share two cores
PATIENCE = 100  # seconds for one round, on a busy machine


@dataclass(frozen=True)
class Attempt:
    """One form: the page it stands on, what is typed into it, and the session's key of its
    reader."""

    page: str
    typed: Mapping[str, str] = field(default_factory=dict)
    session: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    words: str  # the heading and the sentences of the error summary
    others: tuple[str, ...]  # the values of the other times that the page offers
    location: str
    milliseconds: float

    @property
    def booked(self) -> bool:
        return self.status == 302

    @property
    def refused(self) -> bool:
        """Said clearly, and with other times to choose from."""
        return self.status in (409, 422) and "problem" in self.words and bool(self.others)

    @property
    def stale(self) -> bool:
        """Another form of the same appointment was quicker."""
        return self.status == 409 and "This has changed since" in self.words


class Page(HTMLParser):
    """What a person sees of a form's page: its hidden fields, the times to choose, its heading and
    errors."""

    def __init__(self, html: str):
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.times: list[str] = []
        self.errors: list[str] = []
        self._telling = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = dict(attributes)
        if tag == "input" and has.get("type") == "hidden":
            self.hidden[has["name"] or ""] = has.get("value") or ""
        if tag == "input" and has.get("type") == "radio" and has.get("name") in ("other", "start"):
            self.times.append(has.get("value") or "")
        summary = tag == "div" and "error-summary" in (has.get("class") or "")
        if tag == "h1" or summary or (tag == "div" and self._telling):
            self._telling += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "h1") and self._telling:
            self._telling -= 1

    def handle_data(self, data: str) -> None:
        if self._telling and data.strip():
            self.errors.append(data.strip())


class Crowd:
    """The processes, started together and used again; `close()` ends them. `cpu` is what one
    request of the last round took of a processor, in milliseconds, on average.
    """

    def __init__(self, processes: int = PROCESSES):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.contention.crowd"])
        self.cpu = 0.0
        self.barrier = context.Barrier(processes)
        self.pipes: list[Connection] = []
        self.processes = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, self.barrier), daemon=True)
            process.start()
            self.pipes.append(ours)
            self.processes.append(process)

    def send(self, database: str, attempts: Sequence[Attempt]) -> list[Answer]:
        """Every attempt at one instant, dealt out over the processes."""
        for number, pipe in enumerate(self.pipes):
            pipe.send((database, attempts[number :: len(self.pipes)]))
        answers: list[Answer] = []
        failures: list[str] = []
        spent = 0.0
        for pipe in self.pipes:
            assert pipe.poll(PATIENCE), "a process of the crowd does not answer"
            theirs, cpu, failure = pipe.recv()
            answers += theirs
            spent += cpu
            failures += failure
        assert not failures, failures
        self.cpu = spent / len(answers) * 1000
        return answers

    def close(self) -> None:
        for pipe in self.pipes:
            pipe.close()
        for process in self.processes:
            process.join(PATIENCE)


def serve(pipe: Connection, barrier: Barrier) -> None:
    """A process of the crowd: one round after the other until the pipe closes."""
    services: dict[str, Flask] = {}
    with time_machine.travel(NOW, tick=True):
        while True:
            try:
                database, attempts = pipe.recv()
            except EOFError:
                return
            if database not in services:
                services[database] = service(database)
            app = services[database]
            answers = round_of(app, attempts, barrier)
            with app.app_context():
                db.engine.dispose()  # before the answer, after which the file may be another
            pipe.send(answers)


def service(database: str) -> Flask:
    instance = Path(databases.folder()) / "instance"
    app = create_app(databases.environ(database), instance=instance)
    app.config.update(TESTING=True)
    return app


def round_of(
    app: Flask, attempts: Sequence[Attempt], barrier: Barrier
) -> tuple[list[Answer], float, list[str]]:
    """The answers, the seconds of a processor that they took, and what failed before them."""
    try:
        opened = [(attempt, *open_page(app, attempt)) for attempt in attempts]
    except AssertionError as error:
        barrier.wait(PATIENCE)  # the other processes do not wait for this one in vain
        return [], 0.0, [str(error)]
    with ThreadPoolExecutor(THREADS) as pool:
        barrier.wait(PATIENCE)
        began, cpu = time.perf_counter(), time.process_time()
        sent = list(pool.map(lambda one: post(*one, began), opened))
        spent = time.process_time() - cpu
    return [answer_of(*one) for one in sent], spent, []  # read once nobody waits for an answer


def open_page(app: Flask, attempt: Attempt) -> tuple[FlaskClient, dict[str, str]]:
    """A browser that has the attempt's page before it, and the form's hidden fields."""
    browser = app.test_client()
    if attempt.session:
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = attempt.session
    answer = browser.get(attempt.page)
    assert answer.status_code == 200, f"{attempt.page}: {answer.status}"
    return browser, Page(answer.text).hidden


def post(
    attempt: Attempt, browser: FlaskClient, hidden: dict[str, str], began: float
) -> tuple[TestResponse, float]:
    answer = browser.post(attempt.page, data={**hidden, **attempt.typed})
    return answer, (time.perf_counter() - began) * 1000


def answer_of(answer: TestResponse, took: float) -> Answer:
    page = Page(answer.text)
    return Answer(
        answer.status_code,
        " ".join(page.errors),
        tuple(page.times),
        answer.headers.get("Location", ""),
        took,
    )
