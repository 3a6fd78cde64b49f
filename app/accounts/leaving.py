"""Somebody leaves the team, or comes back.

Sessions, links and feeds end at once; what they held goes to somebody else through the table
`hooks.on_leaving`, in the same transaction. Nothing they held may be left without a person.
"""

from datetime import datetime
from typing import Any

from app.access import MANAGER
from app.accounts import hooks, sessions
from app.accounts.models import Staff
from app.accounts.staff import keep_a_manager, managers_only
from app.audit.record import record
from app.db import hold
from app.errors import DomainError
from app.links.tokens import revoke_links


def held_by(staff: Staff, *, at: datetime) -> list[hooks.Held]:
    """What somebody would leave without a person: families, appointments to come, tasks."""
    return [held for count in hooks.caseload.values() if (held := count(staff, at)).number]


def leave_staff(
    staff: Staff, *, hand_to: Staff | None, by: Any, at: datetime, expect_version: int | None = None
) -> None:
    """End somebody's access and hand their caseload to `hand_to`.

    Refused for the last manager, and without `hand_to` where families, appointments or tasks would
    be left without anybody. What they did stays theirs in every record. Raises Stale.
    """
    managers_only(by)
    hold(staff, expect_version, "This person")
    if staff.left_at:
        raise DomainError("This person has left already.")
    if staff.role == MANAGER:
        keep_a_manager(staff)
    check_taker(staff, hand_to, at=at)
    staff.left_at = at
    staff.password_hash = None
    staff.version += 1
    sessions.end_sessions(staff, by=by, at=at)
    revoke_links(person=("staff", staff.id), at=at)
    for hand_over in hooks.on_leaving.values():
        hand_over(staff, hand_to, by, at)
    record("staff:left", staff, by=by, at=at, handed_to=hand_to.id if hand_to else None)


def check_taker(staff: Staff, hand_to: Staff | None, *, at: datetime) -> None:
    if hand_to is None:
        left = " and ".join(held.words for held in held_by(staff, at=at))
        if left:
            raise DomainError(f"Choose who takes over {left}.", "hand_to")
    elif hand_to.id == staff.id:
        raise DomainError("Choose somebody else to take over.", "hand_to")
    elif not hand_to.active:
        raise DomainError(f"{hand_to.name} has left too. Choose somebody else.", "hand_to")


def bring_back_staff(staff: Staff, *, by: Any, at: datetime) -> None:
    """Somebody who left works here again: without a password, and without a caseload."""
    managers_only(by)
    if staff.active:
        raise DomainError("This person has not left.")
    staff.left_at = None
    staff.version += 1
    record("staff:returned", staff, by=by, at=at)
