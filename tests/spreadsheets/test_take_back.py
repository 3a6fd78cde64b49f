"""An import can be taken back, whole, until something that it made has been touched."""

import pytest
from sqlalchemy import func, select

from app.audit.record import record
from app.db import Model, db, transact
from app.errors import DomainError
from app.families.change_family import add_note, change_family
from app.families.models import Family
from app.messaging.models import Outbox
from app.scheduling.models import Appointment
from app.spreadsheets.imports import import_files
from app.spreadsheets.models import Import
from app.spreadsheets.take_back import take_back, what_was_touched
from tests.cast import NOW, Cast
from tests.spreadsheets.sheets import service, sheet

STAYS = {"audit", "import", "alembic_version"}
PAST = {"Date": "10/11/2026", "Status": "Done"}
DOUBTFUL = {"Date": "9/12/2026", "Status": "provisional"}


def rows() -> dict[str, int]:
    tables = [table for name, table in Model.metadata.tables.items() if name not in STAYS]
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables
    }


def enter(*files: tuple[str, bytes]) -> Import:
    every = [
        *service({}, PAST, DOUBTFUL, family={"Stage": "cycle 2 of 3"}),
        sheet("peer_parents", {}),
    ]
    outcome = transact(lambda: import_files(files or every, by="import", at=NOW))
    assert outcome.imported == (1 if files else 7)
    return db.session.get_one(Import, outcome.import_id)


def test_nothing_that_the_import_made_is_left_and_it_can_be_imported_again(app):
    before = rows()
    made = enter()

    transact(lambda: take_back(made, by="import", at=NOW))

    assert rows() == before
    assert made.taken_back_at == NOW
    enter()


def test_what_was_there_before_stays(app, cast: Cast):
    before = rows()
    made = enter(sheet("families", {"Ref": "F2000", "Stage": "cycles"}))

    transact(lambda: take_back(made, by="import", at=NOW))

    assert rows() == before


def change(family: Family, _appointment: Appointment) -> None:
    change_family(family, school="Truro Primary", by="import", at=NOW)


def note(family: Family, _appointment: Appointment) -> None:
    add_note(family, "rang", by="import", at=NOW)


def touch_appointment(_family: Family, appointment: Appointment) -> None:
    record("appointment:settled", appointment, by="import", at=NOW, family_id=appointment.family_id)


def text_gone(_family: Family, appointment: Appointment) -> None:
    text = db.session.scalars(select(Outbox).where(Outbox.about_id == appointment.id)).first()
    text.state = "delivered"


@pytest.mark.one_database
@pytest.mark.parametrize("touch", [change, note, touch_appointment, text_gone])
def test_once_something_was_touched_it_stands_and_says_what(app, touch):
    made = enter()
    family = db.session.scalars(select(Family)).one()
    booked = db.session.scalars(select(Appointment).where(Appointment.status == "booked")).one()
    transact(lambda: touch(family, booked))
    before = rows()

    with pytest.raises(DomainError, match="cannot be taken back any more"):
        transact(lambda: take_back(made, by="import", at=NOW))

    assert rows() == before
    assert what_was_touched(made)


@pytest.mark.one_database
def test_looking_is_no_touch(app):
    made = enter()
    family = db.session.scalars(select(Family)).one()
    transact(
        lambda: record(
            "family:read", family, by="import", at=NOW, family_id=family.id, screen="family"
        )
    )

    assert what_was_touched(made) == []


@pytest.mark.one_database
def test_an_import_is_taken_back_once_and_by_managers_only(app, cast: Cast):
    made = enter(sheet("families", {"Ref": "F2000"}))

    with pytest.raises(DomainError):
        transact(lambda: take_back(made, by=cast.jago, at=NOW))
    transact(lambda: take_back(made, by=cast.morwenna, at=NOW))
    with pytest.raises(DomainError, match="already"):
        transact(lambda: take_back(made, by=cast.morwenna, at=NOW))
