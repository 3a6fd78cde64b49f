"""What is kept of a family, a carer and a child, and whether given values fit: the same for
forms, imports and hand-made posts.

Pure. Who may change what, and what follows a change, is said in the acts.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, TypedDict

from app.db import Model
from app.errors import DomainError
from app.families.models import (
    CARER_TYPES,
    GENDERS,
    PHONE_OWNERS,
    PREFERS,
    SAFE,
    VOICEMAIL,
    WAYS,
    WHERE,
    WORDINGS,
    Carer,
    Child,
    Family,
)
from app.phones import Phone, UnclearPhone, read_phone
from app.places.travel import outcode_of
from app.windows import Windows

CHILDS_PHONE = "We never text a child’s phone. Ask for the carer’s own."


class FamilyParticulars(TypedDict, total=False):
    """What may be said of a family; each may be left out."""

    practitioner_id: int | None
    where: str
    preferred_place_id: int | None
    language: str
    other_languages: list[str]
    interpreter: str | None
    circumstances: list[str]
    may_be_told: list[str]
    ways_to_talk: list[str]
    free_times: Windows | None
    gender_wish: str | None
    not_outcodes: list[str]
    near_is_fine: bool
    school: str | None
    carers_keep_apart: bool
    closed_to_matchers: bool
    ended_on: date | None
    import_id: int | None


class ContactAnswers(TypedDict, total=False):
    """How one carer may safely be reached. What was not asked stays 'not asked'."""

    mobile: str | None
    landline: str | None
    phone_owner: str
    safe_to_text: str
    wording: str
    link_ok: bool
    safe_times: Windows | None
    voicemail: str
    email: str | None
    safe_to_email: str
    prefers: str
    wants_invitations: bool
    preferred_name: str | None
    reads_texts: bool
    contact_note: str | None
    shared_number_ok: bool
    checked_on: date | None
    checked_by: str | None


class CarerParticulars(ContactAnswers, total=False):
    first_name: str
    surname: str | None
    carer_type: str | None
    gender: str | None


class ChildParticulars(TypedDict, total=False):
    first_name: str | None
    born_on: date | None
    born_about: bool
    expected_on: date | None
    school: str | None
    left_on: date | None


def fitting_family(given: FamilyParticulars) -> dict[str, Any]:
    """Raises DomainError for a value that no form offers. May be told: only what is so."""
    clean: dict[str, Any] = dict(given)
    not_too_long(clean, Family)
    one_of(clean, "where", WHERE, "Choose where the family would like to meet.")
    one_of(clean, "gender_wish", (None, *GENDERS), "Choose one of the answers shown.")
    for way in clean.get("ways_to_talk", ()):
        if way not in WAYS:
            raise DomainError("Choose from the ways to talk that are shown.", "ways_to_talk")
    if "not_outcodes" in clean:
        clean["not_outcodes"] = [outcode(text) for text in clean["not_outcodes"]]
    if "language" in clean and not clean["language"]:
        raise DomainError("Enter the language the family speaks at home.", "language")
    return clean


def fitting_carer(given: CarerParticulars) -> dict[str, Any]:
    clean: dict[str, Any] = dict(given)
    if "first_name" in clean:
        clean["first_name"] = " ".join(str(clean["first_name"] or "").split())
        if not clean["first_name"]:
            raise DomainError("Enter the carer’s first name.", "first_name")
    not_too_long(clean, Carer)
    one_of(clean, "carer_type", (None, *CARER_TYPES), "Choose one of the answers shown.")
    one_of(clean, "gender", (None, *GENDERS), "Choose one of the answers shown.")
    return clean | fitting_contact(clean)


def fitting_contact(given: dict[str, Any]) -> dict[str, Any]:
    """Contact answers that agree with each other; raises DomainError, and never guesses.

    A text may be safe only where there is a mobile that is not a child's, an e-mail only where
    there is an address; somebody may rather be told by e-mail only where they said that it is safe.
    """
    clean = {name: given[name] for name in ContactAnswers.__annotations__ if name in given}
    not_too_long(clean, Carer)
    one_of(clean, "phone_owner", PHONE_OWNERS, "Choose whose phone it is.")
    one_of(clean, "safe_to_text", SAFE, "Choose whether texting is safe, or “Not asked”.")
    one_of(clean, "safe_to_email", SAFE, "Choose whether e-mail is safe, or “Not asked”.")
    one_of(clean, "prefers", PREFERS, "Choose how they would rather be told.")
    one_of(clean, "wording", WORDINGS, "Choose what a text may say.")
    one_of(clean, "voicemail", VOICEMAIL, "Choose what a message may say.")
    for field in ("mobile", "landline"):
        if clean.get(field):
            clean[field] = number(clean[field], field).e164
    if clean.get("mobile") and number(clean["mobile"], "mobile").kind != "mobile":
        raise DomainError("This is a landline: it can be rung, not texted.", "mobile")
    if clean.get("safe_to_text") == "yes":
        if clean.get("phone_owner") == "child":
            raise DomainError(CHILDS_PHONE, "phone_owner")
        if not clean.get("mobile"):
            raise DomainError("Enter the mobile number that is safe to text.", "mobile")
    if clean.get("safe_to_email") == "yes" and not clean.get("email"):
        raise DomainError("Enter the e-mail address that is safe to write to.", "email")
    if clean.get("prefers") == "email" and clean.get("safe_to_email") != "yes":
        raise DomainError("Ask first whether e-mail is safe, or choose “By text”.", "prefers")
    return clean


def fitting_child(given: ChildParticulars, today: date) -> dict[str, Any]:
    clean: dict[str, Any] = dict(given)
    not_too_long(clean, Child)
    if clean.get("born_on") and clean["born_on"] > today:
        raise DomainError("Enter a date of birth that has passed, or the expected date.", "born_on")
    if clean.get("born_on"):
        clean["expected_on"] = None
    return clean


def not_too_long(clean: dict[str, Any], model: type[Model]) -> None:
    """Raises DomainError for words that their column does not hold."""
    for name, value in clean.items():
        most = getattr(model.__table__.c[name].type, "length", None)
        if isinstance(value, str) and most and len(value) > most:
            raise DomainError(f"Use {most} characters or fewer.", name)


def one_of(clean: dict[str, Any], name: str, offered: Collection[Any], sentence: str) -> None:
    if name in clean and clean[name] not in offered:
        raise DomainError(sentence, name)


def number(typed: str, field: str) -> Phone:
    try:
        return read_phone(typed)
    except UnclearPhone as error:
        raise DomainError(f"{error}.", field) from None


def outcode(typed: str) -> str:
    found = outcode_of(typed)
    if found is None:
        raise DomainError("Write districts such as TR15, with commas between.", "not_outcodes")
    return found


def called(by: Any) -> str:
    """Who did something, as people read it: a name, or a job's own word."""
    return by if isinstance(by, str) else str(by.name)
