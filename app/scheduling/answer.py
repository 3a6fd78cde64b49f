"""What a family, a peer or staff for them may say about an appointment: keep it, or ask for a
change.

The same acts serve a text's reply, a link and a telephone call. Asking for a change or to cancel
never changes the appointment: it stays held, is marked, and a person rings.
"""

from datetime import datetime, timedelta
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.messaging.follow_up import ring_by
from app.scheduling.check import check_opened
from app.scheduling.in_doubt import EXPLAINABLE, doubts_of
from app.scheduling.kinds import kinds
from app.scheduling.models import KINDS, LIVE, Appointment
from app.scheduling.stands import check_stands
from app.scheduling.versions import refresh, touch
from app.tasks.open import close_about, open_task
from app.times import for_staff

OVER = "This appointment is over. Record how it went."


def confirm(appointment: Appointment, *, by: Any, at: datetime, how: str) -> None:
    """The family keeps its time. `how` is 'text', 'link' or 'phone'.

    Refused once it is over, while something is missing for its kind (consent to film, clips), and
    where it may not stand (`check_stands`) or is in doubt and nobody explained that. Repeating is
    harmless. Keeping it after a change was asked takes the mark away; what else a person was to
    look at has gone by itself.
    """
    refresh(appointment, None)
    check_opened(appointment, by)
    if appointment.status == "confirmed" and not appointment.change_asked_at:
        return
    if appointment.status not in ("booked", "confirmed"):
        raise DomainError(
            "Only a booked appointment can be confirmed; this one is "
            f"{appointment.status.replace('_', ' ')}.",
            family="This time has changed. Ring us and we will help.",
        )
    if appointment.ends_at <= at:
        raise DomainError(OVER, family="This time has passed.")
    check_stands(appointment, at=at)
    missing = [sentence for _code, sentence in kinds[appointment.kind].unconfirmed(appointment)]
    if missing := missing + [doubt.words for doubt in doubts_of(appointment, at=at)]:
        raise DomainError(" ".join(missing))
    appointment.status = "confirmed"
    appointment.change_asked_at = None
    appointment.change_words = None
    touch(appointment)
    close_about(
        ("appointment", appointment.id), "They keep the time", by=by, at=at, kinds=EXPLAINABLE
    )
    record(
        "appointment:confirmed", appointment, by=by, at=at, family_id=appointment.family_id, how=how
    )


def keep(appointment: Appointment, *, by: Any, at: datetime, how: str) -> str:
    """The family says it keeps the time: confirmed, or noted where something is still missing.

    Returns words for the thread. A family is never told that consent or clips are missing: staff
    are.
    """
    try:
        confirm(appointment, by=by, at=at, how=how)
    except DomainError as refused:
        if appointment.status not in LIVE or appointment.ends_at <= at:
            raise
        open_task(
            "to_check",
            f"They keep {for_staff(appointment.starts_at)}, but it cannot be confirmed yet: "
            f"{refused.message}",
            about=("appointment", appointment.id), due_at=at + timedelta(hours=24), at=at,
            family_id=appointment.family_id, owner_id=appointment.staff_id,
        )  # fmt: skip
        return "read as “keep”: noted, it cannot be confirmed yet"
    return "read as “keep”: the appointment was confirmed"


def ask_change(
    appointment: Appointment, words: str | None, *, by: Any, at: datetime, how: str
) -> None:
    """The family asks for another time or to cancel: marked, and a person rings in working hours.

    Reminders stay queued: none goes while the mark stands (`text_purposes.unwanted`), and those
    that are still to come go after all if the time is kept.
    """
    refresh(appointment, None)
    if not appointment.live:
        raise DomainError(
            "This appointment no longer stands.", family="This time has changed already."
        )
    appointment.change_asked_at = at
    appointment.change_words = words
    touch(appointment)
    said = f"“{words}” " if words else ""
    open_task(
        "change_asked",
        f"{said}The {KINDS[appointment.kind].lower()} on {for_staff(appointment.starts_at)} "
        "still stands.",
        about=("appointment", appointment.id),
        due_at=min(ring_by(at), appointment.starts_at), at=at,
        family_id=appointment.family_id, peer_id=appointment.peer_id,
    )  # fmt: skip
    record(
        "appointment:change_asked", appointment, by=by, at=at,
        family_id=appointment.family_id, how=how,
    )  # fmt: skip
