"""What is kept of a peer parent, and whether given values fit: the same for forms, imports and
hand-made posts.

Pure. Limits are matching's codes (mums_only, not_about:twins, no_texts_after_18 …) or words, which
a person reads before an offer is sent.
"""

from datetime import date
from typing import Any, TypedDict

from app.db import Model
from app.errors import DomainError
from app.families.models import CARER_TYPES, GENDERS, SAFE, WAYS
from app.families.particulars import not_too_long, number, one_of
from app.peers.models import Peer
from app.windows import Windows

STATUSES = {"active": "Active", "paused": "On a break", "left": "Left"}
LIMITS = {
    "mums_only": "Mums only",
    "dads_only": "Dads only",
    "not_fostering": "Not about fostering",
    "no_texts_after_18": "No texts after 6pm",
}
LIMIT_LONGEST = 200  # characters of a limit in words
MOST_A_MONTH = 31


class PeerParticulars(TypedDict, total=False):
    """What may be said of a peer parent; each may be left out."""

    first_name: str
    surname: str | None
    gender: str | None
    mobile: str | None
    email: str | None
    safe_to_text: str
    safe_times: Windows | None
    postcode: str | None
    school: str | None
    carer_type: str | None
    children_now: str | None
    child_age_then: int | None
    circumstances: list[str]
    may_be_told: list[str]
    languages: list[str]
    ways_to_talk: list[str]
    limits: list[str]
    free_times: Windows | None
    monthly_limit: int | None
    near_is_fine: bool
    vig_cycles: int | None
    vig_completed_on: date | None
    trained_on: date | None
    training_until: date | None
    checks_until: date | None
    introduction: str | None
    notes: str | None
    family_id: int | None
    import_id: int | None


def fitting_peer(given: PeerParticulars, present: Peer | None = None) -> dict[str, Any]:
    """Raises DomainError for a value that no form offers; never guesses.

    A text may be safe only where there is a mobile; what may be told is only what is so. `present`
    is the row that is changed: what was not given is what it holds.
    """
    clean: dict[str, Any] = dict(given)
    if "first_name" in clean:
        clean["first_name"] = " ".join(str(clean["first_name"] or "").split())
        if not clean["first_name"]:
            raise DomainError("Enter the peer parent’s first name.", "first_name")
    model: type[Model] = Peer
    not_too_long(clean, model)
    one_of(clean, "gender", (None, *GENDERS), "Choose one of the answers shown.")
    one_of(clean, "carer_type", (None, *CARER_TYPES), "Choose one of the answers shown.")
    one_of(clean, "safe_to_text", SAFE, "Choose whether texting is safe, or “Not asked”.")
    if any(way not in WAYS for way in clean.get("ways_to_talk", ())):
        raise DomainError("Choose from the ways to talk that are shown.", "ways_to_talk")
    if any(len(limit) > LIMIT_LONGEST for limit in clean.get("limits", ())):
        raise DomainError(f"Use {LIMIT_LONGEST} characters or fewer for a limit.", "other_limits")
    limit = clean.get("monthly_limit")
    if limit is not None and not 0 <= limit <= MOST_A_MONTH:
        raise DomainError(f"Enter a number from 0 to {MOST_A_MONTH}.", "monthly_limit")
    fitting_number(clean, present)
    if "circumstances" in clean or "may_be_told" in clean:
        so = clean.get("circumstances", present.circumstances if present else [])
        told = clean.get("may_be_told", present.may_be_told if present else [])
        clean["may_be_told"] = [words for words in told if words in so]
    return clean


def fitting_number(clean: dict[str, Any], present: Peer | None) -> None:
    """Another number says nothing about texting: without a new answer it is 'not asked'."""
    if clean.get("mobile"):
        phone = number(clean["mobile"], "mobile")
        clean["mobile"] = phone.e164
    elif "mobile" in clean:
        clean["mobile"] = None
    before = present.mobile if present else None
    if present and "mobile" in clean and clean["mobile"] != before:
        clean.setdefault("safe_to_text", "not_asked")
    mobile = clean.get("mobile", before)
    if clean.get("safe_to_text", present.safe_to_text if present else "") == "yes":
        if not mobile:
            raise DomainError("Enter the mobile number that is safe to text.", "mobile")
        if number(mobile, "mobile").kind != "mobile":
            raise DomainError("This is a landline: it can be rung, not texted.", "mobile")
