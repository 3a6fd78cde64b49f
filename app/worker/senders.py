"""The senders: threads that take rows of the outbox and send them, many at one time.

Of one path's threads one at a time asks for the next row, holding the path's turn; with a row in
hand it passes the turn on and sends, and writes down what became of it with its next question. So a
thread that waits for the provider keeps nobody waiting, and idle ones cost little. A path may have
a few threads more than connections: they have their next row in hand when a connection becomes
free. The paths share nothing: no text can stand before an alarm.
"""

import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from app.messaging import send
from app.messaging.claim import Clock
from app.messaging.send import Done
from app.messaging.transports import Outcome, Parcel, elapsed
from app.worker.jobs import Path, paths

log = logging.getLogger("app.worker")

IDLE_SECONDS = 0.5
TURN_SECONDS = 0.05
LOOK_SECONDS = 0.2  # how often who waits for a connection asks whether to go on
# A text was judged when it was claimed (is the phone still safe, does the visit still stand): where
# the provider is slow it is given back, and judged again.
IN_HAND_SECONDS = 5.0
AGAIN = timedelta(seconds=1)  # nothing failed: no growing wait


@dataclass(frozen=True)
class Shared:
    """What the threads of one path share: whose turn it is to ask, and who may send."""

    turn: threading.Semaphore
    connections: threading.Semaphore


def threads(app: Flask, now: Clock, stop: threading.Event) -> list[threading.Thread]:
    """The senders of every path, to be started."""
    made = []
    for path in paths(app.config["SERVICE"].senders):
        shared = Shared(threading.Semaphore(), threading.Semaphore(path.connections))
        made += [
            threading.Thread(
                target=keep_sending,
                args=(app, path, shared, now, stop),
                name=f"{path.name} {number}",
            )
            for number in range(path.senders)
        ]
    return made


def keep_sending(app: Flask, path: Path, shared: Shared, now: Clock, stop: threading.Event) -> None:
    owner = secrets.token_hex(12)  # in a row's lease: no two senders share a name
    done: Done | None = None
    while done or not stop.is_set():
        try:
            with app.app_context():
                done = send_one(path, owner, shared, now, stop, done)
        except Exception as error:
            done = None  # tried twice; the row's lease runs out, and it is looked for
            log.error("sending %s failed: %s", path.name, type(error).__name__)
            stop.wait(IDLE_SECONDS)


def send_one(
    path: Path,
    owner: str,
    shared: Shared,
    now: Clock,
    stop: threading.Event,
    done: Done | None,
) -> Done | None:
    """What became of the last row is written down and the next sent, if there is one; returns what
    became of that.
    """
    turn = shared.turn
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
    return (claimed, sent(claimed, shared, stop)) if isinstance(claimed, Parcel) else None


def sent(parcel: Parcel, shared: Shared, stop: threading.Event) -> Outcome:
    """Sent as soon as a connection is free; given back where the worker stops first, or where that
    takes longer than a row may be in hand.
    """
    until = elapsed() + IN_HAND_SECONDS
    while not shared.connections.acquire(timeout=LOOK_SECONDS):
        if stop.is_set() or elapsed() > until:
            return Outcome("again", "the worker had no connection to spare", wait=AGAIN)
    try:
        return send.attempted(parcel)
    finally:
        shared.connections.release()
