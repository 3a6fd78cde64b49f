"""`flask import DIR`: the team's five files from a directory, with a report of what was done."""

import sys
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from app import clock
from app.db import db, transact
from app.errors import DomainError
from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import MOST_BYTES
from app.spreadsheets.imports import KIND_WORDS, Outcome, import_files

BY = "import"


def accepted_columns() -> str:
    """The help's list of files and columns, as they are recognised."""
    lines = [
        "Reads the CSV files in DIR that have the columns of one of these five, whatever their "
        "names, and tells in a report what could not be understood. The same files imported again "
        "change nothing. The status is 1 where a whole file was refused.",
    ]
    for kind, columns in COLUMNS.items():
        lines.append(f"\b\n{kind}.csv\n" + "\n".join(f"  {name}: {what}" for name, what in columns))
    return "\n\n".join(lines)


@click.command("import", help=accepted_columns())
@click.argument(
    "directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Show the same report and write nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report there; without it, it is printed.",
)
def import_command(directory: Path, dry_run: bool, report: Path | None) -> None:
    outcome = run(directory, dry_run=dry_run)
    for line in summary(outcome, dry_run=dry_run):
        click.echo(line)
    tell_report(outcome, report)
    if outcome.refused:
        sys.exit(1)


def run(directory: Path, *, dry_run: bool) -> Outcome:
    """Import the directory's files; raises ClickException with a sentence where nothing can be."""
    try:
        files = [(path.name, read(path)) for path in sorted(directory.iterdir()) if is_csv(path)]
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    if not files:
        raise click.ClickException(f"There are no CSV files in {directory}.")

    def act() -> Outcome:
        return import_files(files, by=BY, at=clock.now(), dry_run=dry_run)

    try:
        return transact(act)
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused
    except DBAPIError as error:
        db.session.rollback()
        raise click.ClickException(
            "The database refused. Nothing was imported. Run “flask check”, and try again."
        ) from error


def is_csv(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() == ".csv" and not path.name.startswith(".")


def read(path: Path) -> bytes:
    """A file's bytes, no more than would be refused for its size anyway."""
    with path.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def summary(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """What became of the rows, a line for each kind of file."""
    done = "would be imported" if dry_run else "imported"
    lines = [
        f"{KIND_WORDS[kind]}: {count.imported} {done}, {count.already_in} in already, "
        f"{count.left_out} left out"
        for kind, count in outcome.counts.items()
    ]
    lines += [f"{name} is none of the five files, so it was not read." for name in outcome.skipped]
    lines += [
        f"{problem.file}: {problem.problem}"
        for problem in outcome.problems
        if problem.file in outcome.refused
    ]
    if dry_run:
        lines.append("This was a dry run: nothing was written.")
    elif outcome.import_id:
        lines.append(f"This is import {outcome.import_id}; a manager can take it back.")
    return lines


def tell_report(outcome: Outcome, report: Path | None) -> None:
    number = len(outcome.problems)
    if report is None:
        click.echo(f"The report has {number} lines (--report FILE writes it to a file):")
        click.echo(outcome.report, nl=False)
        return
    try:
        report.write_bytes(outcome.report.encode("utf-8-sig"))
    except OSError as error:
        raise click.ClickException(
            f"The report could not be written to {report}: {error.strerror}. "
            "It is kept with the import."
        ) from error
    click.echo(f"The report has {number} lines and is in {report}.")
