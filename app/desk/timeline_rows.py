"""The small rows of a family's page: what was recorded, texts, replies, calls, notes, numbers that
are blocked, and the names of staff. One UNION ALL, each part with its newest rows only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import Json, UtcDateTime, db
from app.families.models import Family, FamilyNote
from app.messaging.models import Call, NumberBlock, Outbox, Reply

MOST = 60
COLUMNS: dict[str, Any] = {
    "id": Integer(),
    "at": UtcDateTime(),
    "by": Text(),
    "what": Text(),  # an audit tag, a text's purpose, a call's outcome, a block's kind
    "state": Text(),
    "words": Text(),
    "more": Text(),
    "subject": Text(),
    "detail": Json,
}


@dataclass(frozen=True)
class Rows:
    """Each part newest first; `blocks` by number, `names` of staff by their number."""

    recorded: Sequence[Any]
    texts: Sequence[Any]
    replies: Sequence[Any]
    calls: Sequence[Any]
    notes: Sequence[Any]
    blocks: Mapping[str, str]
    names: Mapping[int, str]


def part(name: str, **given: Any) -> Select[Any]:
    """Rows of one part; the columns that it does not have are NULL of their type."""
    shown = [given.get(key, cast(null(), kind)).label(key) for key, kind in COLUMNS.items()]
    return select(literal(name, String()).label("part"), *shown)


def newest(rows: Select[Any], key: Any, most: int = MOST) -> Select[Any]:
    """The last rows of a part: a subquery, since a part of a UNION has no limit of its own."""
    last = rows.order_by(key.desc()).limit(most).subquery()
    return select(last)


def rows_of(family_id: int, carers: Mapping[int, str | None], tags: Sequence[str]) -> Rows:
    """Everything small about a family whose carers (id and mobile) are these, in one statement; of
    the audit only these tags.
    """
    ids, numbers = list(carers), [number for number in carers.values() if number]
    parts = [
        newest(recorded(family_id, tags), AuditEntry.id, 2 * MOST),
        newest(texts().where(Outbox.recipient_id.in_(ids)), Outbox.id),
        newest(replies().where(Reply.person_id.in_(ids)), Reply.id),
        newest(calls().where(Call.person_id.in_(ids)), Call.id),
        part(
            "note", id=FamilyNote.id, at=FamilyNote.at, by=FamilyNote.by, words=FamilyNote.words
        ).where(FamilyNote.family_id == family_id),
        part("block", id=NumberBlock.id, what=NumberBlock.kind, words=NumberBlock.number).where(
            NumberBlock.number.in_(numbers), NumberBlock.lifted_at.is_(None)
        ),
        part("name", id=Staff.id, words=Staff.name),
    ]
    found: dict[str, list[Any]] = {}
    for row in db.session.execute(union_all(*parts)):
        found.setdefault(row.part, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.id, reverse=True)
    return Rows(
        recorded=found.get("recorded", ()),
        texts=found.get("text", ()),
        replies=found.get("reply", ()),
        calls=found.get("call", ()),
        notes=found.get("note", ()),
        blocks={row.words: row.what for row in reversed(found.get("block", []))},
        names={row.id: row.words for row in found.get("name", ())},
    )


def recorded(family_id: int, tags: Sequence[str]) -> Select[Any]:
    """What was recorded about a family, and about a record that was joined with it."""
    records = select(Family.id).where(
        or_(Family.id == family_id, Family.merged_into_id == family_id)
    )
    return part(
        "recorded", id=AuditEntry.id, at=AuditEntry.at, by=AuditEntry.by, what=AuditEntry.tag,
        subject=AuditEntry.subject, detail=AuditEntry.detail,
    ).where(AuditEntry.family_id.in_(records), AuditEntry.tag.in_(tags))  # fmt: skip


def texts() -> Select[Any]:
    """Texts and e-mails that have been tried, at the time they went or were given up."""
    then = case((Outbox.state == "not_sent", Outbox.final_at), else_=Outbox.sent_at)
    return part(
        "text", id=Outbox.id, at=func.coalesce(then, Outbox.due_at), by=Outbox.channel,
        what=Outbox.purpose, state=Outbox.state, words=Outbox.body, more=Outbox.reason,
    ).where(Outbox.recipient_kind == "carer", Outbox.state != "ready")  # fmt: skip


def replies() -> Select[Any]:
    return part(
        "reply", id=Reply.id, at=Reply.received_at, words=Reply.body, more=Reply.outcome
    ).where(Reply.person_kind == "carer")


def calls() -> Select[Any]:
    return part(
        "call", id=Call.id, at=Call.at, by=Call.by, what=Call.outcome, words=Call.words
    ).where(Call.person_kind == "carer")
