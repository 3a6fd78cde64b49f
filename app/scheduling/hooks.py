"""What packages above booking add to its pages, filled by wiring: the cycle that a video session
and its review belong to, and how many families wait for a time that was let go.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from app.registry import Registry
from app.scheduling.models import Appointment, LetGo


@dataclass(frozen=True)
class CycleShown:
    """A cycle as booking sees it. `lacks` is what is still to be booked of it: 'video_session',
    'shared_review', both, or nothing; `video_ends_at` the end of a video session that stands or is
    done."""

    id: int
    family_id: int
    number: int
    lacks: tuple[str, ...]
    practitioner_id: int | None = None
    video_ends_at: datetime | None = None


# 'by_id' -> (cycle id) and 'next_of' -> (family id), each giving a CycleShown or None;
# 'book_pair' -> (cycle id, video, review, by, at), giving both appointments;
# 'repeat_video' -> (cycle id, video, by, at), giving one;
# 'later' -> (appointment, at), giving how many of its programme stand after it;
# 'first' -> (appointment), giving the first moment that keeps the programme's order, or None.
cycles: Registry[Callable[..., Any]] = Registry("scheduling.cycles")


# (the time let go, the family that let it go, when) -> how many families that the reader may see
# wait for its practitioner.
waiting_for: Registry[Callable[[LetGo, int, datetime], int]] = Registry("scheduling.waiting_for")


def cycle_by_id(cycle_id: int) -> CycleShown | None:
    """The cycle of a number; None where there is none, or no package knows of cycles."""
    found: CycleShown | None = cycles["by_id"](cycle_id) if "by_id" in cycles else None
    return found


def next_cycle(family_id: int) -> CycleShown | None:
    """The first cycle of the family's programme that still lacks something, if there is one."""
    found: CycleShown | None = cycles["next_of"](family_id) if "next_of" in cycles else None
    return found


def later_dates(appointment: Appointment, at: datetime) -> int:
    """How many appointments of a programme stand after one of it, and could follow it."""
    if appointment.cycle_id is None or "later" not in cycles:
        return 0
    number: int = cycles["later"](appointment, at)
    return number


def first_moment(appointment: Appointment) -> datetime | None:
    """From when an appointment keeps the order of its programme; None where nothing is before."""
    if appointment.cycle_id is None or "first" not in cycles:
        return None
    first: datetime | None = cycles["first"](appointment)
    return first


def later_words(appointment: Appointment, at: datetime) -> Markup:
    """After one changed, for the message: how many dates of its programme come after it, with the
    page that moves them; nothing where none does.
    """
    number = later_dates(appointment, at)
    if not number:
        return Markup()
    words = "One date of the programme comes after it and keeps its time."
    if number > 1:
        words = f"{number} dates of the programme come after it and keep theirs."
    return Markup(' {} <a class="govuk-link" href="{}">Move those after it</a>.').format(
        words,
        url_for("programmes.dates", reference=appointment.family.reference, after=appointment.id),
    )
