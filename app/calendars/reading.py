"""Reading one calendar in a child process: started, told what to read, and never waited for longer
than `SECONDS`.

Whatever becomes of the child (it runs out of time, memory or processor, or answers nonsense), what
comes back is a `Reading` with a sentence: nothing is raised, and nothing is ever read as free.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any

from app.calendars.busy import MOST_EVENTS, Busy

SECONDS = 20.0  # fetching has 15 of them
MOST_ANSWER = 2_000_000  # bytes; 5,000 busy times take 400,000
LONGEST_VALIDATOR = 200  # characters of an ETag or a Last-Modified
PROGRAM = "app.calendars.child"
ROOT = Path(__file__).resolve().parents[2]
START = (
    "import runpy, sys; sys.path.insert(0, sys.argv[1]); "
    "runpy.run_module(sys.argv[2], run_name='__main__')"
)
# All that the child has of our environment: whose certificates this machine believes, and where
# Python's own libraries are.
KEPT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH")

GAVE_UP = "The calendar took too long or too much to read, so it was given up."


@dataclass(frozen=True)
class Job:
    """What to read: an address, from which hosts, and for which time."""

    address: str
    hosts: frozenset[str]
    first: datetime
    until: datetime
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True)
class Reading:
    """What came of a job: `failure` in words, or `busy`, which is None where nothing changed."""

    busy: tuple[Busy, ...] | None = None
    failure: str | None = None
    etag: str | None = None
    modified: str | None = None


Read = Callable[[Job], Reading]


def read_calendar(job: Job, *, program: str = PROGRAM, seconds: float = SECONDS) -> Reading:
    """Read a calendar in a child of its own; `program` is the module that it runs."""
    try:
        said = run(words_of(job), program, seconds)
        return reading_of(json.loads(said), job)
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return Reading(failure=GAVE_UP)


def words_of(job: Job) -> bytes:
    told = {
        **asdict(job),
        "hosts": sorted(job.hosts),
        "first": job.first.timestamp(),
        "until": job.until.timestamp(),
    }
    return json.dumps(told).encode()


def run(told: bytes, program: str, seconds: float) -> bytes:
    """What the child says, at most `MOST_ANSWER`. It is in a session of its own, so that stopping
    the worker from a terminal lets it end."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-I", "-c", START, str(ROOT), program]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment, start_new_session=True,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        deadline = Timer(seconds, child.kill)
        deadline.start()
        try:
            with suppress(BrokenPipeError):
                child.stdin.write(told)
                child.stdin.close()
            return child.stdout.read(MOST_ANSWER)
        finally:
            deadline.cancel()
            child.kill()


def reading_of(said: dict[str, Any], job: Job) -> Reading:
    """The child's answer as values. Raises ValueError, TypeError or KeyError for what a child that
    does as it was told would not say."""
    if "failure" in said:
        return Reading(failure=in_words(said["failure"]))
    kept = {name: validator(said[name]) for name in ("etag", "modified")}
    if said.get("unchanged"):
        return Reading(busy=None, **kept)
    times = tuple(
        Busy(
            datetime.fromtimestamp(starts, UTC),
            datetime.fromtimestamp(ends, UTC),
            ours and in_words(ours),
        )
        for starts, ends, ours in said["busy"]
    )
    within = all(job.first <= one.starts_at < one.ends_at <= job.until for one in times)
    if not within or len(times) > MOST_EVENTS:
        raise ValueError("not the times that were asked for")
    return Reading(busy=times, **kept)


def in_words(value: Any) -> str:
    """What a person may read and a database hold, at most 300 characters; else ValueError."""
    text = str(value)[:300]
    if not text.isprintable():
        raise ValueError("not words")
    return text


def validator(value: Any) -> str | None:
    """What a server said of its copy, to be sent back as it came; None for what no header holds or
    no column: then the calendar is read whole again."""
    text = str(value or "")
    sound = text.isascii() and text.isprintable() and len(text) <= LONGEST_VALIDATOR
    return text if text and sound else None
