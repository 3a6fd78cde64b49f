"""Adding and changing members of staff. Who may: managers, and jobs (the CLI, an import).

How somebody leaves is `leaving.py`; how they get a password is `invite.py`.
"""

import re
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from app.access import MANAGER, ROLES
from app.accounts.models import LEVELS, Staff
from app.audit.record import record
from app.db import db, hold, lock
from app.errors import DomainError
from app.links.tokens import revoke_links
from app.windows import Windows

MANAGERS_LOCK = (1003, 0)  # held while it is counted whether a manager remains
GENDERS = {"woman": "Woman", "man": "Man", "other": "Other"}
# An outward code alone will do: travel is measured between districts.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})?")


class Particulars(TypedDict, total=False):
    """What is kept of a member of staff; each may be left out."""

    name: str
    email: str
    role: str
    mobile: str | None
    vig_level: str | None
    gender: str | None
    base_postcode: str | None
    languages: list[str]
    hours: Windows | None
    takes_visits: bool
    wants_invitations: bool
    demo: bool
    import_id: int | None


OWN = {"mobile", "wants_invitations", "languages"}


def add_staff(*, by: Any, at: datetime, **particulars: Unpack[Particulars]) -> Staff:
    """A new member of the team, who cannot sign in until they have set a password.

    Needs name, email and role. Who takes visits is a fact of its own, whatever the role.
    """
    managers_only(by)
    clean = fitting({"name": "", "email": "", "role": "", **particulars})
    staff = Staff(created_at=at, **{"languages": ["English"], **clean})
    refuse_double(staff)
    db.session.add(staff)
    record("staff:added", staff, by=by, at=at, role=staff.role)
    return staff


def change_staff(
    staff: Staff,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None,
    **particulars: Unpack[Particulars],
) -> list[str]:
    """Change what is kept of somebody; returns the names of what changed.

    A manager changes everything, anybody their own phone, languages and wish for invitations. The
    last manager stays one. A new e-mail address ends the links sent to the old one. Raises Stale.
    """
    if not (set(particulars) <= OWN and getattr(by, "id", None) == staff.id):
        managers_only(by)
    hold(staff, expect_version, "This person")
    if staff.left_at:
        raise DomainError(f"{staff.name} has left. Bring them back first.")
    clean = fitting(dict(particulars))
    changed = [name for name, value in clean.items() if getattr(staff, name) != value]
    if not changed:
        return []
    if "role" in changed and staff.role == MANAGER:
        keep_a_manager(staff)
    for name in changed:
        setattr(staff, name, clean[name])
    refuse_double(staff)
    if "email" in changed:
        revoke_links(purpose="account", subject_id=staff.id, at=at)
    staff.version += 1
    record("staff:changed", staff, by=by, at=at, fields=sorted(changed))
    return changed


def set_hours(
    staff: Staff, hours: Windows | None, *, by: Any, at: datetime, expect_version: int | None
) -> None:
    """The working week; None means not known. Raises Stale."""
    change_staff(staff, by=by, at=at, expect_version=expect_version, hours=hours)


def managers_only(by: Any) -> None:
    """Jobs and managers may; refuses everybody else, whichever page they came by."""
    if not isinstance(by, str) and getattr(by, "role", None) != MANAGER:
        raise DomainError("Only a manager can do this.")


def keep_a_manager(staff: Staff) -> None:
    """Refuse what would leave the service without an active manager."""
    lock([MANAGERS_LOCK])
    others = select(Staff.id).where(
        Staff.role == MANAGER, Staff.left_at.is_(None), Staff.id != staff.id
    )
    if db.session.scalar(others.limit(1)) is None:
        raise DomainError(
            f"{staff.name} is the last manager. Make somebody else a manager first.", "role"
        )


def refuse_double(staff: Staff) -> None:
    """One e-mail address and one mobile for each person: replies and sign-ins are known by them."""
    with db.session.no_autoflush:
        others = db.session.scalars(select(Staff).where(Staff.id != (staff.id or 0))).all()
    for other in others:
        if other.email == staff.email:
            left = "" if other.active else " They have left: bring them back instead."
            raise DomainError(f"{other.name} has this e-mail address.{left}", "email")
        if staff.mobile and other.mobile == staff.mobile and other.active:
            raise DomainError(
                f"{other.name} has this number. Texts from a shared phone cannot be told apart.",
                "mobile",
            )


def fitting(particulars: dict[str, Any]) -> dict[str, Any]:
    """Particulars as they are stored; raises DomainError beside the field that does not fit."""
    clean = dict(particulars)
    if "name" in clean:
        clean["name"] = " ".join(str(clean["name"]).split())
        if not clean["name"]:
            raise DomainError("Enter the full name.", "name")
    if "email" in clean:
        clean["email"] = str(clean["email"]).strip().lower()
        if "@" not in clean["email"]:
            raise DomainError("Enter an e-mail address, like name@example.org.", "email")
    one_of(clean, "role", ROLES, "Choose a role.")
    one_of(clean, "vig_level", (None, *LEVELS), "Choose a VIG level from the list.")
    one_of(clean, "gender", (None, *GENDERS), "Choose one of the answers shown.")
    if clean.get("mobile") and not re.fullmatch(r"\+447\d{9}", clean["mobile"]):
        raise DomainError("Enter a mobile number, such as 07700 900 142.", "mobile")
    if clean.get("base_postcode"):
        clean["base_postcode"] = postcode(clean["base_postcode"])
    return clean


def one_of(clean: dict[str, Any], name: str, offered: tuple[Any, ...], sentence: str) -> None:
    if name not in clean:
        return
    clean[name] = clean[name] or None
    if clean[name] not in offered:
        raise DomainError(sentence, name)


def postcode(text: str) -> str:
    """'tr15 2pg' as 'TR15 2PG'; 'tr15' alone is its district."""
    match = POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    if not match:
        raise DomainError("Enter a postcode, such as TR1 3AY.", "base_postcode")
    return f"{match[1]} {match[2]}" if match[2] else match[1]
