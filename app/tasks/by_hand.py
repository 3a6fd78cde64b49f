"""A person closes a task with what came of it.

Some kinds ask about a thing that has to be settled itself, not only the line about it: `closers`,
filled by wiring, has the act for each of them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.db import hold
from app.errors import DomainError
from app.registry import Registry
from app.tasks.models import Task
from app.tasks.open import close_task

LONGEST_WORDS = 500

# By kind: (task, words, by, at) settles what the task is about, and closes it or refuses.
closers: Registry[Callable[[Task, str, Any, datetime], None]] = Registry("tasks.closers")


def close_by_hand(task: Task, words: str, *, by: Any, at: datetime) -> None:
    """Close a task as a person does. Raises DomainError without words, for one that is closed
    already, and where what it is about cannot be left as it is."""
    said = words.strip()
    if not said:
        raise DomainError("Say in a few words what came of it.", "outcome")
    if len(said) > LONGEST_WORDS:
        raise DomainError(f"Use {LONGEST_WORDS} characters or fewer.", "outcome")
    if task.kind in closers:
        closers[task.kind](task, said, by, at)
        return
    hold(task)
    close_task(task, said, by=by, at=at)
