"""Interpreters: adding and changing them, and who speaks a language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.db import db
from app.errors import DomainError, Stale
from app.scheduling.models import Interpreter
from app.windows import Windows


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
    if not languages:
        raise DomainError("Enter at least one language.", "languages")
    interpreter = Interpreter(
        name=name, languages=languages, agency=agency, phone=phone, email=email,
        free_times=free_times, notes=notes, created_at=at,
    )  # fmt: skip
    db.session.add(interpreter)
    record("interpreter:added", interpreter, by=by, at=at)
    return interpreter


def change_interpreter(
    interpreter: Interpreter,
    values: dict[str, Any],
    *,
    by: Any,
    at: datetime,
    opened_at: int | None,
) -> None:
    """Change some of: name, languages, agency, phone, email, free_times, notes, left_at."""
    db.session.refresh(interpreter)
    if opened_at is not None and opened_at != interpreter.version:
        raise Stale("This interpreter")
    allowed = {"name", "languages", "agency", "phone", "email", "free_times", "notes", "left_at"}
    changed = [n for n, v in values.items() if n in allowed and getattr(interpreter, n) != v]
    for name in changed:
        setattr(interpreter, name, values[name])
    if not interpreter.languages:
        raise DomainError("Enter at least one language.", "languages")
    if changed:
        interpreter.version += 1
        record("interpreter:changed", interpreter, by=by, at=at, fields=sorted(changed))


def interpreters(language: str | None = None) -> Sequence[Interpreter]:
    """Everybody who interprets (a language, in any case of letters), by name."""
    rows = db.session.scalars(
        select(Interpreter).where(Interpreter.left_at.is_(None)).order_by(Interpreter.name)
    ).all()
    if language is None:
        return rows
    return [row for row in rows if language.lower() in (own.lower() for own in row.languages)]
