"""One import under way: who imports and when, what is known already, what was made, what is told.

Knows how a row is tried so that one that is left out never stops the others. What a row means is
for the readers, what it becomes for `enter_…`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app import clock
from app.db import constraint_of, db, refusal
from app.errors import DomainError
from app.settings import store
from app.settings.rules import Rules
from app.spreadsheets.files import Table
from app.spreadsheets.models import ImportedRow
from app.spreadsheets.report import Done, Problem
from app.spreadsheets.rows import Row
from app.spreadsheets.values import plain

R = TypeVar("R", bound=Row)
OVERLAP = "somebody or the room is booked already for some of that time"


class NotEntered(Exception):
    """The row is left out; the sentence says why, beside the column it belongs to."""

    def __init__(self, column: str, problem: str):
        super().__init__(problem)
        self.column, self.problem = column, problem


@dataclass
class Count:
    """What became of the rows of one kind. `already_in`: an import before this one made them."""

    imported: int = 0
    already_in: int = 0
    left_out: int = 0


@dataclass
class Run:
    """What the entering acts share: the import's number, its time, its problems and counts."""

    by: Any
    at: datetime
    import_id: int
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.known = set(db.session.scalars(select(ImportedRow.digest)))

    @property
    def today(self) -> date:
        return clock.london(self.at).date()

    @property
    def rules(self) -> Rules:
        return store.current()

    def enter_rows(
        self,
        table: Table,
        rows: Iterable[R],
        read_problems: Iterable[Problem],
        enter: Callable[["Sheet", R], Any],
    ) -> None:
        """Enter each row in a SAVEPOINT of its own, in the order given; keep what is to be told.

        `enter` returns the record that was made, or raises NotEntered, DomainError or
        IntegrityError. A row that an import made before is passed over without a word.
        """
        sheet = Sheet(self, table, list(read_problems))
        count = self.counts.setdefault(table.kind, Count())
        for row in rows:
            if row.digest in self.known:
                count.already_in += 1
                sheet.forget(row.row)
                continue
            try:
                with db.session.begin_nested():
                    self.remember(row, enter(sheet, row))
            except NotEntered as error:
                sheet.left_out(row.row, error.column, error.problem)
            except DomainError as error:
                sheet.left_out(row.row, "", lowered(error.message))
            except IntegrityError as error:
                sheet.left_out(row.row, "", why_refused(error))
            except OperationalError:
                raise  # the database itself: nothing of this import stands
            except DBAPIError:
                sheet.left_out(row.row, "", "something in this row is more than can be kept")
            else:
                count.imported += 1
        count.left_out += len({p.row for p in sheet.problems if p.what_was_done == "left out"})
        self.problems += sorted(sheet.problems, key=lambda problem: problem.row)

    def remember(self, row: Row, made: Any) -> None:
        """The row by its digest, with what it made: it is not entered twice."""
        db.session.flush()
        db.session.add(
            ImportedRow(
                import_id=self.import_id,
                digest=row.digest,
                made_kind=made.__tablename__,
                made_id=made.id,
                made_version=made.version,
            )
        )
        db.session.flush()
        self.known.add(row.digest)


@dataclass
class Sheet:
    """One file of the import: its cells, and the problems met so far."""

    run: Run
    table: Table
    problems: list[Problem]

    def __post_init__(self) -> None:
        self._lines = {line.number: line for line in self.table.lines}

    def cell(self, row: int, column: str) -> str:
        line = self._lines.get(row)
        return plain(line.cells.get(column, "")) if line else ""

    def tell(
        self, row: int, column: str, problem: str, done: Done = "imported", value: str | None = None
    ) -> None:
        """One more line of the report."""
        shown = self.cell(row, column) if value is None else value
        heading = self.table.headings.get(column, column)
        self.problems.append(Problem(self.table.name, row, heading, shown, problem, done))

    def without(self, row: int, column: str, problem: str) -> str:
        """Tell that a value is not in; returns the note that keeps it on the record."""
        self.tell(row, column, problem, "imported without this")
        return f"{column}: {self.cell(row, column)} ({problem})"

    def left_out(self, row: int, column: str, problem: str) -> None:
        """The row is not in: this is then the only thing that is told about it."""
        self.forget(row)
        self.tell(row, column, problem, "left out")

    def forget(self, row: int) -> None:
        self.problems = [problem for problem in self.problems if problem.row != row]


def why_refused(error: IntegrityError) -> str:
    if constraint_of(error) == "reservation_overlap":
        return OVERLAP
    return lowered(refusal(error).message)


def lowered(sentence: str) -> str:
    """A sentence as the report has them: a small letter first, no full stop."""
    words = sentence.strip().rstrip(".")
    return words[:1].lower() + words[1:]
