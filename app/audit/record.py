"""Writing an audit entry, and reading a record's history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, insert, literal, select

from app.audit.models import AuditEntry
from app.audit.tags import TAGS
from app.db import Json, Model, UtcDateTime, db


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


def record_reads(families: Select[int], screen: str, *, by: Any, at: datetime) -> Sequence[int]:
    """Note that somebody opens the records of the families whose ids are selected, before they are
    shown; returns those ids. One statement.
    """
    ids = families.subquery()
    family_id = ids.c[0]
    columns: dict[str, Any] = {
        "at": literal(at, UtcDateTime()),
        "by": literal(actor(by), String()),
        "tag": literal("family:read", String()),
        "subject": literal("family:", String()) + cast(family_id, String),
        "family_id": family_id,
        "detail": literal({"screen": screen}, Json),
    }
    entries = insert(AuditEntry).from_select(list(columns), select(*columns.values()))
    found = db.session.scalars(entries.returning(AuditEntry.family_id)).all()
    return [number for number in found if number is not None]


def actor_words(actor: str, names: Mapping[int, str]) -> str:
    """Who did it, in words: a member of staff by name, the family, a peer parent, or the
    service.
    """
    kind, _, number = actor.partition(":")
    if kind == "staff" and number.isdigit():
        return names.get(int(number), "somebody who left")
    return {"carer": "the family", "peer": "the peer parent"}.get(kind, "the service")
