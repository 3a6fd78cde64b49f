"""Families of the team's file, entered through the acts of families, enquiries and risk.

Nothing about safety is guessed: texting is safe only where the row says a clear yes and nobody
else has the number; a home has a level only where the row says a clear one.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.families.add_family import add_family
from app.families.change_family import add_note
from app.families.models import Carer, Family
from app.families.names import folded
from app.families.particulars import CarerParticulars, ChildParticulars, FamilyParticulars
from app.places.models import Place
from app.risk.assess import record_assessment
from app.risk.models import LEVELS
from app.spreadsheets.ages import Child
from app.spreadsheets.enter_referral import enter_referral
from app.spreadsheets.enter_stage import enter_stage
from app.spreadsheets.lookups import Numbers, Places, Team
from app.spreadsheets.rows import FamilyRow
from app.spreadsheets.run import NotEntered, Sheet
from app.tasks.open import open_task
from app.working_days import evening_after

NAME_NOT_KNOWN = "Not known"
LANGUAGE_TO_ASK = "language to be asked"
WHERE_TO_ASK = "Where they want to meet could not be read: ask, before the home is taken for it."
TO_CHECK_DAYS = 5  # working days in which somebody looks at what the file left open
THE_SHEET = "the team’s spreadsheet"


@dataclass
class FamilyEntry:
    """One row on its way in: what has to be noted on the family, and what somebody has to ask."""

    sheet: Sheet
    row: FamilyRow
    practitioner: Staff | None = None
    notes: list[str] = field(default_factory=list)
    to_ask: list[str] = field(default_factory=list)

    def without(self, column: str, problem: str) -> None:
        self.notes.append(self.sheet.without(self.row.row, column, problem))


@dataclass(frozen=True)
class Families:
    """The act that enters a row, with what it looks up. A booking under one of the
    `unsure_references` could be another family's.
    """

    team: Team
    places: Places
    numbers: Numbers
    unsure_references: set[str] = field(default_factory=set)

    def enter(self, sheet: Sheet, row: FamilyRow) -> Family:
        """A family with its carer, children, home, referral, choice and, in cycles, programme."""
        reference = free_reference(row)
        entry = FamilyEntry(sheet, row, notes=list(row.notes))
        if row.reference and reference is None:
            entry.without("Ref", "another family in the service has this reference")
            self.unsure_references.add(row.reference)
        entry.practitioner = self._practitioner(entry)
        run = sheet.run
        family = add_family(
            carer=self._carer(entry),
            children=[child_of(child, row.ages_as_at) for child in row.children],
            postcode=row.postcode,
            reference=reference,
            came_on=min(row.received_on or run.today, run.today),
            how="import",
            by=run.by,
            at=run.at,
            **self._wishes(entry),
        )
        if reference is None:
            sheet.tell(row.row, "Ref", f"its reference is {family.reference}")
        enter_risk(entry, family)
        entry.notes += enter_referral(sheet, row, family)
        stage = enter_stage(sheet, row, family, entry.practitioner)
        entry.notes += stage.notes
        entry.to_ask += [*questions(row), *stage.to_ask]
        keep_words(entry, family)
        return family

    def _practitioner(self, entry: FamilyEntry) -> Staff | None:
        written = entry.row.practitioner
        person = self.team.called(written) if written else None
        if written and person is None:
            entry.without("Practitioner", "nobody of this name works here")
        elif person and not person.takes_visits:
            entry.without("Practitioner", "they make no visits, so they cannot be given a family")
            return None
        return person

    def _carer(self, entry: FamilyEntry) -> CarerParticulars:
        row, phone = entry.row, entry.row.phone
        safe = row.safe_to_text
        if phone and (others := self.numbers.also_of(phone.e164)):
            problem = f"{others} has this number too"
            if safe == "yes":
                safe = "not_asked"
                problem += "; nobody is texted until somebody has confirmed whose it is"
                entry.notes.append("Safe to text: yes (before it was seen who else has the number)")
            entry.sheet.tell(row.row, "Mobile", problem)
            entry.notes.append(f"Mobile: {problem}")
        mobile = phone.e164 if phone and phone.kind == "mobile" else None
        carer: CarerParticulars = {
            "first_name": row.first_name or NAME_NOT_KNOWN,
            "surname": row.surname,
            "carer_type": row.carer_type.code if row.carer_type else None,
            "gender": row.carer_type.gender if row.carer_type else None,
            "mobile": mobile,
            "landline": phone.e164 if phone and mobile is None else None,
            "phone_owner": row.phone_owner,
            "safe_to_text": safe,
            "safe_times": row.safe_times,
        }
        if safe != "not_asked":
            asked_on = min(row.received_on or entry.sheet.run.today, entry.sheet.run.today)
            carer |= {"checked_on": asked_on, "checked_by": THE_SHEET}
        return carer

    def _wishes(self, entry: FamilyEntry) -> FamilyParticulars:
        row = entry.row
        where, preferred = self._where(entry)
        wishes: FamilyParticulars = {
            "practitioner_id": entry.practitioner.id if entry.practitioner else None,
            "where": where,
            "preferred_place_id": preferred.id if preferred else None,
            "interpreter": interpreter_of(row),
            "circumstances": list(row.circumstances),
            "ways_to_talk": list(row.ways_to_talk),
            "gender_wish": row.gender_wish,
            "import_id": entry.sheet.run.import_id,
        }
        if row.languages:
            wishes |= {"language": row.languages[0], "other_languages": list(row.languages[1:])}
        return wishes

    def _where(self, entry: FamilyEntry) -> tuple[str, Place | None]:
        where = entry.row.where
        if where is None:
            return "not_asked", None
        if where.code in ("home", "not_home", "venue", "school"):
            return where.code, None
        if where.code == "named" and where.name:
            place = self.places.called(where.name)
            if place:
                return ("school" if place.kind == "school" else "venue"), place
            entry.without("Where", "there is no place of this name")
        else:
            entry.without("Where", "this is no place to meet at")
        entry.to_ask.append(WHERE_TO_ASK)
        return "not_asked", None


def free_reference(row: FamilyRow) -> str | None:
    """The row's reference, or None where another family in the service has it.

    One reference and one name are one family, which is not entered twice: raises NotEntered.
    """
    if row.reference is None:
        return None
    family = db.session.scalars(select(Family).where(Family.reference == row.reference)).first()
    if family is None:
        return row.reference
    names = db.session.scalars(select(Carer.search_name).where(Carer.family_id == family.id)).all()
    if folded(f"{row.first_name or NAME_NOT_KNOWN} {row.surname or ''}") in names:
        raise NotEntered(
            "Ref", "this family is in the service already; change what differs on its page"
        )
    return None


def child_of(child: Child, as_at: date) -> ChildParticulars:
    """A date of birth as written, or worked out from an age on the day it was written down."""
    born_on, about = child.born_on, child.about
    if born_on is None and child.months is not None:
        born_on, about = as_at - relativedelta(months=child.months), True
    return {
        "first_name": child.first_name,
        "born_on": born_on,
        "born_about": about,
        "expected_on": child.expected_on if born_on is None else None,
    }


def interpreter_of(row: FamilyRow) -> str | None:
    if not row.needs_interpreter:
        return None
    return row.interpreter_language or LANGUAGE_TO_ASK


def enter_risk(entry: FamilyEntry, family: Family) -> None:
    """The home's level where the row says a clear one, as found on the day the row came.

    Raised and high wait for a manager's yes; until then nobody visits the home alone.
    """
    row, run = entry.row, entry.sheet.run
    if row.risk.level == "not_assessed":
        return
    home = db.session.get(Place, family.home_id) if family.home_id else None
    if home is None:
        entry.without("Lone working", "there is no address that the level could stand for")
        return
    words = entry.sheet.cell(row.row, "Lone working") or LEVELS[row.risk.level]
    looked_on = min(row.received_on or run.today, run.today)
    looked_on = max(looked_on, run.today - timedelta(days=365))
    controls = f"In {THE_SHEET}: {words}"[:300]
    record_assessment(home, (), row.risk.level, controls, looked_on, by=run.by, at=run.at)
    if row.risk.level in ("raised", "high"):
        entry.sheet.tell(row.row, "Lone working", "a manager has to agree to this level")


def questions(row: FamilyRow) -> list[str]:
    """What somebody has to ask or check, in sentences for the work list."""
    notes = " ".join(row.notes).casefold()
    asked = []
    if row.first_name is None:
        asked.append("The first name is not known: ask for it.")
    unread = {note.partition(":")[0] for note in row.notes}
    if not row.languages and "Language" in unread:
        asked.append("The language could not be read: ask which it is.")
    if row.where is None and "Where" in unread:
        asked.append(WHERE_TO_ASK)
    if interpreter_of(row) == LANGUAGE_TO_ASK:
        asked.append("An interpreter is needed: ask for which language.")
    if "moved" in notes or "check address" in notes or "new address" in notes:
        asked.append("The notes say that the family moved: check the address, and assess the home.")
    if "peer parent" in notes:
        asked.append("The notes name a peer parent: say which, to keep them apart.")
    return asked


def keep_words(entry: FamilyEntry, family: Family) -> None:
    """What no field holds stays readable on the family's page; what is open, on the work list."""
    run = entry.sheet.run
    if entry.notes:
        words = "\n".join([f"From {THE_SHEET}:", *entry.notes])
        add_note(family, words, by=run.by, at=run.at)
    if entry.to_ask:
        open_task(
            "to_check",
            " ".join(dict.fromkeys(entry.to_ask)),
            about=("family", family.id),
            due_at=evening_after(run.today, TO_CHECK_DAYS),
            at=run.at,
            family_id=family.id,
            owner_id=family.practitioner_id,
        )
