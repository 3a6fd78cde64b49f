"""Changes to the rules; the newest row of a name is its value."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model


class Setting(Model):
    """One change of one setting: the history is the table."""

    __tablename__ = "setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    value: Mapped[Any] = mapped_column(Json)
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]
