"""The senders: threads that take rows of the outbox and send them, many at one time.

Of one path's threads one at a time (on PostgreSQL a few) asks for the next row, holding the path's
turn; with a row in hand it passes the turn on and sends, and writes down what became of it with its
next question. So a thread that waits for the provider keeps nobody waiting, and idle ones cost
little. The paths share nothing: no text can stand
before an alarm.
"""

import logging
import secrets
import threading

from flask import Flask

from app.db import db
from app.messaging import send
from app.messaging.claim import Clock
from app.messaging.send import Done
from app.messaging.transports import Parcel
from app.worker.jobs import Path, paths

log = logging.getLogger("app.worker")

IDLE_SECONDS = 0.5
TURN_SECONDS = 0.05
# Where many go. A SQLite file has one writer, who is quickest where nobody else of the process
# tries; PostgreSQL is asked by several, so that nobody waits for another's answers from it.
ASKERS = {"sqlite": 1, "postgresql": 4}


def threads(app: Flask, now: Clock, stop: threading.Event) -> list[threading.Thread]:
    """The senders of every path, to be started."""
    with app.app_context():
        askers = ASKERS[db.engine.dialect.name]
    made = []
    for path in paths(app.config["SERVICE"].senders):
        turn = threading.Semaphore(askers if path.many else 1)
        made += [
            threading.Thread(
                target=keep_sending, args=(app, path, turn, now, stop), name=f"{path.name} {number}"
            )
            for number in range(path.senders)
        ]
    return made


def keep_sending(
    app: Flask, path: Path, turn: threading.Semaphore, now: Clock, stop: threading.Event
) -> None:
    owner = secrets.token_hex(12)  # in a row's lease: no two senders share a name
    done: Done | None = None
    while done or not stop.is_set():
        try:
            with app.app_context():
                done = send_one(path, owner, turn, now, stop, done)
        except Exception as error:
            done = None  # tried twice; the row's lease runs out, and it is looked for
            log.error("sending %s failed: %s", path.name, type(error).__name__)
            stop.wait(IDLE_SECONDS)


def send_one(
    path: Path,
    owner: str,
    turn: threading.Semaphore,
    now: Clock,
    stop: threading.Event,
    done: Done | None,
) -> Done | None:
    """What became of the last row is written down and the next sent, if there is one; returns what
    became of that.
    """
    if done and not turn.acquire(timeout=TURN_SECONDS):
        send.record(done, at=now)  # whoever has the turn waits for something to do
        return None
    if not done:
        turn.acquire()
    try:
        if stop.is_set():
            if done:
                send.record(done, at=now)
            return None
        claimed = send.claim(owner, at=now, lanes=path.lanes, done=done)
        if claimed is None:
            stop.wait(IDLE_SECONDS)
    finally:
        turn.release()
    return (claimed, send.attempted(claimed)) if isinstance(claimed, Parcel) else None
