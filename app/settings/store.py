"""Reading the rules in force, and changing one with its history."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from math import isfinite
from typing import Any

from flask import g, has_app_context
from sqlalchemy import Select, func, select

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.hosts import read_hosts
from app.phones import UnclearPhone, read_phone
from app.settings.agree import disagreement
from app.settings.models import Setting
from app.settings.rules import Rules
from app.windows import wall

ADDRESS = r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}"
BY_NAME = {f.name: f for f in fields(Rules)}


def current() -> Rules:
    """The rules in force: one statement a request, remembered until it ends or something
    changes.
    """
    if has_app_context() and "rules" in g:
        return g.rules  # type: ignore[no-any-return]
    return remember((name, value) for name, value in db.session.execute(in_force()))


def in_force() -> Select[str, Any]:
    """Name and value of every setting that was ever changed, as it is now."""
    newest = select(func.max(Setting.id)).group_by(Setting.name)
    return select(Setting.name, Setting.value).where(Setting.id.in_(newest))


def remember(rows: Iterable[tuple[str, Any]]) -> Rules:
    """The rules made of the rows of `in_force`, which somebody has read, for this request."""
    rules = Rules(**{name: value for name, value in rows if name in BY_NAME})
    if has_app_context():
        g.rules = rules
    return rules


def change_setting(name: str, typed: Any, *, by: Any, at: datetime) -> None:
    """Set a rule; raises DomainError with the limits where the value lies outside them."""
    if name not in BY_NAME:
        raise DomainError("There is no such setting.")
    value = fitting(name, typed)
    if why := disagreement(name, current().changed(**{name: value})):
        raise DomainError(why, name)
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
        return fitting_words(name, str(typed).strip(), meta)
    try:
        number = float(typed)
    except (TypeError, ValueError):
        raise DomainError("Enter a number.", name) from None
    least, most, unit = meta["least"], meta["most"], meta["unit"]
    if not isfinite(number):
        raise DomainError("Enter a number.", name)
    if not least <= number <= most:
        limits = (
            f"a time from {wall(int(least))} to {wall(int(most))}"
            if unit == "time of day"
            else f"a number from {least:g} to {most:g} ({unit})"
        )
        raise DomainError(f"Enter {limits}.", name)
    if isinstance(declared.default, float):
        return number
    if number != round(number):
        raise DomainError(f"Enter a whole number, such as {round(number)}.", name)
    return round(number)


def fitting_words(name: str, typed: str, meta: Mapping[str, Any]) -> str:
    """A name, phone or e-mail address of the service's own."""
    if not typed:
        raise DomainError(f"Enter the {meta['label'].lower()}.", name)
    if len(typed) > meta["most"]:
        raise DomainError(f"Use {meta['most']:g} characters or fewer.", name)
    if meta["unit"] == "phone":
        try:
            read_phone(typed)
        except UnclearPhone as error:
            raise DomainError(f"{error}.", name) from None
    if meta["unit"] == "hosts":
        refuse_hosts(typed, name)
    if meta["unit"] == "e-mail" and not re.fullmatch(ADDRESS, typed):
        raise DomainError("Enter an e-mail address, like name@example.org.", name)
    return typed


def refuse_hosts(typed: str, name: str) -> None:
    try:
        read_hosts(typed)
    except ValueError as error:
        raise DomainError(
            f"“{error}” is not the name of a server on the internet, such as calendar.google.com.",
            name,
        ) from None


def changed_since(names: Iterable[str], at: datetime) -> bool:
    """Whether one of these rules was changed at an instant or later."""
    changes = select(Setting.id).where(Setting.name.in_(names), Setting.changed_at >= at)
    return db.session.scalars(changes.limit(1)).first() is not None


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
