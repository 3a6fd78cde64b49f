"""What happens next with a message, in a sentence for staff. Pure: rows in, words out."""

from collections.abc import Mapping
from datetime import datetime

from app.messaging.delivery import State
from app.messaging.models import Outbox
from app.messaging.states import GAVE_UP, HELD, SENDING, UNKNOWN
from app.times import how_long, near_inside


def next_step(row: Outbox, channels: Mapping[str, State], at: datetime) -> str:
    """What the service does next with a row that is not settled, and when."""
    if row.state == HELD:
        return "A person holds it back. It goes when it is released, if it is of use then."
    if row.state == SENDING:
        return "It is being sent now."
    if row.state == UNKNOWN:
        when = near_inside(row.lease_until, at) if row.lease_until else "soon"
        return f"{said(row)}It is looked for at the provider: {when}."
    if row.state == GAVE_UP:
        return f"{said(row)}Ring them, and ask."
    rest = channels.get(row.channel)
    if rest and rest.until and rest.until > at:
        return f"It waits until {near_inside(rest.until, at)}: {rest.reason}."
    if row.due_at > at:
        return f"{said(row)}It goes {near_inside(row.due_at, at)}."
    waited = how_long(int((at - row.due_at).total_seconds()) // 60)
    return f"{said(row)}It has waited {waited} and goes with the worker’s next turn."


def said(row: Outbox) -> str:
    """What came of the last attempt, where there was one."""
    if not row.attempt or not row.reason:
        return ""
    times = "once" if row.attempt == 1 else f"{row.attempt} times"
    return f"Tried {times}: {row.reason} "
