"""A text that certainly did not arrive goes once more, later, if it is of use by then.

The row itself goes back to waiting, so that everything is asked again in the claim: the number,
whether it is wanted, quiet hours. Until it is claimed it keeps the provider's id of the first
attempt: only *delivered* still counts for that, not another copy of the failure.
"""

from datetime import datetime, timedelta

from app.messaging import registry
from app.messaging.failures import failure
from app.messaging.models import Outbox
from app.messaging.registry import payload
from app.messaging.states import READY

AFTER = timedelta(hours=1)
TRIED = "tried_again"  # in the row's payload


def try_later(row: Outbox, code: str | None, *, at: datetime) -> bool:
    """Put a failed text back for one more attempt; False where there is to be none.

    What is urgent has a way of its own: the watch tells the next person.
    """
    known = row.purpose in registry.purposes
    if not known or registry.purposes[row.purpose].urgent or not failure(code).again:
        return False
    if payload(row, TRIED) or at + AFTER >= row.expires_at:
        return False
    row.state, row.due_at, row.final_at, row.sent_at = READY, at + AFTER, None, None
    row.payload = {**(row.payload or {}), TRIED: True}
    return True
