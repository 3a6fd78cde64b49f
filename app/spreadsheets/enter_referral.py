"""Who referred a family of the team's file, and what they said of its choice.

A row with what a referral needs becomes one that is taken up; of any other the words become a
note.
"""

from datetime import time
from typing import Any

from app import clock
from app.enquiries.receive_referral import receive_referral
from app.enquiries.settle_referral import take_up_referral
from app.families.models import Family
from app.spreadsheets.rows import FamilyRow
from app.spreadsheets.run import Sheet

NOON = time(12)
ANSWERS = {True: "yes", False: "no"}
NOT_GIVEN = "Not given"


def enter_referral(sheet: Sheet, row: FamilyRow, family: Family) -> list[str]:
    """The referral, received on the row's day and taken up with this family; returns notes.

    Told by the referrer stands in the choice log only where the file says a plain yes to it.
    """
    run = sheet.run
    if not (row.referrer_name and row.referrer_email):
        return words_of(sheet, row)
    answers: dict[str, Any] = {
        "referrer_name": row.referrer_name,
        "referrer_role": row.referrer_role or NOT_GIVEN,
        "referrer_email": row.referrer_email,
        "first_name": sheet_name(row),
        "surname": row.surname,
        "goals_discussed": answer(row.goals_discussed),
        "choice_explained": answer(row.choice_explained),
    }
    referral = receive_referral(answers, at=run.at)
    received_on = min(row.received_on or run.today, run.today)
    referral.received_at = min(clock.at_london(received_on, NOON), run.at)
    take_up_referral(referral, join=family, by=run.by, at=run.at)
    return []


def sheet_name(row: FamilyRow) -> str:
    return row.first_name or "Not known"


def answer(said: bool | None) -> str | None:
    return None if said is None else ANSWERS[said]


def words_of(sheet: Sheet, row: FamilyRow) -> list[str]:
    """What the referrer's columns say, where it is not enough for a referral."""
    columns = (
        "Referrer",
        "Referrer role",
        "Referrer email",
        "Goals discussed",
        "Family's own choice explained",
    )
    said = [(column, sheet.cell(row.row, column)) for column in columns]
    return [f"{column}: {words}" for column, words in said if words]
