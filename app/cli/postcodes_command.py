"""`flask import-postcodes FILE`: Code-Point Open, as it is delivered or one area of it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click

from app import clock
from app.places.code_point import Located, NotCodePoint, read_lines
from app.places.load_postcodes import load_postcodes

BY = "import-postcodes"


@click.command("import-postcodes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_postcodes(file: Path) -> None:
    """Read where postcodes lie from FILE, a CSV file of Code-Point Open or its whole ZIP.

    Journeys are then estimated between full postcodes. The same file again changes nothing; a newer
    one replaces each postcode area that it holds. The service may go on running.
    """
    try:
        rows = zipped(file) if zipfile.is_zipfile(file) else plain(file)
        number = load_postcodes(rows, by=BY, at=clock.now())
    except (NotCodePoint, OSError, zipfile.BadZipFile) as problem:
        words = str(problem).rstrip(".")
        raise click.ClickException(
            f"{words}. What came before it is kept; run it again with a whole file."
        ) from problem
    click.echo(f"{number:,} postcodes are known by where they lie.")


def plain(file: Path) -> Iterator[Located]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from read_lines(lines)


def zipped(file: Path) -> Iterator[Located]:
    """The CSV files in the folder Data of the ZIP, one area after the other."""
    with zipfile.ZipFile(file) as parcel:
        names = [
            name
            for name in sorted(parcel.namelist())
            if name.lower().startswith("data/") and name.lower().endswith(".csv")
        ]
        if not names:
            raise NotCodePoint("There is no CSV file in the folder Data of this ZIP.")
        for name in names:
            with parcel.open(name) as member:
                yield from read_lines(io.TextIOWrapper(member, "utf-8-sig", newline=""))
