"""What becomes of each kind of booking: the team's own act beside `book()`."""

import pytest
from sqlalchemy import func, select

from app.db import db, transact
from app.families.models import Family, FamilyNote
from app.messaging.models import Outbox
from app.programmes.models import Cycle
from app.scheduling.models import Appointment, Reservation
from app.spreadsheets.imports import import_files
from app.tasks.models import Task
from tests.cast import NOW
from tests.spreadsheets.sheets import service, sheet
from tests.statements import statements

# Tuesday 8 December 2026, 11:00 at the hub, with a yes on record and a standard home: NOW is two
# weeks before.


def enter(*bookings, family=None, more=()):
    files = [*service(*bookings, family=family), *more]
    return transact(lambda: import_files(files, by="import", at=NOW))


def booked():
    return db.session.scalars(select(Appointment).order_by(Appointment.id)).all()


def codes(row):
    return [code for code, _ in row.reasons]


def left_out(outcome):
    return [
        (p.column, p.problem)
        for p in outcome.problems
        if (p.file, p.what_was_done) == ("bookings.csv", "left out")
    ]


def test_a_booking_that_breaks_nothing_is_booked_with_reminders_and_no_booking_text(app):
    enter({})

    (row,) = booked()
    texts = db.session.scalars(select(Outbox.purpose).where(Outbox.channel == "text")).all()
    assert (row.status, row.reasons, row.to_check) == ("booked", [], False)
    assert row.room_id is not None
    assert sorted(texts) == ["reminder", "reminder_early"]


def test_a_booking_that_breaks_nothing_holds_practitioner_family_and_room(app):
    enter({})

    kinds = db.session.scalars(select(Reservation.kind).order_by(Reservation.kind)).all()
    assert kinds == [1, 2, 5]


@pytest.mark.parametrize(
    ("written", "status"),
    [("Done", "done"), ("attended", "done"), ("DNA", "not_seen"), ("not brought", "not_seen"),
     ("cancelled", "cancelled")],
)  # fmt: skip
def test_a_past_row_is_done_not_seen_or_cancelled_and_holds_nothing(app, written, status):
    enter({"Date": "10/11/2026", "Status": written})

    (row,) = booked()
    assert (row.status, row.reasons, row.to_check) == (status, [], False)
    assert row.status in ("done",) or row.settled_at
    assert db.session.scalar(select(func.count()).select_from(Reservation)) == 0
    assert db.session.scalar(select(func.count()).select_from(Outbox)) == 0


@pytest.mark.one_database
@pytest.mark.parametrize("written", ["booked", "confirmed", "provisional", "", "who knows"])
def test_a_past_row_that_says_nothing_of_how_it_went_is_done_and_somebody_asks(app, written):
    outcome = enter({"Date": "10/11/2026", "Status": written})

    (row,) = booked()
    task = db.session.scalars(select(Task).where(Task.about_kind == "appointment")).one()
    assert row.status == "done"
    assert (task.kind, task.about_id) == ("to_check", row.id)
    assert "how the goals visit" in task.words
    assert any("it was taken as done" in p.problem for p in outcome.problems)


