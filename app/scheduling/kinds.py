"""What each kind of appointment adds to booking, filled by wiring from programmes and
conversations.

One `book()` that knows no cycle: the kind says what keeps an appointment provisional, what keeps it
from being confirmed, and what follows a change, called in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.registry import Registry
from app.scheduling.models import Appointment

Reason = tuple[str, str]  # a code, and the sentence that staff read


def nothing(_appointment: Appointment) -> list[Reason]:
    return []


def nothing_follows(_appointment: Appointment, _what: str, _by: Any, _at: datetime) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """The rules of one kind.

    `needs_yes`: only after the family's own yes. `provisional`: reasons for which it holds its time
    but nobody is told. `unconfirmed`: reasons for which it cannot be confirmed yet. `changed` is
    called with 'booked', 'moved', 'cancelled', 'done', 'not_seen'.
    """

    needs_yes: bool
    provisional: Callable[[Appointment], list[Reason]] = nothing
    unconfirmed: Callable[[Appointment], list[Reason]] = nothing
    changed: Callable[[Appointment, str, Any, datetime], None] = nothing_follows


kinds: Registry[Kind] = Registry("scheduling.kinds")
