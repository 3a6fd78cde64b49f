"""What a referrer may tell us, as it is kept with the referral. Pure: no table, no clock.

Only known answers are kept, each in its own shape. Nothing is guessed: an answer about texting
that is not a clear yes or no is 'not asked'.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.errors import DomainError
from app.families.models import CARER_TYPES, PHONE_OWNERS, WHERE, WORDINGS
from app.families.particulars import (
    CHILDS_PHONE,
    CarerParticulars,
    ChildParticulars,
    FamilyParticulars,
    fitting_contact,
)
from app.places.postcodes import tidy_postcode
from app.windows import Windows

YES_NO = {"yes": "Yes", "no": "No"}
YES_NO_YET = {"yes": "Yes", "no": "No", "not_yet": "Not yet"}
ASKED_OF_REFERRER = ("choice_explained", "goals_discussed", "willing", "wants_to_talk")
MOST_CHILDREN = 6

ONE_OF: Mapping[str, Mapping[str, str]] = {
    "still_involved": YES_NO,
    "carer_type": CARER_TYPES,
    "second_carer_type": CARER_TYPES,
    "phone_owner": PHONE_OWNERS,
    "wording": WORDINGS,
    "where": WHERE,
    **dict.fromkeys(ASKED_OF_REFERRER, YES_NO_YET),
}
# Answers in words, each with its most characters.
WORDS: Mapping[str, int] = {
    **dict.fromkeys(("first_name", "surname", "second_first_name", "second_surname"), 80),
    **dict.fromkeys(("language", "interpreter"), 40),
    "address": 300,
    **dict.fromkeys(("contact_note", "goals_words", "safety_words", "other_words"), 2000),
}
ABOUT_THE_REFERRER: Mapping[str, int] = {
    "referrer_name": 120,
    "referrer_role": 80,
    "referrer_team": 120,
    "referrer_email": 255,
    "referrer_phone": 20,
}


def fitting_answers(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are stored (JSON); raises DomainError beside the field that must differ.

    Needed are the referrer's name, role and one way to reach them, and the carer's first name.
    """
    needed(given)
    kept: dict[str, Any] = {}
    for name in WORDS:
        if words := str(given.get(name) or "").strip():
            kept[name] = words
    for name, offered in ONE_OF.items():
        if given.get(name) in offered:
            kept[name] = given[name]
    kept["postcode"] = tidy_postcode(given.get("postcode"))
    safe = given.get("safe_to_text")
    kept["safe_to_text"] = safe if safe in ("yes", "no") else "not_asked"
    kept |= fitting_contact(
        {
            "mobile": given.get("mobile") or None,
            "landline": given.get("landline") or None,
            "phone_owner": kept.get("phone_owner", "not_asked"),
            "safe_to_text": kept["safe_to_text"],
        }
    )
    if kept["phone_owner"] == "child":
        raise DomainError(CHILDS_PHONE, "phone_owner")
    times = given.get("safe_times")
    kept["safe_times"] = times.to_json() if isinstance(times, Windows) else None
    kept["children"] = [
        child
        for each in list(given.get("children") or ())[:MOST_CHILDREN]
        if (child := kept_child(each))
    ]
    return kept


def needed(given: Mapping[str, Any]) -> None:
    for name, sentence in (
        ("referrer_name", "Enter your name."),
        ("referrer_role", "Enter your role, such as health visitor."),
        ("first_name", "Enter the carer’s first name."),
    ):
        if not str(given.get(name) or "").strip():
            raise DomainError(sentence, name)
    for name, most in {**WORDS, **ABOUT_THE_REFERRER}.items():
        if len(str(given.get(name) or "").strip()) > most:
            raise DomainError(f"Use {most} characters or fewer.", name)
    if not (given.get("referrer_email") or given.get("referrer_phone")):
        raise DomainError("Enter your e-mail address or your phone number.", "referrer_email")


def kept_child(given: Mapping[str, Any]) -> dict[str, str] | None:
    """A child's name, school and day (of birth, or expected) as JSON; None without any."""
    most = {"first_name": 80, "school": 120}
    child = {name: str(given[name]).strip()[: most[name]] for name in most if given.get(name)}
    if isinstance(given.get("day"), date):
        child["day"] = given["day"].isoformat()
    return child or None


def carer_of(answers: Mapping[str, Any], *, asked_by: str, asked_on: date) -> CarerParticulars:
    """The first carer as the answers have them; who asked about texting was the referrer."""
    times = answers.get("safe_times")
    carer: CarerParticulars = {
        "first_name": answers["first_name"],
        "surname": answers.get("surname"),
        "carer_type": answers.get("carer_type"),
        "mobile": answers.get("mobile"),
        "landline": answers.get("landline"),
        "phone_owner": answers.get("phone_owner", "not_asked"),
        "safe_to_text": answers.get("safe_to_text", "not_asked"),
        "wording": answers.get("wording", "strict"),
        "safe_times": Windows.from_json(times) if times else None,
        "contact_note": answers.get("contact_note"),
    }
    if carer["safe_to_text"] != "not_asked":
        carer |= {"checked_on": asked_on, "checked_by": f"{asked_by} (referrer)"[:120]}
    return carer


def other_carers_of(answers: Mapping[str, Any]) -> list[CarerParticulars]:
    """The second carer by name alone: nothing about reaching the first is copied to them."""
    if not answers.get("second_first_name"):
        return []
    return [
        {
            "first_name": answers["second_first_name"],
            "surname": answers.get("second_surname"),
            "carer_type": answers.get("second_carer_type"),
        }
    ]


def children_of(answers: Mapping[str, Any], today: date) -> list[ChildParticulars]:
    """Children with a day that has passed are born then; one that lies ahead is expected."""
    children: list[ChildParticulars] = []
    for each in answers.get("children", ()):
        day = date.fromisoformat(each["day"]) if "day" in each else None
        born = day is not None and day <= today
        children.append(
            {
                "first_name": each.get("first_name"),
                "school": each.get("school"),
                "born_on": day if born else None,
                "expected_on": None if born else day,
            }
        )
    return children


def wishes_of(answers: Mapping[str, Any], practitioner_id: int | None) -> FamilyParticulars:
    return {
        "practitioner_id": practitioner_id,
        "where": answers.get("where", "not_asked"),
        "language": answers.get("language") or "English",
        "interpreter": answers.get("interpreter"),
    }
