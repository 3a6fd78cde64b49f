"""Interpreters: adding, changing and closing them, and who speaks a language.

Somebody who is closed is offered for nothing new; what is booked with them stays until a person
moves it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.phones import UnclearPhone, read_phone
from app.scheduling.models import LIVE, Appointment, Interpreter
from app.scheduling.queries import with_people
from app.windows import Windows

LONGEST_NAME = 120
LONGEST_LANGUAGE = 40
CHANGEABLE = {"name", "languages", "agency", "phone", "email", "free_times", "notes"}


def add_interpreter(
    name: str,
    languages: list[str],
    *,
    by: Any,
    at: datetime,
    agency: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    free_times: Windows | None = None,
    notes: str | None = None,
) -> Interpreter:
    """Somebody who interprets at least one language."""
    clean = fitting(
        {
            "name": name, "languages": languages, "agency": agency, "phone": phone,
            "email": email, "free_times": free_times, "notes": notes,
        }
    )  # fmt: skip
    interpreter = Interpreter(created_at=at, **clean)
    db.session.add(interpreter)
    record("interpreter:added", interpreter, by=by, at=at)
    return interpreter


def change_interpreter(
    interpreter: Interpreter,
    values: dict[str, Any],
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
) -> None:
    """Change some of: name, languages, agency, phone, email, free_times, notes. Raises Stale."""
    hold(interpreter, expect_version, "This interpreter")
    if unknown := set(values) - CHANGEABLE:
        raise TypeError(f"an interpreter has no {sorted(unknown)}")
    clean = fitting(values)
    changed = sorted(name for name, value in clean.items() if getattr(interpreter, name) != value)
    for name in changed:
        setattr(interpreter, name, clean[name])
    if changed:
        note(interpreter, changed, by, at)


def close_interpreter(interpreter: Interpreter, *, by: Any, at: datetime) -> None:
    """They are booked for nothing new from now on."""
    hold(interpreter)
    if interpreter.left_at:
        raise DomainError(f"{interpreter.name} is closed already.")
    interpreter.left_at = at
    note(interpreter, ["left_at"], by, at)


def reopen_interpreter(interpreter: Interpreter, *, by: Any, at: datetime) -> None:
    """They can be booked again."""
    hold(interpreter)
    if interpreter.left_at is None:
        raise DomainError(f"{interpreter.name} is not closed.")
    interpreter.left_at = None
    note(interpreter, ["left_at"], by, at)


def note(interpreter: Interpreter, fields: list[str], by: Any, at: datetime) -> None:
    interpreter.version += 1
    record("interpreter:changed", interpreter, by=by, at=at, fields=fields)


def fitting(given: dict[str, Any]) -> dict[str, Any]:
    """Particulars as they are stored; raises DomainError beside the field that does not fit."""
    clean = dict(given)
    if "name" in clean:
        clean["name"] = " ".join(str(clean["name"] or "").split())
        if not clean["name"]:
            raise DomainError("Enter the interpreter’s name.", "name")
        if len(clean["name"]) > LONGEST_NAME:
            raise DomainError(f"Use {LONGEST_NAME} characters or fewer.", "name")
    if "languages" in clean:
        words = [" ".join(str(word).split()) for word in clean["languages"]]
        clean["languages"] = list(dict.fromkeys(word for word in words if word))
        if not clean["languages"]:
            raise DomainError("Enter at least one language.", "languages")
        if any(len(word) > LONGEST_LANGUAGE for word in clean["languages"]):
            raise DomainError("Separate the languages with commas.", "languages")
    if clean.get("phone"):
        try:
            clean["phone"] = read_phone(clean["phone"]).e164
        except UnclearPhone as error:
            raise DomainError(f"{error}.", "phone") from None
    return clean


def interpreters(language: str | None = None, *, closed: bool = False) -> Sequence[Interpreter]:
    """Everybody who interprets (a language, in any case of letters), by name; or those closed."""
    here = Interpreter.left_at.is_not(None) if closed else Interpreter.left_at.is_(None)
    rows = db.session.scalars(
        select(Interpreter).where(here).order_by(Interpreter.name, Interpreter.id)
    ).all()
    return rows if language is None else [row for row in rows if speaks(row, language)]


def speaks(interpreter: Interpreter, language: str) -> bool:
    return language.casefold() in (own.casefold() for own in interpreter.languages)


def interpreter_by_id(interpreter_id: int) -> Interpreter | None:
    return db.session.get(Interpreter, interpreter_id, populate_existing=True)


def booked_with(interpreter: Interpreter, *, after: datetime) -> Sequence[Appointment]:
    """The live appointments to come that they interpret, soonest first."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.interpreter_id == interpreter.id,
            Appointment.status.in_(LIVE),
            Appointment.ends_at > after,
        )
        .options(*with_people())
        .order_by(Appointment.starts_at)
    ).all()
