"""Writing an audit entry, and reading a record's history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.tags import TAGS
from app.db import Model, db


def actor(by: Any) -> str:
    """Who acts, as the audit stores it: 'staff:3', 'carer:7', 'peer:2' or a job's name."""
    if isinstance(by, str):
        return by
    return f"{by.__tablename__}:{by.id}"  # not type(by): current_user is a proxy


def record(
    tag: str, subject: Model, *, by: Any, at: datetime, family_id: int | None = None, **detail: Any
) -> None:
    """Write under the change it records, in the same transaction.

    `by` is a row that acts (staff, carer, peer) or the name of a job. Raises KeyError or ValueError
    for a tag that is not declared or other keys than it declares.
    """
    keys = TAGS[tag]
    if set(detail) != keys:
        raise ValueError(f"{tag} takes {sorted(keys)}, not {sorted(detail)}")
    db.session.flush()
    subject_id = getattr(subject, "id", None) or getattr(subject, "name", "")
    db.session.add(
        AuditEntry(
            at=at,
            by=actor(by),
            tag=tag,
            subject=f"{subject.__tablename__}:{subject_id}",
            family_id=family_id,
            detail=detail,
        )
    )


def history(subject: Model, *, most: int = 100) -> Sequence[AuditEntry]:
    """What happened to a record, newest first."""
    return db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"{subject.__tablename__}:{subject.id}")  # type: ignore[attr-defined,arg-type]
        .order_by(AuditEntry.id.desc())
        .limit(most)
    ).all()


def record_read(family_id: int, screen: str, *, by: Any, at: datetime) -> None:
    """Note that somebody opened a family's record, before it is shown. One statement."""
    db.session.add(
        AuditEntry(
            at=at, by=actor(by), tag="family:read", subject=f"family:{family_id}",
            family_id=family_id, detail={"screen": screen},
        )
    )  # fmt: skip
