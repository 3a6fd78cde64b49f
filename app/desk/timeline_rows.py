"""The small rows of a family's page: what was recorded, texts, replies, calls, notes, numbers that
are blocked, and the names of staff. One UNION ALL, each part with its newest rows only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    Text,
    bindparam,
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
from app.db import Json, UtcDateTime, plain_rows
from app.families.models import Family, FamilyNote
from app.messaging.models import Call, NumberBlock, Outbox, Reply
from app.messaging.states import NOT_SENT, WAITING

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


# Whose rows are read: the family, its carers and their numbers; and which audit tags.
FAMILY = bindparam("family", type_=Integer())
CARERS = bindparam("carers", type_=Integer(), expanding=True)
NUMBERS = bindparam("numbers", type_=String(), expanding=True)
TAGS = bindparam("tags", type_=String(), expanding=True)


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
    given: dict[str, Any] = {
        FAMILY.key: family_id,
        CARERS.key: list(carers),
        NUMBERS.key: [number for number in carers.values() if number],
        TAGS.key: list(tags),
    }
    found: dict[str, list[Any]] = {}
    for row in plain_rows(reading(), **given):
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


@cache
def reading() -> CompoundSelect[Any]:
    """The statement of all parts, built once: whose rows are asked for comes in."""
    return union_all(
        newest(recorded(), AuditEntry.id, 2 * MOST),
        newest(texts().where(Outbox.recipient_id.in_(CARERS)), Outbox.id),
        newest(replies().where(Reply.person_id.in_(CARERS)), Reply.id),
        newest(calls().where(Call.person_id.in_(CARERS)), Call.id),
        part(
            "note", id=FamilyNote.id, at=FamilyNote.at, by=FamilyNote.by, words=FamilyNote.words
        ).where(FamilyNote.family_id == FAMILY),
        part("block", id=NumberBlock.id, what=NumberBlock.kind, words=NumberBlock.number).where(
            NumberBlock.number.in_(NUMBERS), NumberBlock.lifted_at.is_(None)
        ),
        part("name", id=Staff.id, words=Staff.name),
    )


def recorded() -> Select[Any]:
    """What was recorded about a family, and about a record that was joined with it."""
    records = select(Family.id).where(or_(Family.id == FAMILY, Family.merged_into_id == FAMILY))
    return part(
        "recorded", id=AuditEntry.id, at=AuditEntry.at, by=AuditEntry.by, what=AuditEntry.tag,
        subject=AuditEntry.subject, detail=AuditEntry.detail,
    ).where(AuditEntry.family_id.in_(records), AuditEntry.tag.in_(TAGS))  # fmt: skip


def texts() -> Select[Any]:
    """Texts and e-mails that have been tried, at the time they went or were given up."""
    then = case((Outbox.state.in_(NOT_SENT), Outbox.final_at), else_=Outbox.sent_at)
    return part(
        "text", id=Outbox.id, at=func.coalesce(then, Outbox.due_at), by=Outbox.channel,
        what=Outbox.purpose, state=Outbox.state, words=Outbox.body, more=Outbox.reason,
    ).where(Outbox.recipient_kind == "carer", Outbox.state.not_in(WAITING))  # fmt: skip


def replies() -> Select[Any]:
    return part(
        "reply", id=Reply.id, at=Reply.received_at, words=Reply.body, more=Reply.outcome
    ).where(Reply.person_kind == "carer")


def calls() -> Select[Any]:
    return part(
        "call", id=Call.id, at=Call.at, by=Call.by, what=Call.outcome, words=Call.words
    ).where(Call.person_kind == "carer")
