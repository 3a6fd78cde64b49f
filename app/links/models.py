"""The table of links. The plain token is never stored."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Link(Model):
    """One address given to one person for one thing."""

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_subject", "purpose", "subject_id"),
        Index("ix_link_person", "person_kind", "person_id"),
    )

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int]
    person_kind: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    # Of a feed: what tells its content, as its last reader had it, and since when.
    tag: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime | None]
