"""Reading the rules in force, and changing one with its history."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from math import isfinite
from typing import Any

from flask import g, has_app_context
from sqlalchemy import func, select

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.settings.models import Setting
from app.settings.rules import Rules

BY_NAME = {f.name: f for f in fields(Rules)}


def current() -> Rules:
    """The rules in force: one statement a request, remembered until it ends or something
    changes.
    """
    if has_app_context() and "rules" in g:
        return g.rules  # type: ignore[no-any-return]
    newest = select(func.max(Setting.id)).group_by(Setting.name)
    rows = db.session.execute(select(Setting.name, Setting.value).where(Setting.id.in_(newest)))
    rules = Rules(**{name: value for name, value in rows if name in BY_NAME})
    if has_app_context():
        g.rules = rules
    return rules


def change_setting(name: str, typed: Any, *, by: Any, at: datetime) -> None:
    """Set a rule; raises DomainError with the limits where the value lies outside them."""
    if name not in BY_NAME:
        raise DomainError("There is no such setting.")
    value = fitting(name, typed)
    if value == getattr(current(), name):
        return
    row = Setting(name=name, value=value, changed_by=actor(by), changed_at=at)
    db.session.add(row)
    record("setting:changed", row, by=by, at=at, name=name)
    g.pop("rules", None)


def fitting(name: str, typed: Any) -> Any:
    """The typed value as the setting's own type and within its limits."""
    declared = BY_NAME[name]
    meta = declared.metadata
    if isinstance(declared.default, str):
        if not str(typed).strip():
            raise DomainError(f"Enter the {meta['label'].lower()}.", name)
        return str(typed).strip()
    try:
        number = float(typed)
    except (TypeError, ValueError):
        raise DomainError("Enter a number.", name) from None
    least, most = meta["least"], meta["most"]
    if not isfinite(number):
        raise DomainError("Enter a number.", name)
    if (least is not None and number < least) or (most is not None and number > most):
        raise DomainError(f"Enter a number from {least:g} to {most:g} ({meta['unit']}).", name)
    return number if isinstance(declared.default, float) else round(number)


def latest_changes() -> dict[str, Setting]:
    """The newest change of every setting that was ever changed, by name."""
    newest = select(func.max(Setting.id)).group_by(Setting.name)
    return {
        row.name: row for row in db.session.scalars(select(Setting).where(Setting.id.in_(newest)))
    }


def changes(name: str) -> Sequence[Setting]:
    """A setting's history, newest first."""
    return db.session.scalars(
        select(Setting).where(Setting.name == name).order_by(Setting.id.desc())
    ).all()
