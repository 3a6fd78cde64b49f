"""How texts leave one worker process, measured at the provider: its stand-in in a process of its own
answers after 100 ms. And what a claim costs when ten thousand wait.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from app import clock, config
from app.db import db, transact
from app.messaging.claim import claim_next
from app.messaging.models import Outbox
from app.messaging.outbox import queue_text
from app.messaging.transports import Parcel
from app.messaging.twilio import Twilio
from app.settings.models import Setting
from app.wiring import create_app
from tests import databases
from tests.standins.killing import FORKS, Doomed
from tests.standins.people import People, fill
from tests.standins.slow_twilio import ANSWERS_AFTER, SlowTwilio
from tests.standins.twilio import ACCOUNT, TOKEN

CONNECTIONS = 8
FAST = 400  # texts, as fast as it goes
PACED, PACE = 1000, 10  # texts, a second
BLOCKED = 60.0  # seconds without any answer
ALARMS = 12
OUTAGE = 10_000
CLAIMS = 100
PATIENCE = 300.0


def measure(database: str) -> None:
    os.environ["NO_PROXY"] = "127.0.0.1"
    print(f"\n{database}: texts from one worker through {CONNECTIONS} connections")
    print(f"  {'':<46}{'figure':>10}{'aim':>10}", flush=True)
    url = databases.make(database)
    app = create_app(databases.environ(url), instance=databases.folder() / "instance")
    with app.app_context():
        fill(People())
        with working(app, url, pace=100) as standin:
            rate = speed(standin)
        best, bare = CONNECTIONS / ANSWERS_AFTER, client_alone()
        line(f"texts a second ({best:.0f} at best)", f"{rate:.0f}", "≥ 72")
        line(
            f"against Twilio’s client alone ({bare:.0f} here and now)",
            f"{rate / bare:.0%}",
            "≥ 90%",
        )
    url = databases.make(database)
    app = create_app(databases.environ(url), instance=databases.folder() / "instance")
    with app.app_context():
        fill(People())
        with working(app, url, pace=PACE) as standin:
            rate, alarm = paced(standin)
            line(f"{PACED} due at {PACE} a second: pace held", f"{rate / PACE:.1%}", "≥ 95%")
            line("an alarm in the middle leaves after", f"{alarm:.1f} s", "≤ 2 s")
        with working(app, url, pace=PACE) as standin:
            first, last = blocked(standin)
            line("nothing answered for 60 s: an alarm leaves after", f"{first:.1f} s", "≤ 15 s")
            line(f"the last of {ALARMS} alarms at one instant", f"{last:.1f} s", "≤ 15 s")
    few, many = claims(database)
    line(f"one claim, {CLAIMS} due", f"{few:.1f} ms", "")
    line(f"one claim, {OUTAGE:,} due, against it", f"{many / few:.2f}", "≤ 1.2")


def line(words: str, figure: str, aim: str) -> None:
    print(f"  {words:<46}{figure:>10}{aim:>10}", flush=True)


@contextmanager
def working(app: Flask, url: str, *, pace: int) -> Iterator[SlowTwilio]:
    """A worker's process and the provider, for a while."""
    at = clock.now()
    row = Setting(name="text_parts_a_second", value=pace, changed_by="bench", changed_at=at)
    transact(lambda: db.session.add(row))
    db.session.remove()
    standin = SlowTwilio()
    worker = Doomed(url, standin.url, str(databases.folder() / "instance"), "", "patient")
    try:
        worker.wait_until_started()
        yield standin
    finally:
        worker.kill()
        standin.close()
        db.session.remove()


def queue(number: int, *, first: int = 1, purpose: str = "booked", who: str = "carer") -> float:
    """Queue so many in one transaction; returns the second at which they were there."""
    at = clock.now()

    def act() -> None:
        for n in range(first, first + number):
            queue_text(
                purpose, about=("appointment", n), to=(who, n), due_at=at,
                expires_at=at + timedelta(days=1), dedupe=f"{purpose}:{first}:{n}", at=at,
                now=True,
            )  # fmt: skip

    transact(act)
    db.session.remove()
    return time.time()


