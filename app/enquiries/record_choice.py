"""What a family said about VIG, step by step."""

from datetime import date, datetime
from typing import Any

from app import clock
from app.audit.record import record
from app.db import db, hold
from app.enquiries import hooks
from app.enquiries.models import Choice
from app.enquiries.queries import latest_choice
from app.enquiries.steps import check_step
from app.errors import DomainError
from app.families.models import Family
from app.families.particulars import called


def record_choice(
    family: Family,
    step: str,
    *,
    on: date,
    how: str,
    by: Any,
    at: datetime,
    words: str | None = None,
    ask_again_on: date | None = None,
) -> Choice:
    """Add a step to the family's choice; what must follow elsewhere follows in this transaction.

    `on` is the day they said it, `words` their own; `ask_again_on` belongs to *not now* and is
    needed there. The very same step again (a double click) is the one that is on record.
    """
    hold(family)
    if family.merged_into_id:
        raise DomainError("This family has been joined with another: record it there.")
    latest = latest_choice(family.id)
    ask_again_on = ask_again_on if step == "not_now" else None
    if latest and is_same(latest, step, on, how, words, ask_again_on):
        return latest
    before = (latest.step, latest.on) if latest else None
    check_step(before, step, on, how, ask_again_on, today=clock.london(at).date())
    choice = Choice(
        family_id=family.id,
        step=step,
        on=on,
        how=how,
        words=words or None,
        ask_again_on=ask_again_on,
        recorded_by=called(by),
        recorded_at=at,
    )
    db.session.add(choice)
    record("choice:recorded", choice, by=by, at=at, family_id=family.id, step=step)
    for follow in hooks.on_choice.values():
        follow(family, choice, by, at)
    return choice


def is_same(
    choice: Choice, step: str, on: date, how: str, words: str | None, ask_again_on: date | None
) -> bool:
    said = (choice.step, choice.on, choice.how, choice.words, choice.ask_again_on)
    return said == (step, on, how, words or None, ask_again_on)
