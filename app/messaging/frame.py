"""What sending says on every page of staff: that nothing goes out, or that what is due waits.

Read with whose session it is, so no page asks for it (`pages.small_reads`).
"""

from datetime import datetime, timedelta

from flask import url_for
from flask_login import current_user
from sqlalchemy import ScalarSelect, func, select

from app import clock
from app.access import ARRANGERS
from app.messaging.channels import WORDS
from app.messaging.models import Channel, Outbox
from app.messaging.states import READY
from app.pages import Strip, small_read
from app.times import for_staff

STOPPED, OLDEST = "sending_stopped", "oldest_due"  # the names of the small reads
LATE = timedelta(minutes=15)  # a minute is usual; a day's reminders at 10:00 take a few


def stopped_read() -> ScalarSelect[str]:
    """'text:why' of a channel whose provider refuses us; texts before e-mails."""
    return (
        select(Channel.name + ":" + Channel.reason)
        .where(Channel.stopped)
        .order_by(Channel.name.desc())
        .limit(1)
        .scalar_subquery()
    )


def oldest_read() -> ScalarSelect[datetime]:
    """Since when the oldest waits of what should have gone long ago."""
    return (
        select(func.min(Outbox.due_at))
        .where(Outbox.state == READY, Outbox.due_at <= clock.now() - LATE)
        .scalar_subquery()
    )


def strip() -> Strip | None:
    """The red strip: whoever rings a family must know that its text has not gone."""
    arranges = current_user.role in ARRANGERS
    href = url_for("messaging.delivery") if arranges else ""
    if stopped := small_read(STOPPED):
        name, _, reason = stopped.partition(":")
        return Strip(
            f"No {WORDS[name]} go out:",
            f"{reason}. What is due waits, and goes once it is mended.",
            href,
            "Delivery",
        )
    if oldest := small_read(OLDEST):
        return Strip(
            "Texts are late:",
            f"the oldest that is due has waited since {for_staff(oldest)}.",
            href,
            "Delivery",
        )
    return None
