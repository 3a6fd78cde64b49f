"""Many workers killed again and again while they send through a provider with every fault: what a
run of it shows. The same code makes the short run of the tests and the full one of the bench.

Workers are real processes ended by SIGKILL at random instants: some requests after they began, and
a moment more. The service's clock is moved in between (`CLOCK_FILE`), so that leases and
quarantines of minutes run out as they are, in no time; what the provider still does for a client
that has gone is waited for first.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.db import db, transact
from app.messaging import send, twilio
from app.messaging.blocks import block_number
from app.messaging.models import Outbox
from app.messaging.outbox import queue_text
from app.messaging.states import GONE, NOT_SENT
from app.settings.models import Setting
from app.wiring import create_app
from app.worker import jobs
from app.worker.run import run_worker
from tests import databases
from tests.messaging.steps import forget, reconcile, use_twilio, work
from tests.standins.people import People, fill
from tests.standins.twilio import TwilioStandIn

FORKS = get_context("forkserver")
PATIENCE = 60.0  # seconds, on a machine that is busy with other things
# One in so many requests, in hundredths (reference/messaging.md 2.4).
FAULTS = {
    "429": 5, "before_500": 5, "after_500": 6, "late": 6, "left": 4, "reset_before": 3,
    "reset_after": 3, "cut": 2,
}  # fmt: skip
TIMEOUT = 0.5  # seconds that a worker waits for an answer
LATE = 0.8  # seconds after which a late one comes
ROUND = timedelta(minutes=11)  # a lease and a quarantine, and what rests goes again


@dataclass(frozen=True)
class Figures:
    """What a run showed: all that counts is that `twice`, `lost` and `wrong` are empty."""

    texts: int
    kills: int
    faults: int
    unknown: int
    seconds: float
    twice: Sequence[str]
    lost: Sequence[str]
    wrong: Sequence[str]


class Troubled(TwilioStandIn):
    """Twilio's stand-in with a random fault for each third request, until told to be well."""

    def __init__(self, seed: int):
        super().__init__()
        self.chance = random.Random(seed)
        self.ill = True
        self.shown = 0
        self.delay, self.retry_after = LATE, "1"
        self._server.handle_error = lambda *_: None  # of clients that are gone

    def next_fault(self) -> str:
        with self._lock:
            self.asked += 1
            drawn = self.chance.randrange(100)
            for fault, share in FAULTS.items():
                if self.ill and drawn < share:
                    self.shown += 1
                    return fault
                drawn -= share
        return ""


def begin(
    database: str, url: str, instance: str, clock_file: str, manner: str, pipe: Connection
) -> None:
    """The whole life of one worker; a 'patient' one waits for answers, and for the disk, as in
    service.
    """
    os.environ["NO_PROXY"] = "127.0.0.1"
    os.environ.pop("CLOCK_FILE", None)
    if clock_file:
        os.environ["CLOCK_FILE"] = clock_file
    app = create_app(databases.environ(database), instance=Path(instance))
    if manner != "patient":
        twilio.TIMEOUT = TIMEOUT
        with app.app_context():
            databases.careless(db.engine)  # what SIGKILL ends is still with the machine
    fill(People())
    use_twilio(app, url)
    jobs.jobs.clear()
    jobs.watches.clear()
    jobs.add_jobs(jobs.messaging_jobs())
    pipe.send("started")
    run_worker(app)


class Doomed:
    """One worker's process."""

    def __init__(self, *told: str):
        FORKS.set_forkserver_preload([__name__])
        self.pipe, theirs = FORKS.Pipe()
        self.process = FORKS.Process(target=begin, args=(*told, theirs))
        self.process.start()
        theirs.close()

    def wait_until_started(self) -> None:
        assert self.pipe.poll(PATIENCE), "a worker never began"
        self.pipe.recv()

    def kill(self) -> None:
        self.process.kill()
        self.process.join(PATIENCE)
        self.pipe.close()


@contextmanager
def clock_file(folder: Path) -> Iterator[str]:
    before = os.environ.get("CLOCK_FILE")
    os.environ["CLOCK_FILE"] = str(folder / f"clock-{os.getpid()}")
    try:
        yield os.environ["CLOCK_FILE"]
    finally:
        Path(os.environ.pop("CLOCK_FILE")).unlink(missing_ok=True)
        if before is not None:
            os.environ["CLOCK_FILE"] = before


