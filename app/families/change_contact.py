"""How one carer may safely be reached: what they said, when, and to whom."""

from datetime import datetime
from typing import Any, Unpack

from app import clock
from app.audit.record import record
from app.db import hold
from app.errors import DomainError
from app.families import hooks
from app.families.models import Carer
from app.families.particulars import CHILDS_PHONE, ContactAnswers, called, fitting_contact
from app.links.tokens import revoke_links


def change_contact(
    carer: Carer,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
    **given: Unpack[ContactAnswers],
) -> list[str]:
    """Store what the carer said; returns the names of what changed. Raises Stale and
    DomainError.

    A child's phone is refused. An answer about texting is dated, with who asked. Any change ends
    the carer's links, because somebody else may hold the phone by now. Another number has to be
    confirmed again where another family has it too, and a number that was safe says nothing about
    a new one: where the mobile changes without a new answer, it is 'not asked'; so with an address.
    """
    hold(carer, expect_version, "This carer")
    if carer.left_on:
        raise DomainError(f"{carer.first_name} has left the family.")
    if given.get("phone_owner") == "child":
        raise DomainError(CHILDS_PHONE, "phone_owner")
    answers = clean_answers(carer, given)
    changed = sorted(name for name, value in answers.items() if getattr(carer, name) != value)
    for name in changed:
        setattr(carer, name, answers[name])
    if answers["safe_to_text"] == "not_asked":
        carer.checked_on = carer.checked_by = None
    elif "safe_to_text" in given:
        carer.checked_on = given.get("checked_on") or clock.london(at).date()
        carer.checked_by = given.get("checked_by") or called(by)
        changed = changed or ["checked_on"]
    if not changed:
        return []
    carer.version += 1
    if changed != ["checked_on"]:
        revoke_links(person=("carer", carer.id), at=at)
    record(
        "carer:contact_changed", carer, by=by, at=at, family_id=carer.family_id,
        fields=changed,
    )  # fmt: skip
    for follow in hooks.on_contact.values():
        follow(carer, changed, by, at)
    return changed


def clean_answers(carer: Carer, given: ContactAnswers) -> dict[str, Any]:
    """The new answers with those that stay, checked against each other; dates of checking left
    out.
    """
    names = [n for n in ContactAnswers.__annotations__ if n not in ("checked_on", "checked_by")]
    whole = {name: given.get(name, getattr(carer, name)) for name in names}
    if "mobile" in given:
        whole["mobile"] = fitting_contact({"mobile": given["mobile"]})["mobile"] or None
        if whole["mobile"] != carer.mobile:
            whole["shared_number_ok"] = given.get("shared_number_ok", False)
            if "safe_to_text" not in given:
                whole["safe_to_text"] = "not_asked"
    if "email" in given and given["email"] != carer.email and "safe_to_email" not in given:
        whole["safe_to_email"] = "not_asked"
        if not given["email"] or "prefers" not in given:
            whole["prefers"] = "text"
    return fitting_contact(whole)
