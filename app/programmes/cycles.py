"""A cycle's state and what stands in the way of its review, worked out from facts; nothing is
stored.

Pure. A cycle is planned, then its video is booked, filmed, its clips are chosen, its review booked,
and it counts when it is reviewed. A repeated video is the same cycle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app import clock
from app.settings.rules import Rules
from app.working_days import working_days_between

PLANNED, VIDEO_BOOKED, FILMED, CLIPS_CHOSEN, REVIEW_BOOKED, REVIEWED = (
    "planned",
    "video_booked",
    "filmed",
    "clips_chosen",
    "review_booked",
    "reviewed",
)
STATE_WORDS = {
    PLANNED: "Planned",
    VIDEO_BOOKED: "Video booked",
    FILMED: "Filmed",
    CLIPS_CHOSEN: "Clips chosen",
    REVIEW_BOOKED: "Review booked",
    REVIEWED: "Reviewed",
}
COUNTS = ("provisional", "booked", "confirmed", "done")


@dataclass(frozen=True)
class Event:
    """An appointment as a cycle sees it: status and times."""

    id: int
    kind: str
    status: str
    starts_at: datetime
    ends_at: datetime
    staff_id: int


@dataclass(frozen=True)
class CycleFacts:
    """What a cycle's state follows from.

    `practitioner_id` is the family's present practitioner, to whom clips may have been handed over;
    `lapsed` names people filmed whose consent no longer stands.
    """

    number: int
    events: tuple[Event, ...] = ()
    clips: int = 0
    clips_chosen_at: datetime | None = None
    reviewed_on: date | None = None
    practitioner_id: int | None = None
    lapsed: tuple[str, ...] = ()


def video_of(cycle: CycleFacts) -> Event | None:
    """The video session that counts: the last one that is done or to come, so a repeat is the
    one.
    """
    videos = _of_kind(cycle, "video_session")
    return videos[-1] if videos else None


def review_of(cycle: CycleFacts) -> Event | None:
    """The shared review that counts: the last one done, else the one to come."""
    reviews = _of_kind(cycle, "shared_review")
    done = [review for review in reviews if review.status == "done"]
    chosen = done or reviews
    return chosen[-1] if chosen else None


def _of_kind(cycle: CycleFacts, kind: str) -> list[Event]:
    events = [e for e in cycle.events if e.kind == kind and e.status in COUNTS]
    return sorted(events, key=lambda event: event.starts_at) if len(events) > 1 else events


def state_of(cycle: CycleFacts) -> str:
    """Where a cycle stands. Clips chosen without a review booked is a state; so is a review
    booked.
    """
    if cycle.reviewed_on:
        return REVIEWED
    video, review = video_of(cycle), review_of(cycle)
    if video is None:
        return PLANNED
    if video.status != "done":
        return VIDEO_BOOKED
    if not cycle.clips:
        return FILMED
    if review is None:
        return CLIPS_CHOSEN
    return REVIEW_BOOKED


def passed(cycle: CycleFacts) -> bool:
    """Whether its shared review has taken place, recorded in full or not yet."""
    review = review_of(cycle)
    return bool(cycle.reviewed_on) or (review is not None and review.status == "done")


def video_blocks(cycles: Sequence[CycleFacts], number: int) -> list[tuple[str, str]]:
    """Why the family is not told yet of the video session of a cycle: one before it (of the same
    programme) waits for its shared review.
    """
    waiting = [cycle.number for cycle in cycles if cycle.number < number and not passed(cycle)]
    if not waiting:
        return []
    return [("cycle_before", f"The shared review of cycle {min(waiting)} has not taken place yet.")]


def review_blocks(cycle: CycleFacts, review: Event, rules: Rules) -> list[tuple[str, str]]:
    """Why a review cannot be told to the family yet, as codes with sentences; empty where it can.

    The clips come from a video that was done, everybody in it still agrees, and there is at least
    `review_least_working_days` between the two.
    """
    video = video_of(cycle)
    if video is None:
        return [("no_video", "The cycle has no video session yet.")]
    blocks: list[tuple[str, str]] = []
    if video.status != "done":
        blocks.append(("not_filmed", "The video session has not taken place yet."))
    elif not cycle.clips:
        blocks.append(("no_clips", "The clips are not chosen yet."))
    if review.starts_at < video.ends_at:
        blocks.append(("before_video", "The review begins before the video session ends."))
    else:
        filmed_on = clock.london(video.starts_at).date()
        gap = working_days_between(filmed_on, clock.london(review.starts_at).date())
        if gap < rules.review_least_working_days:
            blocks.append(
                ("too_soon", f"The review needs {rules.review_least_working_days} working day(s) "
                 "after its video.")
            )  # fmt: skip
    if cycle.lapsed:
        names = " and ".join(cycle.lapsed)
        blocks.append(("consent", f"Consent to film of {names} no longer stands."))
    if cycle.clips and review.staff_id not in (video.staff_id, cycle.practitioner_id):
        blocks.append(("other_practitioner", "The clips are with the practitioner who filmed."))
    return blocks


def review_gap(cycle: CycleFacts, rules: Rules) -> tuple[int, str] | None:
    """Days from the video to its review, and 'late' from the flag, 'long' from the warning, else
    ''.
    """
    video, review = video_of(cycle), review_of(cycle)
    if video is None or review is None:
        return None
    gap = (clock.london(review.starts_at).date() - clock.london(video.starts_at).date()).days
    if gap > rules.review_flag_days:
        return gap, "late"
    return gap, "long" if gap > rules.review_warn_days else ""


def counted(cycles: Sequence[CycleFacts]) -> int:
    """How many cycles count: those reviewed."""
    return sum(cycle.reviewed_on is not None for cycle in cycles)


def current(cycles: Sequence[CycleFacts]) -> CycleFacts | None:
    """The cycle being worked on: the first that is not reviewed."""
    return next((cycle for cycle in cycles if not cycle.reviewed_on), None)
