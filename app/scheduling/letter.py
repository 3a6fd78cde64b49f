"""A letter about an appointment, to print where no text, call or e-mail is safe.

It says what a text in the carer's wording might, and no more: *full* who we are, the first name of
who comes and where; *neutral* only the neutral name; *strict* only the time and a number to ring.
No wording names a child. Printing is recorded under the appointment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.families.models import Carer
from app.messaging.wordings import FULL, NEUTRAL, STRICT, says_too_much
from app.scheduling.models import Appointment
from app.scheduling.text_purposes import where_phrase
from app.settings.rules import Rules
from app.tasks.open import close_about
from app.times import for_family, how_long

ASKED_BY_TASKS = ("ring", "not_sent")


@dataclass(frozen=True)
class Letter:
    """A letter as it is printed: who it is from, line by line, and what it says."""

    wording: str
    head: tuple[str, ...]
    title: str
    paragraphs: tuple[str, ...]
    signed: str


def carer_of(appointment: Appointment) -> Carer | None:
    """Whom the letter is for: the carer it concerns, else the first one who has not left."""
    if appointment.carer is not None and appointment.carer.left_on is None:
        return appointment.carer
    present = appointment.family.present_carers
    return present[0] if present else None


def refusal(appointment: Appointment, at: datetime) -> str | None:
    """Why no letter about it can be printed now, or None."""
    if appointment.status == "provisional":
        return "It is provisional: the family is told when it stands."
    if appointment.status not in ("booked", "confirmed", "cancelled"):
        return "It is over."
    if appointment.starts_at <= at:
        return "It has begun."
    if carer_of(appointment) is None:
        return "No carer is on record."
    return None


def letter_about(appointment: Appointment, carer: Carer, rules: Rules) -> Letter:
    """The words of the letter in the wording that this carer allows."""
    wording = carer.wording
    if wording == NEUTRAL and says_too_much(rules.neutral_name):
        wording = STRICT
    head = {
        FULL: (rules.service_name, rules.service_phone, rules.service_email),
        NEUTRAL: (rules.neutral_name, rules.service_phone),
    }.get(wording, ())
    if appointment.status == "cancelled":
        title = f"Your appointment on {for_family(appointment.starts_at)} is cancelled"
        said = ["You do not need to do anything."]
    else:
        title = f"Your appointment is on {for_family(appointment.starts_at)}"
        said = told(appointment, carer, full=wording == FULL)
    ring = f"ring us on {rules.service_phone}. We are there {rules.service_hours}."
    unless = "this time is not good for you" if appointment.live else "you would like another time"
    said.append(f"If {unless}, {ring}")
    signed = {FULL: rules.service_name, NEUTRAL: rules.neutral_name}.get(wording, "")
    return Letter(wording, head, title, tuple(said), signed)


def told(appointment: Appointment, carer: Carer, *, full: bool) -> list[str]:
    """With whom, where and how long, for full wording; else only how long."""
    if not full:
        return [f"It takes about {how_long(appointment.minutes)}."]
    other = appointment.peer if appointment.kind == "conversation" else None
    whom = other.first_name if other else appointment.staff.first_name
    where = where_phrase(appointment, "carer")
    return [f"It is with {whom}, {where}. It takes about {how_long(appointment.minutes)}."]


def print_letter(appointment: Appointment, *, settles: bool, by: Any, at: datetime) -> None:
    """Record that the letter was printed. `settles` takes the requests to ring about it off the
    work list, once it is on its way. Raises DomainError where no letter fits.
    """
    carer = carer_of(appointment)
    if why := refusal(appointment, at):
        raise DomainError(f"No letter can be printed: {why[:1].lower()}{why[1:]}")
    assert carer is not None, "refusal() has looked"
    record(
        "letter:printed", appointment, by=by, at=at, family_id=appointment.family_id,
        carer_id=carer.id, wording=carer.wording,
    )  # fmt: skip
    if settles:
        close_about(
            ("appointment", appointment.id), "A letter is on its way.", by=by, at=at,
            kinds=ASKED_BY_TASKS, family_id=appointment.family_id,
        )  # fmt: skip
