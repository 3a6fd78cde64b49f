"""What packages above families do when a family's rows move, and what they add to the list of
families.

Filled by wiring. Each entry of `on_merge`, `on_move` and `on_contact` is called in the transaction
of the act.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from app.families.models import Carer, Family
from app.places.models import Place
from app.registry import Registry


@dataclass(frozen=True)
class Stage:
    """A filter of the list of families: `ids` selects the ids of those in it."""

    words: str
    empty: str  # one sentence for an empty list: what fills it
    ids: Callable[[], Select[int]]


@dataclass(frozen=True)
class Cell:
    """What a column says of one family; a tag is drawn in its own colour."""

    words: str
    second: str = ""
    tag: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the list of families: (ids shown on the page, now) -> what it says of each."""

    heading: str
    cells: Callable[[Sequence[int], datetime], Mapping[int, Cell]]


# (duplicate, the family that stays, by, at): move what belongs to the duplicate. Carers who are one
# person keep their rows; `same_as_id` names the one that stays.
on_merge: Registry[Callable[[Family, Family, Any, datetime], None]] = Registry("families.on_merge")
# (family, home before or None, home now, by, at): visits booked at the old address need a person.
on_move: Registry[Callable[[Family, Place | None, Place, Any, datetime], None]] = Registry(
    "families.on_move"
)
# (carer, names of the answers that changed, by, at): how a carer may be reached has changed.
on_contact: Registry[Callable[[Carer, Collection[str], Any, datetime], None]] = Registry(
    "families.on_contact"
)
# What a record has that would move with it, one line each on the page that joins two:
# heading -> (family, now) -> words.
joined: Registry[Callable[[Family, datetime], str]] = Registry("families.joined")
stages: Registry[Stage] = Registry("families.stages")
columns: Registry[Column] = Registry("families.columns")
