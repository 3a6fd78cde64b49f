"""The team's own files, imported once on each database: what is in, what is told."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.db import db, transact
from app.enquiries.models import Choice
from app.families.models import Carer, Family
from app.messaging.models import Outbox
from app.peers.models import Peer
from app.places.models import Place
from app.risk.models import Assessment
from app.scheduling.models import Appointment, Reservation
from app.spreadsheets.imports import import_files
from app.spreadsheets.models import Import
from app.wiring import create_app
from tests import databases
from tests.cast import NOW

SAMPLES = Path(__file__).parent / "samples"
FILES = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*.csv"))]


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


def number(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def told(done, file, row):
    return [
        (p.column, p.value, p.what_was_done)
        for p in done.problems
        if (p.file, p.row) == (file, row)
    ]


def test_every_row_that_a_clerk_would_accept_is_in(done):
    assert number(Place, Place.kind != "home") == 12
    assert number(Staff) == 9
    assert number(Family) == 60
    assert number(Peer) == 26
    assert number(Appointment) >= 0.95 * 162


def test_only_overlaps_unknown_families_repeats_totals_and_times_that_do_not_exist_are_left_out(
    done,
):
    left_out = [p for p in done.problems if p.what_was_done == "left out"]
    why = {
        "this repeats row 4", "this is a row of totals", "no family has this reference",
        "there is no 01:30 on 28 March 2027: the clocks go forward",
    }  # fmt: skip

    assert len(left_out) == 12
    assert all(p.problem in why or "is booked already" in p.problem for p in left_out)


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "what_was_done"),
    [
        ("families.csv", 62, "Ref", "F1002", "left out"),
        ("families.csv", 64, "Children", "TOTAL", "left out"),
        ("families.csv", 13, "Ref", "F1010", "imported without this"),
        ("families.csv", 6, "Mobile", "7700900446", "imported"),
        ("families.csv", 11, "Mobile", "7700900446", "imported"),
        ("families.csv", 8, "Mobile", "01726 123456", "imported"),
        ("families.csv", 10, "Mobile", "0770090012", "imported without this"),
        ("families.csv", 15, "Received", "13/13/2026", "imported without this"),
        ("families.csv", 19, "Relationship", "friend", "imported without this"),
        ("families.csv", 22, "Carer first name", '=HYPERLINK("x")', "imported without this"),
        ("peer_parents.csv", 4, "Mobile", "(07700) 900396", "imported"),
        ("peer_parents.csv", 5, "Mobile", "(07700) 900396", "imported"),
        ("peer_parents.csv", 7, "VIG completed", "31/02/2025", "imported without this"),
        ("peer_parents.csv", 9, "Max a month", "lots", "imported without this"),
        ("bookings.csv", 162, "Ref", "F9999", "left out"),
        ("bookings.csv", 163, "Time", "01:30", "left out"),
        ("bookings.csv", 166, "Time", "10:30", "left out"),
    ],
)
def test_every_planted_fault_is_in_the_report(done, file, row, column, value, what_was_done):
    assert (column, value, what_was_done) in told(done, file, row)


def test_the_booking_on_a_bank_holiday_is_provisional_and_told(done):
    line = next(p for p in done.problems if (p.file, p.row) == ("bookings.csv", 164))
    christmas = db.session.scalars(
        select(Appointment)
        .join(Family, Family.id == Appointment.family_id)
        .where(Family.reference == "F1001", Appointment.kind == "video_session")
        .order_by(Appointment.starts_at.desc())
    ).first()

    assert "Friday 25 December is a bank holiday" in line.problem
    assert (christmas.status, christmas.to_check) == ("provisional", True)
    assert "bank_holiday" in [code for code, _ in christmas.reasons]


def test_what_is_over_holds_nothing(done):
    held = select(Reservation.appointment_id)
    over = Appointment.status.in_(("done", "not_seen", "cancelled"))

    assert number(Appointment, over) > 80
    assert number(Appointment, over, Appointment.id.in_(held)) == 0
    assert number(Appointment, ~over, Appointment.id.not_in(held)) == 0


def test_every_provisional_booking_has_reasons_and_is_to_be_checked(done):
    provisional = db.session.scalars(
        select(Appointment).where(Appointment.status == "provisional")
    ).all()

    assert len(provisional) > 50
    assert all(row.reasons and row.to_check for row in provisional)


def test_only_bookings_that_break_nothing_have_texts_to_come_and_those_are_reminders(done):
    told_about = select(Outbox.about_id).where(Outbox.about_kind == "appointment")
    texts = select(Outbox.purpose).where(Outbox.channel == "text")

    assert number(Appointment, Appointment.id.in_(told_about), Appointment.to_check) == 0
    assert set(db.session.scalars(texts)) <= {"reminder", "reminder_early"}
    assert number(Outbox, Outbox.state != "ready") == 0


def test_texting_is_safe_only_for_those_whose_row_says_a_clear_yes(done):
    assert number(Carer, Carer.safe_to_text == "yes") == 28
    assert number(Carer, Carer.safe_to_text == "yes", Carer.mobile.is_(None)) == 0
    assert number(Peer, Peer.safe_to_text == "yes") == 0


def test_a_home_has_a_level_only_where_the_row_says_a_clear_one_and_none_is_in_force_unagreed(
    done,
):
    levels = db.session.execute(select(Assessment.level, Assessment.approved_at).distinct()).all()

    assert levels == [("high", None)]
    assert number(Assessment) == 18


def test_a_yes_is_on_record_only_for_stages_that_say_so(done):
    assert set(db.session.scalars(select(Choice.words).where(Choice.step == "yes"))) == {
        f"Stage in the spreadsheet: {stage}; the day is that of the import"
        for stage in ("chosen", "cycles", "cycle 2 of 3")
    }


def test_the_second_family_with_a_reference_gets_one_that_no_row_has(done):
    again = next(p for p in done.problems if (p.row, p.problem) == (13, "its reference is F1060"))

    assert again.file == "families.csv"
    assert number(Family, Family.reference == "F1060") == 1


def test_a_file_that_is_none_of_the_five_is_no_error(done):
    assert (done.refused, done.skipped) == ((), ("outcodes.csv",))


def test_the_report_is_kept_with_the_import(done):
    made = db.session.get(Import, done.import_id)

    assert made.report == done.report
    assert made.counts["families"] == {"imported": 60, "already_in": 0, "left_out": 2}


def test_the_same_files_again_change_nothing(done):
    before = everything()

    again = transact(lambda: import_files(FILES, by="import", at=NOW))

    assert everything() == before
    assert (again.imported, again.import_id) == (0, None)
    assert [count.already_in for count in again.counts.values()] == [12, 9, 60, 26, 155]


def everything():
    """Every row of every table."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in db.metadata.sorted_tables
    }
