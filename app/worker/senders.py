"""The senders: threads that take rows of the outbox and send them, many at one time.

Of one path's threads one at a time asks for the next row, holding the path's turn; with a row in
hand it passes the turn on and sends, and writes down what became of it with its next question. So a
thread that waits for the provider keeps nobody waiting, idle ones cost one question a round, and
claims of one process never contend with each other. The paths share nothing: no text can stand
before an alarm.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from app.db import db
from app.messaging import send
from app.messaging.send import Done
from app.messaging.transports import Parcel
from app.worker.jobs import Path, paths

log = logging.getLogger("app.worker")

IDLE_SECONDS = 0.5
TURN_SECONDS = 0.05

Clock = Callable[[], datetime]


def threads(app: Flask, now: Clock, stop: threading.Event) -> list[threading.Thread]:
    """The senders of every path, to be started."""
    made = []
    for path in paths(app.config["SERVICE"].senders):
        turn = threading.Lock()
        made += [
            threading.Thread(
                target=keep_sending, args=(app, path, turn, now, stop), name=f"{path.name} {number}"
            )
            for number in range(path.senders)
        ]
    return made


def keep_sending(
    app: Flask, path: Path, turn: threading.Lock, now: Clock, stop: threading.Event
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
    turn: threading.Lock,
    now: Clock,
    stop: threading.Event,
    done: Done | None,
) -> Done | None:
    """What became of the last row is written down and the next sent, if there is one; returns what
    became of that.
    """
    if done and not turn.acquire(timeout=TURN_SECONDS):
        send.record(done, at=instant(now))  # whoever has the turn waits for something to do
        return None
    if not done:
        turn.acquire()
    try:
        if stop.is_set():
            if done:
                send.record(done, at=instant(now))
            return None
        claimed = send.claim(owner, at=instant(now), lanes=path.lanes, done=done)
        if claimed is None:
            stop.wait(IDLE_SECONDS)
    finally:
        turn.release()
    return (claimed, send.attempted(claimed)) if isinstance(claimed, Parcel) else None


def instant(now: Clock) -> datetime:
    """The time of a step, asked in a transaction that ends at once."""
    at = now()
    db.session.rollback()
    return at
