"""What homes leave waiting for a manager: raised and high levels that need a yes."""

from datetime import datetime

from app.risk.models import LEVELS
from app.risk.queries import waiting_for_yes
from app.tasks.waiting import Item


def waiting(at: datetime) -> list[Item]:
    """Assessments that wait for a manager's yes: until then nobody visits the home alone."""
    return [
        Item(
            kind="approve",
            why=f"{LEVELS[row.level]} home: until a manager agrees, nobody visits alone.",
            due_at=None,
            since=row.created_at,
            endpoint="risk.home",
            button="Look and agree",
            values={"reference": reference},
            family_id=family_id,
        )
        for row, family_id, reference in waiting_for_yes()
    ]
