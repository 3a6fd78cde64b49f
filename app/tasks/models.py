"""The task table."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Task(Model):
    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_open", "closed_at", "due_at"),
        Index("ix_task_about", "about_kind", "about_id"),
        Index("uq_task_dedupe", "dedupe", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(Text)
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
    family_id: Mapped[int | None] = mapped_column(index=True)
    peer_id: Mapped[int | None]
    owner_id: Mapped[int | None] = mapped_column(index=True)
    due_at: Mapped[datetime]
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    outcome: Mapped[str | None] = mapped_column(Text)
    # One open task for one thing: set while open, emptied when closed.
    dedupe: Mapped[str | None] = mapped_column(String(120))
