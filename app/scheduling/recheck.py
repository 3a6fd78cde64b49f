"""Looking again at what keeps an appointment provisional, when something it depends on has
changed.
"""

from datetime import datetime, timedelta
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.scheduling.book import set_reasons
from app.scheduling.kinds import kinds
from app.scheduling.models import Appointment
from app.scheduling.reservations import lock_subjects, subjects_of
from app.scheduling.stands import check_stands
from app.scheduling.telling import tell
from app.scheduling.versions import refresh, touch
from app.tasks.open import open_task
from app.times import for_staff


def recheck(appointment: Appointment, *, by: Any, at: datetime, quietly: bool = False) -> None:
    """Ask the kind again: with no reasons left it becomes booked and the family is told; with new
    ones it goes back to provisional. One that is to be checked by a person stays until
    `clear_check`."""
    lock_subjects(subjects_of(appointment))
    refresh(appointment, None)
    if not appointment.live or appointment.to_check:
        return
    before = appointment.status
    set_reasons(appointment, kinds[appointment.kind].provisional(appointment))
    if before == "confirmed" and appointment.status == "confirmed":
        doubt(appointment, by=by, at=at)
    if appointment.status == before:
        return
    if appointment.status == "provisional":
        ask_whether_it_stands(appointment, appointment.starts_at, at=at)
    touch(appointment, told_at=at)
    record(
        "appointment:reasons_changed", appointment, by=by, at=at,
        family_id=appointment.family_id, reasons=[code for code, _ in appointment.reasons],
    )  # fmt: skip
    tell(appointment, "booked_quietly" if quietly else "booked", by=by, at=at)


def ask_whether_it_stands(appointment: Appointment, told: datetime, *, at: datetime) -> None:
    """The family was told of a time of what is provisional now, and no text takes that back."""
    why = " ".join(sentence for _code, sentence in appointment.reasons)
    words = f"The family was told of {for_staff(told)}, and it is provisional now: {why} Ring them."
    ask_to_look(appointment, words, at=at)


def doubt(appointment: Appointment, *, by: Any, at: datetime) -> None:
    """A confirmed appointment that could not be confirmed now is booked again, and somebody
    looks.
    """
    missing = kinds[appointment.kind].unconfirmed(appointment)
    if not missing:
        return
    appointment.status = "booked"
    words = "In doubt: " + " ".join(sentence for _code, sentence in missing)
    ask_to_look(appointment, words, at=at, kind="in_doubt")


def ask_to_look(
    appointment: Appointment, words: str, *, at: datetime, kind: str = "to_check"
) -> None:
    """Open a task about it, due in a day or when it begins."""
    open_task(
        kind,
        words,
        about=("appointment", appointment.id),
        due_at=min(appointment.starts_at, at + timedelta(days=1)),
        at=at,
        family_id=appointment.family_id,
        owner_id=appointment.staff_id,
    )


def clear_check(
    appointment: Appointment, *, by: Any, at: datetime, opened_at: int | None = None
) -> None:
    """A person has checked an imported appointment: it stands, by the rules that nobody may set
    aside.
    """
    lock_subjects(subjects_of(appointment))
    refresh(appointment, opened_at)
    if not appointment.to_check or not appointment.live:
        raise DomainError("There is nothing to check about this appointment any more.")
    check_stands(appointment, at=at)
    appointment.to_check = False
    set_reasons(appointment, kinds[appointment.kind].provisional(appointment))
    touch(appointment, told_at=at)
    record(
        "appointment:reasons_changed", appointment, by=by, at=at,
        family_id=appointment.family_id, reasons=[code for code, _ in appointment.reasons],
    )  # fmt: skip
    tell(appointment, "booked_quietly", by=by, at=at)
