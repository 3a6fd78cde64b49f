"""The mailbox of answers that has not been read for an hour: staff are told, and why."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app import clock
from app.scheduling.invitations.models import Mailbox
from app.tasks.causes import Cause, Rows, columns
from app.tasks.waiting import Item
from app.times import for_staff
from app.working_days import evening_after

ONE_HOUR = timedelta(hours=1)
LAST_READ = func.coalesce(Mailbox.good_at, Mailbox.since, type_=Mailbox.since.type)


def not_read() -> Select[Any]:
    return select(
        *columns(id=Mailbox.id, words=Mailbox.failure, created_at=LAST_READ)
    ).where(Mailbox.failure.is_not(None))  # fmt: skip


def mailbox_due(rows: Rows, at: datetime) -> Iterator[Item]:
    for row in rows:
        if at - row.created_at < ONE_HOUR:
            continue
        yield Item(
            kind="calendar",
            why=f"Answers to invitations have not been read since {for_staff(row.created_at)}. "
            f"{row.words}",
            due_at=evening_after(clock.london(row.created_at + ONE_HOUR).date(), 1),
            since=row.created_at + ONE_HOUR,
            endpoint="messaging.delivery",
            values={},
            button="Open",
            about="Mailbox",
        )


CAUSES = (Cause("mailbox", not_read, mailbox_due),)
