"""A long list, a page at a time: what was typed to find, how it is sorted, which part is shown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from app.db import db
from app.typed import read_number

T = TypeVar("T")
PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `sort` is a column's key, after '-' for descending."""

    words: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Asked":
        words = args.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
        return cls(words, args.get("sort", "")[:20], max(1, read_number(args.get("page")) or 1))


@dataclass(frozen=True)
class Part(Generic[T]):
    """The rows of one page, which page of how many, and how many rows there are in all."""

    rows: Sequence[T]
    page: int
    pages: int
    total: int

    @property
    def left(self) -> int:
        """How many rows come on the pages after this one."""
        return max(0, self.total - self.page * PAGE)


def placed(page: int, total: int, size: int = PAGE) -> tuple[int, int]:
    """The page shown and the number of pages: a page after the last is the last."""
    pages = max(1, math.ceil(total / size))
    return min(max(1, page), pages), pages


def part_of(statement: Select[T], page: int) -> Part[T]:
    """One page of an ordered statement's first column: two statements."""
    bare: Select[Any] = statement.order_by(None)
    total = db.session.scalar(select(func.count()).select_from(bare.subquery())) or 0
    page, pages = placed(page, total)
    rows = db.session.scalars(statement.offset((page - 1) * PAGE).limit(PAGE)).unique().all()
    return Part(rows, page, pages, total)


def slice_of(rows: Sequence[T], page: int) -> Part[T]:
    """One page of rows that are read already."""
    page, pages = placed(page, len(rows))
    return Part(rows[(page - 1) * PAGE : page * PAGE], page, pages, len(rows))