def until(standin: SlowTwilio, enough: Callable[[list[tuple[str, float]]], bool]) -> list[float]:
    """The seconds at which texts came, once there are enough."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        came = standin.came()
        if enough(came):
            return [at for _, at in came]
        time.sleep(0.1)
    raise AssertionError("the texts never came")


def speed(standin: SlowTwilio) -> float:
    """Texts a second, from the tenth on: until then connections are made and statements built."""
    queue(FAST)
    times = until(standin, lambda came: len(came) >= FAST)
    return (FAST - 10) / (times[FAST - 1] - times[9])


def client_alone() -> float:
    """Texts a second of as many threads that do nothing but call Twilio's client, in a process."""
    standin = SlowTwilio()
    process = FORKS.Process(target=call_alone, args=(standin.url,))
    process.start()
    times = until(standin, lambda came: len(came) >= FAST)
    process.join()
    standin.close()
    return (FAST - 10) / (times[FAST - 1] - times[9])


def call_alone(url: str) -> None:
    os.environ["NO_PROXY"] = "127.0.0.1"
    at = clock.now()
    service = replace(
        config.read(databases.environ("sqlite://"), databases.folder()),
        sms_transport="twilio", twilio_account_sid=ACCOUNT, twilio_auth_tokens=(TOKEN,),
        twilio_from="+447700900000", twilio_api_url=url,
    )  # fmt: skip
    transport, to = Twilio(service), "+447700900001"

    def send(n: int) -> None:
        parcel = Parcel(n, 1, "bench", "text", to, f"alone {n}", None, at, at + timedelta(days=1))
        assert transport.send(parcel).kind == "accepted"

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(send, range(FAST)))


def paced(standin: SlowTwilio) -> tuple[float, float]:
    """Texts a second between the first and the last; seconds until an alarm queued in the middle
    was there.
    """
    queue(PACED, first=10_001)
    until(standin, lambda came: len(came) >= PACED // 2)
    queued = queue(1, first=1, purpose="alarm", who="staff")
    until(standin, lambda came: len(came) > PACED)
    came = standin.came()
    times = [at for body, at in came if body.startswith("booked")]
    (alarm,) = [at for body, at in came if body.startswith("alarm")]
    # What senders could not use of a second is caught up at once: the first second is left out.
    steady = [at for at in times if at >= times[0] + 1.0]
    return (len(steady) - 1) / (steady[-1] - steady[0]), alarm - queued


def blocked(standin: SlowTwilio) -> tuple[float, float]:
    """Seconds until the first and the last of several alarms came to a provider that answers
    nobody."""
    standin.block(BLOCKED)
    queue(50, first=20_001)
    until(standin, lambda came: len(came) >= CONNECTIONS)
    queued = queue(ALARMS, first=101, purpose="alarm", who="staff")

    def all_came(came: list[tuple[str, float]]) -> bool:
        return len({body for body, _ in came if body.startswith("alarm")}) >= ALARMS

    until(standin, all_came)
    came = standin.came()
    first_of: dict[str, float] = {}
    for body, at in came:
        if body.startswith("alarm"):
            first_of.setdefault(body, at)
    return min(first_of.values()) - queued, max(first_of.values()) - queued


def claims(database: str) -> tuple[float, float]:
    """Milliseconds of one claim, without sending, where few are due and where many are: the
    quickest of a hundred each, in one process, one after the other.
    """
    url = databases.make(database)
    app = create_app(databases.environ(url), instance=databases.folder() / "instance")
    with app.app_context():
        fill(People())
        databases.careless(db.engine)
        queue(OUTAGE)
    many = one_claim(app)
    with app.app_context():
        waiting = update(Outbox).where(Outbox.state == "ready", Outbox.id > 2 * CLAIMS)
        transact(lambda: db.session.execute(waiting.values(state="cancelled")))
    few = one_claim(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return few, many


def one_claim(app: Flask) -> float:
    times = []
    for _ in range(CLAIMS):
        with app.app_context():
            start = time.perf_counter()
            found = claim_next("bench", at=clock.now())
            times.append(time.perf_counter() - start)
            assert isinstance(found, Parcel)
    quick = sorted(times)[: CLAIMS // 10]
    return sum(quick) / len(quick) * 1000
