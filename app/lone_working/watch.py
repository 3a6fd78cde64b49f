"""One look of the watch, called every few seconds by its own thread (app/worker/run.py).

In an order that no failure can turn round: first what may be overdue is raised, from what is
stored; then the day's visits are brought up to date; then texts are queued. What failed is raised
at the end, so that the beat is missing and every page says that the watch does not run.
"""

import logging
from datetime import datetime

from app.db import transact
from app.lone_working.alarms import raise_due_alarms, text_alarms
from app.lone_working.watches import open_watches

log = logging.getLogger("app.watch")


def look(at: datetime) -> None:
    """Open today's watches, raise what is due, queue the texts of what was raised."""
    failure: Exception | None = None
    for step in (raise_due_alarms, follow_appointments, raise_due_alarms):
        try:
            step(at)
        except Exception as error:
            log.error("%s failed: %s", step.__name__, type(error).__name__)
            failure = error
    text_alarms(at)
    if failure:
        raise failure


def follow_appointments(at: datetime) -> int:
    return transact(lambda: open_watches(at))
