"""How far a family of the team's file is: its choice, its programme, its ending.

A yes is recorded only where the stage itself says that there was one, chosen or in cycles, and the
file does not say that the choice was never explained. That a family's time has ended says nothing
of what they chose. The day of the import is the day, because the file has none; the words say so.
"""

from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta

from app.accounts.models import Staff
from app.audit.record import record
from app.db import db
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.change_family import change_family
from app.families.models import Family
from app.programmes.models import Programme
from app.programmes.queries import open_programme
from app.programmes.start import start_programme
from app.spreadsheets.rows import FamilyRow
from app.spreadsheets.run import Run, Sheet, lowered

STEPS = {
    "waiting_to_talk": "wants_to_talk",
    "thinking": "thinking",
    "chosen": "yes",
    "cycles": "yes",
    "not_now": "not_now",
    "no": "no",
    "withdrew": "no",
}
ASK_AGAIN = relativedelta(months=3)  # where "not now" has no date, somebody still asks again
DAY_NOT_SAID = "the day is that of the import"


@dataclass
class Stage:
    """What the stage left to be noted and to be asked."""

    notes: list[str] = field(default_factory=list)
    to_ask: list[str] = field(default_factory=list)


def enter_stage(sheet: Sheet, row: FamilyRow, family: Family, practitioner: Staff | None) -> Stage:
    """Record the step of the choice that the stage says, start the programme, end the family."""
    told = Stage()
    stage, run = row.stage, sheet.run
    if stage is None:
        return told
    if stage.code == "ended":
        change_family(family, ended_on=run.today, by=run.by, at=run.at)
    if stage.code not in STEPS:
        return told
    if STEPS[stage.code] == "yes" and row.choice_explained is False:
        problem = "this says yes, but the choice was not explained; no yes is recorded"
        told.notes.append(sheet.without(row.row, "Stage", problem))
        told.to_ask.append(
            "The file says yes, and that the choice was not explained: explain it, ask again, and "
            "record what they decide."
        )
        return told
    enter_choice(sheet, row, family)
    if stage.code == "cycles":
        start(sheet, row, family, practitioner, told)
    return told


def enter_choice(sheet: Sheet, row: FamilyRow, family: Family) -> None:
    run, stage = sheet.run, row.stage
    assert stage is not None, "asked for by its caller"
    ask_again_on = None
    if stage.code == "not_now":
        ask_again_on = stage.ask_again_on
        if ask_again_on is None or ask_again_on <= run.today:
            ask_again_on = run.today + ASK_AGAIN
            sheet.tell(
                row.row,
                "Stage",
                f"it is not said until when; {ask_again_on:%d/%m/%Y} is to be asked",
            )
    record_choice(
        family,
        STEPS[stage.code],
        on=run.today,
        how="spreadsheet",
        words=f"Stage in the spreadsheet: {sheet.cell(row.row, 'Stage')}; {DAY_NOT_SAID}",
        ask_again_on=ask_again_on,
        by=run.by,
        at=run.at,
    )


def start(
    sheet: Sheet, row: FamilyRow, family: Family, practitioner: Staff | None, told: Stage
) -> None:
    """The programme that runs, with the cycles before the present one counted as reviewed.

    Where it cannot be started (nobody to run it, too few cycles) somebody has to.
    """
    run, stage = sheet.run, row.stage
    assert stage is not None, "asked for by its caller"
    planned = max(stage.planned or run.rules.cycles_least, stage.cycle or 1)
    problem = "" if practitioner else "nobody is named to run the programme"
    if practitioner:
        try:
            with db.session.begin_nested():
                start_programme(
                    family,
                    practitioner.id,
                    planned,
                    on=run.today,
                    reason=None,
                    by=run.by,
                    at=run.at,
                )
        except DomainError as error:
            problem = lowered(error.message)
    if problem:
        told.notes.append(sheet.without(row.row, "Stage", f"{problem}; start it on its page"))
        told.to_ask.append("The family is in cycles: start its programme.")
        return
    if stage.planned is None:
        sheet.tell(row.row, "Stage", f"it is not said how many cycles; {planned} are planned")
    programme = open_programme(family.id)
    assert programme is not None, "started above"
    count_earlier(programme, (stage.cycle or 1) - 1, run)


def count_earlier(programme: Programme, reviewed: int, run: Run) -> None:
    """The cycles that were over before the import count as reviewed, on its day."""
    for cycle in programme.cycles[:reviewed]:
        cycle.reviewed_on = run.today
        cycle.review_words = f"Reviewed before the import; {DAY_NOT_SAID}."
        cycle.version += 1
        record("cycle:reviewed", cycle, by=run.by, at=run.at, family_id=programme.family_id)
