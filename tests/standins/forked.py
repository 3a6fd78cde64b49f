"""Workers in processes of their own that begin in a tenth of a second, for tests that kill them.

One process of the standard library's fork server has the service imported; each worker is forked
from it, builds the application anew and runs the service's own loop. What is the tests' own in it
goes in by the doors that the service has: its table of people, and `app.extensions["transports"]`.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.messaging.transports import Outcome, Parcel
from app.messaging.twilio import Twilio
from app.wiring import create_app
from app.worker import jobs
from app.worker.run import run_worker
from tests.databases import environ
from tests.messaging.steps import use_twilio
from tests.standins.people import People, fill

FORKS = get_context("forkserver")
PATIENCE = 30.0  # seconds with a machine that is busy with other things


class Stall:
    """Says through the pipe that it has come to the moment, and waits there to be killed."""

    def __init__(self, moment: str, pipe: Connection):
        self.moment, self.pipe, self.turn = moment, pipe, threading.Lock()

    def at(self, moment: str) -> None:
        if moment == self.moment:
            with self.turn:
                self.pipe.send(moment)
            time.sleep(60)


class SlowPeople(People):
    """People whose claim stops before it is committed."""

    def __init__(self, stall: Stall):
        super().__init__()
        self.stall = stall

    def is_unwanted(self, *_: object) -> str | None:
        self.stall.at("claiming")
        return None


class SlowTransport(Twilio):
    """Twilio's transport that stops before it sends, or once it has its answer."""

    stall: Stall

    def send(self, parcel: Parcel) -> Outcome:
        self.stall.at("claimed")
        outcome = super().send(parcel)
        self.stall.at("answered")
        return outcome


def work(database: str, twilio: str, instance: str, moment: str, pipe: Connection) -> None:
    """The whole life of one worker."""
    stall = Stall(moment, pipe)
    app = create_app(environ(database), instance=Path(instance))
    fill(SlowPeople(stall))
    use_twilio(app, twilio)
    slow = SlowTransport(app.config["SERVICE"])
    slow.stall = stall
    app.extensions["transports"] = {"text": slow}
    jobs.jobs.clear()
    jobs.watches.clear()
    jobs.add_jobs(jobs.messaging_jobs())
    pipe.send("started")
    run_worker(app)


class Worker:
    def __init__(self, database: str, twilio: str, instance: Path, moment: str):
        FORKS.set_forkserver_preload([__name__])
        self.pipe, theirs = FORKS.Pipe()
        self.process = FORKS.Process(
            target=work, args=(database, twilio, str(instance), moment, theirs)
        )
        self.process.start()
        theirs.close()
        self.reach("started")

    def reach(self, moment: str) -> None:
        """Wait until the worker has come to this moment."""
        assert self.pipe.poll(PATIENCE), f"the worker never came to {moment!r}"
        assert self.pipe.recv() == moment

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.join(PATIENCE)

    def stop(self) -> int | None:
        """SIGTERM; answers the exit status."""
        self.process.terminate()
        self.process.join(PATIENCE)
        return self.process.exitcode


@contextmanager
def workers(database: str, twilio: str, instance: Path) -> Iterator[Any]:
    """Starts workers, and kills whichever is left at the end."""
    begun: list[Worker] = []

    def start(moment: str = "never") -> Worker:
        begun.append(Worker(database, twilio, instance, moment))
        return begun[-1]

    try:
        yield start
    finally:
        for worker in begun:
            worker.kill()
            worker.pipe.close()
