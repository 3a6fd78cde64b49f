"""What packages above this one do when somebody leaves, and their links on `/me`.

Wiring fills these tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import Staff
from app.registry import Registry


@dataclass(frozen=True)
class Held:
    """What a person would leave without anybody: '3 families', with how many."""

    words: str
    number: int


@dataclass(frozen=True)
class OwnPage:
    """A page that stands on `/me` for those who may open it."""

    words: str
    endpoint: str
    hint: str = ""


# (who, at) -> what they hold that needs somebody; number 0 where there is nothing.
caseload: Registry[Callable[[Staff, datetime], Held]] = Registry("accounts.caseload")
# (who leaves, who takes over or None, by, at): called in the transaction of leaving.
on_leaving: Registry[Callable[[Staff, Staff | None, Any, datetime], None]] = Registry(
    "accounts.on_leaving"
)
own_pages: Registry[OwnPage] = Registry("accounts.own_pages")
