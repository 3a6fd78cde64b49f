"""Moving an appointment: the old time stands until the new one is held, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.scheduling.book import set_reasons
from app.scheduling.check import check_choice, check_opened, check_time
from app.scheduling.facts import Ask
from app.scheduling.kinds import kinds
from app.scheduling.let_go.time_let_go import note_let_go
from app.scheduling.models import INTERPRETER, PLACE, ROOM, STAFF, Appointment
from app.scheduling.reasons import SOFT
from app.scheduling.recheck import ask_whether_it_stands
from app.scheduling.reservations import hold, let_go, lock_subjects, stand_still, subjects_of
from app.scheduling.telling import tell
from app.scheduling.versions import refresh, touch
from app.settings import store
from app.tasks.open import close_about


@dataclass(frozen=True)
class Change:
    """What is to be different; None leaves a thing as it is. `how` and `place_id` go together.
    Another interpreter comes for the time that was held for the first one.

    `aside` are the soft rules that `override_reason` may set aside: all of them, where a person
    gave the reason.
    `reason` is why it is moved (a code of MOVE_REASONS): its page asks, a plan of dates does not.
    """

    starts_at: datetime
    staff_id: int | None = None
    second_id: int | None = None
    place_id: int | None = None
    room_id: int | None = None
    how: str | None = None
    interpreter_id: int | None = None
    minutes: int | None = None
    override_reason: str | None = None
    aside: frozenset[str] = SOFT
    reason: str | None = None
    tell: bool = True


def move(
    appointment: Appointment,
    change: Change,
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
    giving_way: tuple[int, ...] = (),
) -> Appointment:
    """Move a live appointment in time, place or person; refused like a booking.

    `opened_at` is the version of the form: an older one is refused. What the family had confirmed
    it must confirm again, and a mark that a change was asked goes. `giving_way` are appointments
    that leave their time in the same transaction, later.
    """
    take_hold(appointment, change, opened_at)
    check_opened(appointment, by)
    if not appointment.live:
        raise DomainError("Only an appointment that still stands can be moved. Book a new one.")
    new_staff = change.staff_id or appointment.staff_id
    check_choice(appointment.kind, appointment.family_id)
    how = change.how or appointment.how
    place_id = appointment.place_id if change.place_id is None else change.place_id
    if how != "in_person":
        place_id = None
    minutes = change.minutes or appointment.minutes
    second_id = change.second_id or appointment.second_id
    interpreter_id = appointment.interpreter_id and (
        change.interpreter_id or appointment.interpreter_id
    )
    ask = Ask(
        kind=appointment.kind,
        family_id=appointment.family_id,
        minutes=minutes,
        staff_ids=(new_staff,),
        second_ids=(second_id,) if second_id else (),
        two_workers=second_id is not None,
        how=how,
        place_id=place_id,
        room_id=change.room_id,
        interpreter_id=interpreter_id,
        peer_id=appointment.peer_id,
        carer_id=appointment.carer_id,
        ignoring=(appointment.id, *giving_way),
    )
    checked = check_time(
        ask, change.starts_at, second_id, store.current(),
        override_reason=change.override_reason, at=at, aside=change.aside,
    )  # fmt: skip
    was, was_told = appointment.starts_at, appointment.status != "provisional"
    let_go(appointment)
    ends_at = change.starts_at + timedelta(minutes=minutes)
    meets = change.starts_at < appointment.ends_at and ends_at > was
    if appointment.staff_id != new_staff or not meets:
        note_let_go(appointment, appointment.staff_id, was, appointment.ends_at, at=at)
    appointment.starts_at = change.starts_at
    appointment.ends_at = ends_at
    appointment.staff_id = new_staff
    appointment.second_id = second_id
    appointment.how = how
    appointment.interpreter_id = interpreter_id
    appointment.place_id = place_id
    appointment.room_id = checked.room_id
    appointment.override_reason = checked.override_reason
    appointment.risk_level = checked.facts.wanted.level if checked.facts.wanted.at_home else None
    appointment.change_asked_at = None
    appointment.change_words = None
    appointment.to_check = False
    if appointment.status == "confirmed":
        appointment.status = "booked"
    touch(appointment, told_at=at)
    hold(appointment)
    set_reasons(appointment, kinds[appointment.kind].provisional(appointment))
    kinds[appointment.kind].changed(appointment, "moved", by, at)
    close_about(("appointment", appointment.id), "Moved", by=by, at=at)
    if was_told and appointment.status == "provisional":
        ask_whether_it_stands(appointment, was, at=at)
    record(
        "appointment:moved", appointment, by=by, at=at, family_id=appointment.family_id,
        from_start=was.isoformat(), to_start=appointment.starts_at.isoformat(),
        reason=change.reason,
    )  # fmt: skip
    tell(appointment, "moved" if change.tell else "moved_quietly", by=by, at=at, was=was)
    return appointment


def take_hold(appointment: Appointment, change: Change, opened_at: int | None) -> None:
    """Lock everything that a move concerns, and read the appointment as it is now. Raises Stale."""
    stand_still(appointment.family_id, change.place_id or appointment.place_id)
    extra = [
        (STAFF, change.staff_id),
        (STAFF, change.second_id),
        (ROOM, change.room_id),
        (INTERPRETER, change.interpreter_id),
        (PLACE, change.place_id or appointment.place_id),
    ]
    lock_subjects(subjects_of(appointment), [(k, s) for k, s in extra if s is not None])
    refresh(appointment, opened_at)
