"""What a person found out about a message of which nobody could say whether it arrived."""

from datetime import datetime
from typing import Any

from app.audit.record import record
from app.db import db
from app.errors import DomainError
from app.messaging import registry
from app.messaging.models import Outbox
from app.messaging.states import DELIVERED, GAVE_UP, STATE_WORDS, UNDELIVERED
from app.tasks.open import close_task, dedupe_key, open_by_key

IT_DID_NOT = "They said that it did not arrive."


def settle_unknown(row: Outbox, arrived: bool, *, by: Any, at: datetime) -> None:
    """Somebody asked the person: it arrived, or it did not. Nothing is sent again by this.

    Only what was given up may be settled; what is known meanwhile is refused. Where it arrived,
    the request to ring about it is closed.
    """
    db.session.refresh(row, with_for_update=True)
    if row.state != GAVE_UP:
        raise DomainError(f"This is known meanwhile: {STATE_WORDS[row.state].lower()}.")
    row.state = DELIVERED if arrived else UNDELIVERED
    row.reason, row.final_at = None if arrived else IT_DID_NOT, at
    row.sent_at = row.sent_at or row.due_at
    person = registry.recipient(row.recipient_kind, row.recipient_id)
    record(
        "text:settled", row, by=by, at=at, family_id=person.family_id if person else None,
        arrived=arrived,
    )  # fmt: skip
    if arrived and person is not None:
        about, whom = (row.about_kind, row.about_id), (person.kind, person.id)
        if task := open_by_key(dedupe_key("not_sent", about, whom)):
            close_task(task, "It had arrived.", by=by, at=at)
