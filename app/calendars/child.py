"""The child process that fetches one calendar and works out its busy times, within limits.

It is told what to read on standard input and answers on standard output, both JSON; it is started
by `reading.py` with an empty environment, so it holds no key and knows no database. The limits are
the first thing that it sets, and no part of it can lift them again.
"""

import json
import resource
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from app.calendars.addresses import Unreadable
from app.calendars.busy import NOT_A_CALENDAR, busy_times
from app.calendars.fetch import SECONDS, TOO_LONG, Way, fetch

PROCESSOR_SECONDS = 8
# What it may not exceed (reference/security.md section 5): it writes no file and leaves no dump.
LIMITS = {
    resource.RLIMIT_CPU: PROCESSOR_SECONDS,
    resource.RLIMIT_AS: 600_000_000,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 64,
}


def limit(limits: Mapping[int, int] = LIMITS) -> None:
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGALRM, too_long)


def too_long(_signal: int, _frame: object) -> NoReturn:
    raise Unreadable(TOO_LONG)


def answer(job: dict[str, Any], way: Way, seconds: float = SECONDS) -> dict[str, Any]:
    """What came of a job: its busy times, that nothing changed, or why it could not be read."""
    try:
        # Headers that come one byte at a time are within every socket's patience, not within this.
        # Again every second, in case the first falls where Python lets no error out.
        signal.setitimer(signal.ITIMER_REAL, seconds, 1)
        try:
            fetched = fetch(
                job["address"], job["hosts"], etag=job["etag"], modified=job["modified"], way=way
            )
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        kept = {"etag": fetched.etag, "modified": fetched.modified}
        if fetched.body is None:
            return {"unchanged": True, **kept}
        first, until = (datetime.fromtimestamp(job[name], UTC) for name in ("first", "until"))
        times = busy_times(fetched.body, first, until)
        return {"busy": [[s.timestamp(), e.timestamp(), ours] for s, e, ours in times], **kept}
    except Unreadable as error:
        return {"failure": str(error)}
    except (MemoryError, RecursionError):
        return {"failure": NOT_A_CALENDAR}


def main(way: Way | None = None) -> None:
    limit()
    json.dump(answer(json.load(sys.stdin), way or Way()), sys.stdout)


if __name__ == "__main__":
    main()
