"""Importing the team's files: places, practitioners, families, peer parents, bookings, in this
order and in one transaction.

What was made is kept by the digest of its row, so that the same files imported again change
nothing. A dry run is the same, undone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.staff import managers_only
from app.audit.record import actor, record
from app.db import db, lock
from app.families.models import Family
from app.spreadsheets.enter_bookings import bookings_of
from app.spreadsheets.enter_families import Families
from app.spreadsheets.enter_peers import peers_with
from app.spreadsheets.enter_team import enter_place, enter_practitioner
from app.spreadsheets.files import NotOurs, Table, WrongFile, read_file
from app.spreadsheets.lookups import Numbers, Places, Team
from app.spreadsheets.models import Import
from app.spreadsheets.read_bookings import read_bookings
from app.spreadsheets.read_families import read_families
from app.spreadsheets.read_peers import read_peers
from app.spreadsheets.read_team import read_places, read_practitioners
from app.spreadsheets.report import Problem, report_csv
from app.spreadsheets.rows import FamilyRow
from app.spreadsheets.run import Count, Run

ORDER = ("places", "practitioners", "families", "peer_parents", "bookings")
KIND_WORDS = {
    "places": "places",
    "practitioners": "practitioners",
    "families": "families",
    "peer_parents": "peer parents",
    "bookings": "bookings",
}
IMPORT_LOCK = (1020, 0)  # one import at a time: two of the same files make everything once


@dataclass(frozen=True)
class Outcome:
    """What an import did, or a dry run would do.

    `refused` are files that were refused whole (their lines stand in `problems` too), `skipped`
    those that are none of the five. `import_id` is None where nothing was made, and in a dry run.
    """

    problems: tuple[Problem, ...]
    counts: dict[str, Count]
    refused: tuple[str, ...]
    skipped: tuple[str, ...]
    import_id: int | None

    @property
    def imported(self) -> int:
        return sum(count.imported for count in self.counts.values())

    @property
    def left_out(self) -> int:
        return sum(count.left_out for count in self.counts.values())

    @property
    def report(self) -> str:
        return report_csv(self.problems)


def import_files(
    files: Sequence[tuple[str, bytes]], *, by: Any, at: datetime, dry_run: bool = False
) -> Outcome:
    """Enter every row of the files that can be; the others are in the report, with why not.

    A file with wrong columns is refused whole, and the others are entered all the same. A manager
    or a job may. `dry_run`: everything is entered and undone, so that the report is the real one.
    """
    managers_only(by)
    if not dry_run:
        return enter_files(files, by=by, at=at)
    whole = db.session.begin_nested()
    try:
        outcome = enter_files(files, by=by, at=at)
    finally:
        whole.rollback()
    return Outcome(outcome.problems, outcome.counts, outcome.refused, outcome.skipped, None)


def enter_files(files: Sequence[tuple[str, bytes]], *, by: Any, at: datetime) -> Outcome:
    lock([IMPORT_LOCK])
    tables, refused, skipped = read_tables(files)
    made = Import(at=at, by=actor(by), files=[table.name for table in tables], counts={}, report="")
    db.session.add(made)
    db.session.flush()
    run = Run(by, at, made.id)
    run.problems += refused
    enter_tables(run, tables)
    outcome = Outcome(
        tuple(run.problems),
        run.counts,
        tuple(problem.file for problem in refused),
        tuple(skipped),
        made.id,
    )
    if outcome.imported:
        made.counts = {kind: vars(count) for kind, count in run.counts.items()}
        made.report = outcome.report
        record("import:made", made, by=by, at=at, files=made.files)
        return outcome
    db.session.delete(made)
    db.session.flush()
    return Outcome(outcome.problems, outcome.counts, outcome.refused, outcome.skipped, None)


def read_tables(
    files: Iterable[tuple[str, bytes]],
) -> tuple[list[Table], list[Problem], list[str]]:
    """The files that are among the five, a line for each that is refused, names of the others."""
    tables: list[Table] = []
    refused: list[Problem] = []
    skipped: list[str] = []
    for name, content in sorted(files):
        try:
            tables.append(read_file(name, content))
        except NotOurs as error:
            if name.lower().removesuffix(".csv") in ORDER:
                refused.append(refusal_of(name, error))
            else:
                skipped.append(name)
        except WrongFile as error:
            refused.append(refusal_of(name, error))
    return tables, refused, skipped


def refusal_of(name: str, error: WrongFile) -> Problem:
    columns = ", ".join(error.columns)
    return Problem(name, 1, columns, "", f"the whole file is refused: {error}", "left out")


def enter_tables(run: Run, tables: Sequence[Table]) -> None:
    """Each kind in its order: what comes later names what came before."""
    of = {kind: [table for table in tables if table.kind == kind] for kind in ORDER}
    peers = [(table, *read_peers(table, run.today)) for table in of["peer_parents"]]
    team = [(table, *read_practitioners(table)) for table in of["practitioners"]]
    numbers = Numbers(
        [row.phone.e164 for _, rows, _ in peers for row in rows if row.phone],
        [row.phone.e164 for _, rows, _ in team for row in rows if row.phone],
    )
    for table in of["places"]:
        run.enter_rows(table, *read_places(table), enter_place)
    for table, people, problems in team:
        run.enter_rows(table, people, problems, enter_practitioner)
    unsure = enter_families(run, of["families"], numbers)
    for table, parents, problems in peers:
        run.enter_rows(table, parents, problems, peers_with(numbers))
    for table in of["bookings"]:
        bookings, problems = read_bookings(table, run.today, run.rules)
        act = bookings_of(bookings, Team(), Places(), unsure, run.at)
        run.enter_rows(table, bookings, problems, act.enter)


def enter_families(run: Run, tables: Sequence[Table], numbers: Numbers) -> set[str]:
    """Families whose reference is free first, so that nobody is given a number that comes later.

    Returns the references under which a booking could be one of two families'.
    """
    act = Families(Team(), Places(), numbers)
    for table in tables:
        rows, problems = read_families(table, run.today)
        act.unsure_references.update(row.written_reference for row in rows if row.reference_shared)
        run.enter_rows(table, free_first(rows), problems, act.enter)
    return act.unsure_references


def free_first(rows: Sequence[FamilyRow]) -> list[FamilyRow]:
    wanted = [row.reference for row in rows if row.reference]
    taken = set(db.session.scalars(select(Family.reference).where(Family.reference.in_(wanted))))
    return sorted(rows, key=lambda row: row.reference is None or row.reference in taken)