@pytest.mark.one_database
def test_a_cancelled_row_to_come_holds_nothing_and_tells_nobody(app):
    enter({"Status": "cancelled"})

    (row,) = booked()
    assert (row.status, row.reasons) == ("cancelled", [])
    assert db.session.scalar(select(func.count()).select_from(Reservation)) == 0
    assert db.session.scalar(select(func.count()).select_from(Outbox)) == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("booking", "family", "code"),
    [
        ({}, {"Stage": "thinking"}, "choice"),
        ({"Where": "home"}, {"Lone working": "dog"}, "level"),
        ({"Where": "home"}, {"Lone working": "HIGH"}, "level"),
        ({"Where": "home"}, {"Lone working": "standard",
                             "Notes": "moved house in Oct, check address"}, "level"),
        ({"Where": "home"}, {"Postcode": ""}, "place"),
        ({"Date": "25/12/2026"}, {}, "bank_holiday"),
        ({"Date": "12/12/2026"}, {}, "hours"),
        ({"Time": "7:30am"}, {}, "hours"),
        ({"Date": "8/12/2027"}, {}, "horizon"),
        ({"Time": "11:10"}, {}, "grid"),
        ({"What": "peer call", "Minutes": "30"}, {}, "peer"),
        ({"What": "peer call", "Minutes": "90"}, {}, "length"),
        ({"Minutes": "10"}, {}, "length"),
        ({"What": "shared review"}, {}, "no_cycle"),
        ({"Where": "school"}, {}, "place"),
        ({"Where": "hub"}, {}, "place"),
        ({"Where": "Penzance Leisure Centre"}, {}, "place"),
        ({"Where": ""}, {}, "place"),
        ({"Status": ""}, {}, "status"),
        ({"Status": "provisional"}, {}, "status"),
        ({"Status": "done"}, {}, "status"),
        ({"Status": "whatever"}, {}, "status"),
        ({"Minutes": "a while"}, {}, "unclear"),
        ({"Who": "Nobody Known"}, {}, "who"),
        ({}, {"Stage": "ended"}, "ended"),
    ],
)  # fmt: skip
def test_a_booking_to_come_that_breaks_a_rule_is_held_provisionally_and_tells_nobody(
    app, booking, family, code
):
    outcome = enter(booking, family=family)

    (row,) = booked()
    assert (row.status, row.to_check) == ("provisional", True)
    assert any(code == own or own.endswith(code) for own in codes(row)), codes(row)
    assert db.session.scalar(select(func.count()).select_from(Reservation)) >= 2
    assert db.session.scalar(select(func.count()).select_from(Outbox)) == 0
    assert any("provisional, to be checked" in p.problem for p in outcome.problems)


@pytest.mark.one_database
def test_a_booking_made_long_ago_may_be_tomorrow(app):
    enter({"Date": "24/11/2026", "Time": "9:30"})

    assert [row.status for row in booked()] == ["booked"]


@pytest.mark.one_database
def test_a_video_session_without_consent_is_booked_and_not_confirmed(app):
    outcome = enter({"What": "video session", "Minutes": "45", "Status": "confirmed"})

    assert [row.status for row in booked()] == ["booked"]
    assert any("booked, not confirmed: consent to film" in p.problem for p in outcome.problems)


@pytest.mark.one_database
def test_a_goals_visit_that_the_file_calls_confirmed_is(app):
    enter({"Status": "confirmed"})

    assert [row.status for row in booked()] == ["confirmed"]


def test_an_overlap_is_left_out_and_the_rows_after_it_are_in(app):
    outcome = enter({}, {"Time": "11:30"}, {"Time": "14:00"})

    assert [row.starts_at.hour for row in booked()] == [11, 14]
    assert left_out(outcome) == [
        ("Time", "Tamsin Nance is booked already 11:00–12:00, with family F1000")
    ]


@pytest.mark.one_database
def test_appointments_that_touch_do_not_overlap(app):
    enter({}, {"Time": "12:00", "Where": "teams"})

    assert len(booked()) == 2


@pytest.mark.one_database
def test_an_unknown_family_is_left_out(app):
    outcome = enter({"Ref": "F9999"}, {})

    assert left_out(outcome) == [("Ref", "no family has this reference")]
    assert len(booked()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("day", "time"), [("28/03/2027", "01:30"), ("8/12/2026", "when she can"), ("31/11/2026", "10")]
)
def test_a_time_that_cannot_be_read_or_does_not_exist_is_left_out(app, day, time):
    outcome = enter({"Date": day, "Time": time}, {})

    assert len(left_out(outcome)) == 1
    assert len(booked()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["tamsin nance", "Tamsin", "T. Nance", "Nance", " Tamsin  NANCE "])
def test_a_practitioner_is_known_by_what_people_write(app, who):
    enter({"Who": who})

    assert [row.status for row in booked()] == ["booked"]


