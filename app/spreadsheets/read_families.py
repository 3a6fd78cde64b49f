"""The rows of the families' file: what a careful clerk makes of each, and of rows that clash.

Whether the practitioner and the place exist, and which number is free, is asked of the database
by the act that imports.
"""

import re
from datetime import date

from app.spreadsheets.ages import read_children
from app.spreadsheets.circumstances import read_circumstances
from app.spreadsheets.clashes import one_reference_each, shared_numbers
from app.spreadsheets.contact import read_contact
from app.spreadsheets.days import read_date
from app.spreadsheets.files import Table
from app.spreadsheets.reading import LeftOut, Reader, by_row, rows_of, without_repeats
from app.spreadsheets.report import Problem
from app.spreadsheets.rows import FamilyRow
from app.spreadsheets.safety import Risk, read_risk
from app.spreadsheets.values import (
    is_nothing,
    key,
    plain,
    read_email,
    read_name,
    read_postcode,
    read_reference,
    read_yes_no,
)
from app.spreadsheets.words import (
    read_carer_type,
    read_interpreter,
    read_languages,
    read_stage,
    read_ways,
    read_where,
)

KNOWN_BY = ("Ref", "Carer first name", "Carer surname", "Mobile")
CHOICE = "Family's own choice explained"


def read_families(table: Table, today: date) -> tuple[list[FamilyRow], list[Problem]]:
    """Every family of the file in its order, and every problem in the order of the rows.

    A row that repeats a family is left out. Two families with one reference: the first keeps it. A
    number that two families have is kept by both and makes texting *not asked* for both.
    """
    readers, problems = without_repeats(table, KNOWN_BY, _same_family)
    rows, met = rows_of(readers, lambda reader: _family(reader, today))
    rows, clashes = one_reference_each(rows, table)
    rows, shared = shared_numbers(rows, table)
    return rows, by_row([*problems, *met, *clashes, *shared])


def _same_family(reader: Reader) -> str:
    """One reference and one name are one family, whatever else differs."""
    reference = key(reader.text("Ref"))
    name = key(reader.text("Carer first name") + reader.text("Carer surname"))
    return f"{reference} {name}" if reference and name else ""


def _family(reader: Reader, today: date) -> FamilyRow:
    if not any(reader.text(column) for column in (*KNOWN_BY, "Children")):
        reader.left_out("Ref", "there is nothing here to know a family by")
        raise LeftOut
    reference = reader.read("Ref", read_reference)
    if not reader.text("Ref"):
        reader.remark("Ref", "there is no reference; the next free one is given")
    received_on = _received(reader, today)
    contact = read_contact(reader)
    children = read_children(reader.text("Children"), received_on or today)
    if children.unread and not children.children:
        reader.without("Children", "no child could be read out of this")
    for piece in children.unread if children.children else ():
        reader.without("Children", "this part is neither a child nor an age", piece)
    languages = reader.listed("Language", read_languages, "this is not a language")
    needs, interpreter_language = _interpreter(reader, languages)
    return FamilyRow(
        row=reader.line.number,
        digest=reader.digest,
        reference=reference,
        written_reference=reader.text("Ref"),
        received_on=received_on,
        referrer_name=reader.read("Referrer", read_name),
        referrer_role=_capital(reader.text("Referrer role")),
        referrer_email=reader.read("Referrer email", read_email),
        first_name=_first_name(reader),
        surname=reader.read("Carer surname", read_name),
        carer_type=reader.read("Relationship", read_carer_type),
        phone=contact.phone,
        phone_owner=contact.phone_owner,
        safe_to_text=contact.safe_to_text,
        safe_times=contact.safe_times,
        postcode=reader.read("Postcode", read_postcode),
        children=children.children,
        ages_as_at=received_on or today,
        languages=languages,
        needs_interpreter=needs,
        interpreter_language=interpreter_language,
        circumstances=reader.listed("Circumstances", read_circumstances, "this is not known"),
        goals_discussed=reader.read("Goals discussed", read_yes_no),
        choice_explained=reader.read(CHOICE, read_yes_no),
        where=reader.read("Where", read_where),
        risk=_risk(reader),
        ways_to_talk=reader.listed("Ways to talk", read_ways, "this is no way to talk"),
        stage=reader.read("Stage", lambda text: read_stage(text, near=today)),
        practitioner=reader.read("Practitioner", read_name),
        gender_wish=_gender_wish(reader),
    )


def _capital(text: str) -> str | None:
    words = " ".join(plain(text).split())[:80]
    return words[:1].upper() + words[1:] or None


def _received(reader: Reader, today: date) -> date | None:
    received_on = reader.read("Received", lambda text: read_date(text, near=today))
    if received_on:
        reader.tell_of_day("Received", received_on)
    if received_on and received_on > today:
        reader.remark("Received", "this date is still to come")
    return received_on


def _first_name(reader: Reader) -> str | None:
    first_name = reader.read("Carer first name", read_name)
    if first_name and re.search(r"&|/|\+|\band\b", first_name):
        reader.remark("Carer first name", "this may be two people; they are one carer until told")
    if is_nothing(reader.line.cells["Carer first name"]):
        reader.remark("Carer first name", "there is no first name; one has to be asked for")
    return first_name


def _interpreter(reader: Reader, languages: tuple[str, ...]) -> tuple[bool | None, str | None]:
    needed, language = reader.read("Interpreter", read_interpreter) or (None, None)
    others = [each for each in languages if each != "English"]
    if needed and not language and len(others) == 1:
        language = others[0]
    if needed and not language:
        reader.remark("Interpreter", "it is not said for which language; one has to be asked for")
        reader.note("Interpreter", "for which language is not said")
    return needed, language


def _risk(reader: Reader) -> Risk:
    risk = read_risk(reader.text("Lone working"))
    moved = re.search(r"\bmoved\b|\bcheck address\b|\bnew address\b", reader.text("Notes"), re.I)
    if risk.level == "not_assessed" and risk.words:
        reader.without(
            "Lone working", "this is no clear risk level; the home stands as not assessed"
        )
    if moved:
        reader.remark("Notes", "the address may have changed; somebody has to check it")
        if risk.level == "standard":
            reader.without("Lone working", "the family may have moved; the home is not assessed")
            return Risk("not_assessed", risk.words)
    return risk


_WISH = re.compile(
    r"\b(?:prefers?|wants?|would like|asked for|wishes for)\b(?: to (?:talk|speak) (?:to|with))?"
    r"(?: an?(?:other)?)? (woman|female|mum|man|male|dad)\b|\b(woman|female|man|male)s? only\b",
    re.IGNORECASE,
)


def _gender_wish(reader: Reader) -> str | None:
    """A wish for a woman or a man in the notes; a peer parent in them is for a person to see."""
    notes = reader.text("Notes")
    if re.search(r"\bpeer parent\b", notes, re.I):
        reader.remark("Notes", "somebody has to say which peer parent this is, to keep them apart")
    if not (match := _WISH.search(notes)) or re.search(r"\b(?:not|no|never|nor)\b", notes, re.I):
        return None
    return "woman" if (match[1] or match[2]).lower() in ("woman", "female", "mum") else "man"
