"""Imports of the team's files: what each made, so that it can be taken back until something was
touched.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model


class Import(Model):
    """One import of a directory or an upload, with its report."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    files: Mapped[list[str]] = mapped_column(Json)
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    report: Mapped[str] = mapped_column(Text)
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str | None] = mapped_column(String(80))


class ImportedRow(Model):
    """A row that was read, by the digest of its values: the same row imported again changes
    nothing.
    """

    __tablename__ = "imported_row"
    __table_args__ = (Index("uq_imported_row_digest", "digest", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    made_kind: Mapped[str] = mapped_column(String(20))
    made_id: Mapped[int]
    made_version: Mapped[int] = mapped_column(default=1)
