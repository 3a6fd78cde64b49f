"""Peer parents and exclusion pairs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model, say
from app.families.names import folded, full, short
from app.windows import Windows


class Peer(Model):
    """A peer parent. `child_age_then` is in months at the time of their VIG.

    `training_until` None: their training does not run out. A break with a last day is
    `break_until`; one until they say is `status` 'paused'. Neither has a reason.
    """

    __tablename__ = "peer"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'paused', 'left')", name="status"),
        CheckConstraint("safe_to_text IN ('yes', 'no', 'not_asked')", name="safe_to_text"),
        Index("ix_peer_mobile", "mobile"),
        Index("ix_peer_status", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(String(80))
    surname: Mapped[str | None] = mapped_column(String(80))
    search_name: Mapped[str] = mapped_column(String(170), default=lambda at: search_name(at))
    gender: Mapped[str | None] = mapped_column(String(10))
    mobile: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(255))
    safe_to_text: Mapped[str] = mapped_column(String(10), default="not_asked")
    safe_times: Mapped[Windows | None]
    postcode: Mapped[str | None] = mapped_column(String(10))
    school: Mapped[str | None] = mapped_column(String(120))
    carer_type: Mapped[str | None] = mapped_column(String(12))
    children_now: Mapped[str | None] = mapped_column(String(200))
    child_age_then: Mapped[int | None]
    circumstances: Mapped[list[str]] = mapped_column(Json, default=list)
    may_be_told: Mapped[list[str]] = mapped_column(Json, default=list)
    languages: Mapped[list[str]] = mapped_column(Json, default=lambda: ["English"])
    ways_to_talk: Mapped[list[str]] = mapped_column(Json, default=list)
    limits: Mapped[list[str]] = mapped_column(Json, default=list)
    free_times: Mapped[Windows | None]
    monthly_limit: Mapped[int | None]
    near_is_fine: Mapped[bool] = mapped_column(default=False)
    vig_cycles: Mapped[int | None]
    vig_completed_on: Mapped[date | None]
    trained_on: Mapped[date | None]
    training_until: Mapped[date | None]
    checks_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(10), default="active")
    break_until: Mapped[date | None]
    introduction: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def name(self) -> str:
        return full(self.first_name, self.surname)

    @property
    def short_name(self) -> str:
        """First name and letter, as staff lists show a peer parent."""
        return short(self.first_name, self.surname)


def search_name(row: Any) -> str:
    """What a search by name looks at, from the values of a row that is being inserted."""
    values = row.get_current_parameters()
    return folded(f"{values['first_name']} {values.get('surname') or ''}")


@event.listens_for(Peer, "before_update")
def keep_search_name(_mapper: Any, _connection: Any, peer: Peer) -> None:
    peer.search_name = folded(peer.name)


class Exclusion(Model):
    """A peer and a family who must never be brought together. Managers read why; nobody else."""

    __tablename__ = "exclusion"
    __table_args__ = (Index("uq_exclusion_peer_id", "peer_id", "family_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


say("uq_exclusion_peer_id", "These two are kept apart already.", "family")