def run(app: Flask, database: str, *, seed: int, texts: int, kills: int, at_once: int) -> Figures:
    """Queue `texts` (some of which must not go), kill workers, `at_once` at a time, `kills` times,
    and see what the provider has. Inside an application context.
    """
    chance, standin, began = random.Random(seed), Troubled(seed), time.perf_counter()
    people = People()
    fill(people)
    use_twilio(app, standin.url)
    try:
        with clock_file(databases.folder()) as file:
            wanted = queue(texts)
            told = (database, standin.url, str(databases.folder() / "instance"), file, "")
            killed = unknown = 0
            while killed < kills:
                killed += one_round(standin, chance, told, at_once)
                unknown += count("unknown", "sending")
                clock.move(ROUND)
            standin.ill = False
            settle()
            return figures(standin, wanted, killed, unknown, time.perf_counter() - began)
    finally:
        standin.close()


def queue(texts: int) -> set[str]:
    """The texts, as one act of the service queues them; returns the numbers that must get one. One
    in twenty has said stop, one in twenty is too late, and as many again were rolled back.
    """
    at = clock.now()

    def act() -> set[str]:
        for name, value in (("text_parts_a_second", 100),):
            db.session.add(Setting(name=name, value=value, changed_by="test", changed_at=at))
        wanted = set()
        for n in range(1, texts + 1):
            stale = n % 20 == 1
            number = f"+447700900{n:03d}"
            if n % 20 == 2:
                block_number(number, "stop", "a test", by="test", at=at)
            elif not stale:
                wanted.add(number)
            add(n, at, at if stale else at + timedelta(days=60))
        return wanted

    wanted = transact(act)
    for n in range(texts + 1, texts + 1 + texts // 20):
        add(n, at, at + timedelta(days=60))
    db.session.rollback()
    forget()
    return wanted


def add(n: int, at: datetime, expires_at: datetime) -> None:
    queue_text(
        "booked", about=("appointment", n), to=("carer", n), due_at=at, expires_at=expires_at,
        dedupe=f"killing:{n}", at=at, now=True,
    )  # fmt: skip


def one_round(standin: Troubled, chance: random.Random, told: tuple[str, ...], at_once: int) -> int:
    """So many workers begin together and are killed one after the other; returns how many."""
    begun = [Doomed(*told) for _ in range(at_once)]
    try:
        for worker in begun:
            worker.wait_until_started()
        for worker in begun:
            wait_for(standin, chance.randrange(1, 16))
            threading.Event().wait(chance.uniform(0, 0.03))
            worker.kill()
    finally:
        for worker in begun:
            if worker.process.is_alive():
                worker.kill()
    standin.finish()
    return len(begun)


def wait_for(standin: Troubled, requests: int) -> None:
    """Until the provider was asked so many times more, or a second with nothing to ask."""
    target, until = standin.asked + requests, time.monotonic() + 1.0
    while standin.asked < target and time.monotonic() < until:
        threading.Event().wait(0.002)


def count(*states: str) -> int:
    found = db.session.scalar(select(func.count()).where(Outbox.state.in_(states)))
    forget()
    return found or 0


def settle() -> None:
    """What a worker that nobody kills does with what is left."""
    for _ in range(12):
        clock.move(ROUND)
        at = clock.now()
        while send.expire_next(at=at):
            forget()
        reconcile(at)
        work(at)
        if not count("ready", "sending", "unknown"):
            return


def figures(
    standin: Troubled, wanted: set[str], kills: int, unknown: int, seconds: float
) -> Figures:
    had = Counter(text.to for text in standin.texts)
    rows = db.session.scalars(select(Outbox)).all()
    sids = {text.sid: text.to for text in standin.texts}
    wrong = [
        f"{row.to_address or row.recipient_id} is {row.state}"
        for row in rows
        if (row.state in GONE) != (sids.get(row.provider_id or "", "nobody") == row.to_address)
        or row.state not in (*GONE, *NOT_SENT)
    ]
    return Figures(
        texts=len(wanted), kills=kills, faults=standin.shown, unknown=unknown, seconds=seconds,
        twice=[number for number, times in had.items() if times > 1 or number not in wanted],
        lost=sorted(wanted - set(had)), wrong=wrong,
    )  # fmt: skip
