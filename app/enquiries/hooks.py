"""What must happen elsewhere when a family decides; wiring fills these tables."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.enquiries.models import Choice
from app.families.models import Family
from app.registry import Registry

# (family, the step just recorded, by, at): called in the same transaction. Stopping cancels what is
# booked and ends texts about it; others may open what a step makes possible.
on_choice: Registry[Callable[[Family, Choice, Any, datetime], None]] = Registry(
    "enquiries.on_choice"
)
# (family, at) -> what stopping would cancel, one sentence each; shown before anybody saves it.
stops: Registry[Callable[[Family, datetime], list[str]]] = Registry("enquiries.stops")
