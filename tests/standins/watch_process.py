"""The service's own worker in a process of its own, for tests that kill it between alarm and text.

    python -m tests.standins.watch_process DATABASE_URL INSTANCE STALL

With STALL 'raised' it says so on standard output once alarms are raised and no text is queued, and
waits there to be killed; with 'never' it works on.
"""

import sys
import time
from datetime import datetime
from pathlib import Path

from app.lone_working import watch
from app.wiring import create_app
from app.worker.run import run_worker
from tests.databases import environ


def stall(_at: datetime) -> int:
    print("raised", flush=True)
    time.sleep(60)
    return 0


def main(database: str, instance: str, moment: str) -> None:
    app = create_app(environ(database), instance=Path(instance))
    if moment == "raised":
        watch.text_alarms = stall
    print("started", flush=True)
    run_worker(app)


if __name__ == "__main__":
    main(*sys.argv[1:])
