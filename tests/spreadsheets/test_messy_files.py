"""Another team's files, in `messy/`: Windows-1252 with semicolons, UTF-16 with tabs, a title above
the headings, other orders and capitals, other ways to write everything. And files of any cells.
"""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.db import db, transact
from app.families.models import Carer, Family
from app.messaging.models import Outbox
from app.peers.models import Peer
from app.scheduling.models import Appointment
from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.imports import import_files
from app.spreadsheets.models import Import
from app.wiring import create_app
from tests import databases
from tests.cast import NOW
from tests.spreadsheets.sheets import USUAL, sheet
from tests.spreadsheets.test_any_spreadsheet import CELL

FILES = [
    (path.name, path.read_bytes())
    for path in sorted((Path(__file__).parent / "messy").glob("*.csv"))
]


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def done(request):
    app = create_app(
        databases.environ(databases.make(request.param)),
        instance=databases.folder() / "instance",
    )
    with app.app_context():
        yield transact(lambda: import_files(FILES, by="import", at=NOW))
        db.session.remove()
        db.engine.dispose()


def carer(reference):
    carers = select(Carer).join(Family, Family.id == Carer.family_id)
    return db.session.scalars(carers.where(Family.reference == reference)).one()


def told(done, file, row):
    return {
        p.column.title(): p.what_was_done for p in done.problems if (p.file, p.row) == (file, row)
    }


def test_every_row_that_a_clerk_would_accept_is_in(done):
    counts = {kind: (count.imported, count.left_out) for kind, count in done.counts.items()}

    assert counts == {
        "places": (4, 2), "practitioners": (3, 2), "families": (71, 2), "peer_parents": (15, 0),
        "bookings": (28, 10),
    }  # fmt: skip
    assert (done.refused, done.skipped) == ((), ())


@pytest.mark.parametrize("reference", ["F2002", "F2003", "F2004", "F2005", "F2006", "F2070"])
def test_a_number_in_any_of_the_usual_ways_is_read(done, reference):
    number = 300 + int(reference[-2:])

    assert carer(reference).mobile == f"+447700900{number}"


@pytest.mark.parametrize("reference", ["F2007", "F2010", "F2011", "F2053", "F2067"])
def test_a_number_that_is_two_or_short_or_a_formula_is_none_and_never_texted(done, reference):
    assert carer(reference).mobile is None
    assert carer(reference).safe_to_text == "not_asked"


@pytest.mark.parametrize(
    ("reference", "safe"),
    [
        ("F2001", "yes"), ("F2002", "not_asked"), ("F2003", "not_asked"), ("F2004", "not_asked"),
        ("F2005", "no"), ("F2006", "not_asked"), ("F2009", "not_asked"), ("F2014", "yes"),
        ("F2017", "not_asked"), ("F2045", "not_asked"), ("F2046", "not_asked"),
        ("F2047", "not_asked"), ("F2048", "not_asked"), ("F2050", "not_asked"),
        ("F2051", "not_asked"), ("F2052", "not_asked"), ("F2070", "not_asked"),
    ],
)  # fmt: skip
def test_only_a_clear_yes_is_one(done, reference, safe):
    assert carer(reference).safe_to_text == safe


@pytest.mark.parametrize(
    ("row", "start"),
    [
        (2, datetime(2027, 3, 2, 14, 30)), (3, datetime(2027, 3, 3, 14, 15)),
        (4, datetime(2027, 3, 4, 14, 15)), (5, datetime(2027, 3, 8, 14, 30)),
        (6, datetime(2026, 3, 10, 12, 0)), (7, datetime(2027, 4, 3, 8, 0)),
        (8, datetime(2027, 3, 5, 14, 15)), (10, datetime(2027, 3, 10, 10, 30)),
        (11, datetime(2027, 3, 11, 10, 0)),
    ],
)  # fmt: skip
def test_a_day_and_a_time_in_any_of_the_usual_ways_are_read(done, row, start):
    when = Appointment.starts_at == start.replace(tzinfo=UTC)

    assert db.session.scalar(select(func.count()).select_from(Appointment).where(when)) == 1


@pytest.mark.parametrize("row", [13, 16, 17, 18, 20, 21, 22, 23, 24, 39])
def test_a_booking_that_cannot_be_placed_is_left_out_with_one_line(done, row):
    assert list(told(done, "bookings.csv", row).values()) == ["left out"]


@pytest.mark.parametrize(
    ("first_name", "times"),
    [
        ("Ari", "Tue 09:00–12:00, Thu 09:00–12:00"),
        ("Bo", "Mon and Tue 09:00–20:00, Thu to Sun 09:00–20:00"),
        ("Cai", "Mon to Fri 15:30–18:00"),
        ("Di", "Sat and Sun 09:00–12:00"),
        ("Mac", "Tue 17:00–20:00, Thu 17:00–20:00"),
        ("Nan", "Tue 12:00–17:00, Thu 12:00–17:00"),
        ("Obi", None),
    ],
)
def test_free_times_are_read_and_never_wider_than_written(done, first_name, times):
    free = db.session.scalars(select(Peer.free_times).where(Peer.first_name == first_name)).one()

    assert (free.words() if free else None) == times


def test_nobody_is_texted_by_an_import(done):
    purposes = set(db.session.scalars(select(Outbox.purpose)))

    assert purposes <= {"reminder", "reminder_early"}


def test_the_same_files_again_change_nothing(done):
    again = transact(lambda: import_files(FILES, by="import", at=NOW.replace(day=30)))

    assert (again.imported, again.import_id) == (0, None)
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1


@pytest.mark.parametrize("done", ["sqlite"], indirect=True)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_cells_are_entered_or_left_out_with_a_reason(done, data):
    columns = {kind: [name for name, _ in names] for kind, names in COLUMNS.items()}
    files = [
        sheet(kind, {c: data.draw(CELL | st.just(USUAL[kind].get(c, ""))) for c in columns[kind]})
        for kind in columns
    ]

    outcome = import_files(files, by="import", at=NOW, dry_run=True)

    assert list(csv.reader(io.StringIO(outcome.report, newline="")))
    for count in outcome.counts.values():
        assert count.imported + count.already_in + count.left_out <= 1
