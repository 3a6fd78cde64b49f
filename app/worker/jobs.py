"""The running jobs: what each does and how often. `wiring` fills the two tables.

A job does one small thing in one call and says whether there is more, so that a long queue of one
never holds up the others and a stopping worker finishes what it has in hand.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.messaging import deliveries, inbound, lost_replies, receipts, send
from app.messaging.models import ALARM, EMAIL, NEWS, REMINDER
from app.registry import Registry

# Beside 8 connections, by `make bench` on PostgreSQL: 76 % of what these can do became 91 %, and a
# fourth brought nothing.
MORE = 3
OWNER = secrets.token_hex(12)  # this process, in a row's lease


@dataclass(frozen=True)
class Path:
    """Senders of some lanes of the outbox: so many connections to the provider, and so many
    threads more, which take their next row from the database meanwhile."""

    name: str
    lanes: Sequence[str]
    connections: int
    more: int = 0

    @property
    def senders(self) -> int:
        return self.connections + self.more


def paths(senders: int) -> list[Path]:
    """Alarms have senders that nothing else uses: eight that hang leave eight more their turn when
    the first is given up (`ALARM_TIMEOUT`)."""
    return [
        Path("alarms", (ALARM,), 8),
        Path("texts", (NEWS, REMINDER), senders, more=MORE),
        Path("e-mails", (EMAIL,), 2),
    ]


@dataclass(frozen=True)
class Job:
    """`run(at)` does one thing and answers True where more is waiting. One that waits for somebody
    else's server goes `aside`, into a thread where no text and no reply waits for it. One that
    `sends` is done by the senders of every path in a worker that goes on running."""

    name: str
    every_seconds: float
    run: Callable[[datetime], object]
    aside: bool = False
    sends: bool = False


# In the order in which they run. `watches` holds what the watch's own thread calls with the time.
jobs: Registry[Job] = Registry("worker.jobs")
watches: Registry[Callable[[datetime], object]] = Registry("worker.watches")


def add_jobs(made: list[Job]) -> None:
    for job in made:
        jobs.add(job.name, job)


def messaging_jobs() -> list[Job]:
    """Replies before texts: a reply that says stop is read before the next text goes."""
    return [
        Job("read replies", 1, lambda at: inbound.read_next(at=at)),
        Job("send", 1, lambda at: send.send_next(OWNER, at=at), sends=True),
        Job("expire leases", 5, lambda at: send.expire_next(at=at)),
        Job("expire held", 30, lambda at: send.expire_held_next(at=at)),
        Job("reconcile", 5, lambda at: send.reconcile_next(OWNER, at=at)),
        Job("ask after texts", 1, lambda at: receipts.ask_one(at=at), aside=True),
        Job(
            "look for lost replies",
            lost_replies.EVERY_SECONDS,
            lambda at: lost_replies.look_for_lost(at=at),
            aside=True,
        ),
        Job("simulated deliveries", 2, lambda at: deliveries.deliver_simulated(at=at)),
    ]