@pytest.mark.one_database
def test_who_came_and_works_here_no_more_is_noted_on_the_family(app):
    outcome = enter({"Date": "10/11/2026", "Status": "Done", "Who": "Wenna Former"})

    notes = db.session.scalars(select(FamilyNote.words)).all()
    assert any("The file says that Wenna Former came" in words for words in notes)
    assert any(p.value == "Wenna Former" for p in outcome.problems)


@pytest.mark.one_database
def test_what_a_past_row_says_and_no_field_holds_is_noted_on_the_family(app):
    enter({
        "Date": "10/11/2026", "Status": "cancelled - he was ill", "Where": "the beach hut",
        "Minutes": "a while",
    })  # fmt: skip

    (words,) = db.session.scalars(select(FamilyNote.words)).all()
    assert [row.status for row in booked()] == ["cancelled"]
    assert all(said in words for said in ("he was ill", "the beach hut", "a while"))


@pytest.mark.one_database
def test_a_booking_under_a_reference_of_two_families_is_to_be_checked(app):
    second = {"Carer first name": "Priya", "Carer surname": "Rowe", "Mobile": "07700 900222"}
    files = [*service({}), sheet("families", {}, second)]
    files.pop(2)

    transact(lambda: import_files(files, by="import", at=NOW))

    (row,) = booked()
    assert "reference" in codes(row)
    assert sorted(db.session.scalars(select(Family.reference))) == ["F1000", "F1001"]


@pytest.mark.one_database
def test_the_same_booking_with_how_it_went_does_not_stand_twice(app):
    enter({})

    later = transact(
        lambda: import_files(
            [sheet("bookings", {"Status": "Done"})], by="import", at=NOW.replace(month=12, day=10)
        )
    )

    assert len(booked()) == 1
    assert left_out(later) == [
        ("Status", "this appointment is in the service already as booked; change it on its page")
    ]


@pytest.mark.one_database
def test_a_reason_promises_no_time_that_may_be_gone_when_it_is_read(app):
    enter({"Time": "7:30am"})

    (row,) = booked()
    assert not any(sentence.endswith("is free.") for _code, sentence in row.reasons)


@pytest.mark.one_database
def test_bookings_of_a_family_in_cycles_belong_to_its_cycles_in_the_order_of_their_days(app):
    video = {"What": "video session", "Minutes": "45", "Where": "teams"}
    enter(
        {**video, "Date": "15/12/2026"},
        {**video, "Date": "8/12/2026"},
        {"What": "SR", "Date": "10/12/2026", "Where": "teams"},
        {**video, "Date": "10/11/2026", "Status": "Done"},
        family={"Stage": "cycle 2 of 3"},
    )

    number = {cycle.id: cycle.number for cycle in db.session.scalars(select(Cycle))}
    assert [number.get(row.cycle_id) for row in booked()] == [3, 2, 2, None]
    assert codes(booked()[2]) == ["not_filmed"]


@pytest.mark.one_database
def test_more_bookings_than_cycles_belong_to_none(app):
    video = {"What": "video session", "Minutes": "45", "Where": "teams"}
    enter(
        {**video, "Date": "8/12/2026"},
        {**video, "Date": "9/12/2026"},
        family={"Stage": "cycle 3 of 3"},
    )

    assert [row.cycle_id is None for row in booked()] == [False, True]


@pytest.mark.one_database
@pytest.mark.parametrize(("rows", "most"), [(20, 22)])
def test_a_row_more_costs_the_same_whatever_the_number_of_rows(app, rows, most):
    """Statements for each booking, measured between two sizes (linear: 22 a row)."""
    made = [
        {"Date": f"{8 + n // 5}/12/2026", "Time": f"{9 + n % 5}:00", "Where": "teams",
         "Minutes": "45"}
        for n in range(3 * rows)
    ]  # fmt: skip
    enter()
    numbers = []
    for few in (made[:rows], made[rows:]):
        with statements() as seen:
            transact(lambda few=few: import_files([sheet("bookings", *few)], by="import", at=NOW))
        numbers.append(len(seen))

    assert numbers[1] - numbers[0] <= most * rows
