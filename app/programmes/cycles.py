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
LIVE = ("provisional", "booked", "confirmed")


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
    """What a cycle's state follows from. `lapsed` names people filmed whose consent no longer
    stands.
    """

    number: int
    events: tuple[Event, ...] = ()
    clips: int = 0
    clips_chosen_at: datetime | None = None
    reviewed_on: date | None = None
    practitioner_id: int | None = None
    lapsed: tuple[str, ...] = ()


def video_of(cycle: CycleFacts) -> Event | None:
    """The video session that counts: the last one done, else the live one."""
    return _chosen(cycle, "video_session")


def review_of(cycle: CycleFacts) -> Event | None:
    """The shared review that counts: the last one done, else the live one."""
    return _chosen(cycle, "shared_review")


def _chosen(cycle: CycleFacts, kind: str) -> Event | None:
    events = sorted((e for e in cycle.events if e.kind == kind), key=lambda e: e.starts_at)
    done = [e for e in events if e.status == "done"]
    live = [e for e in events if e.status in LIVE]
    chosen = done or live
    return chosen[-1] if chosen else None


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
    if cycle.clips and cycle.practitioner_id and review.staff_id != video.staff_id:
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


def clip_problems(clips: Sequence[tuple[int, int]], rules: Rules) -> list[str]:
    """What is wrong with time codes (from, to in seconds), as sentences; empty where nothing is."""
    problems = []
    if not clips:
        problems.append("Enter at least one clip.")
    for number, (start, end) in enumerate(clips, start=1):
        if end <= start:
            problems.append(f"Clip {number} must end after it begins.")
        elif not rules.clip_least_seconds <= end - start <= rules.clip_most_seconds:
            problems.append(
                f"Clip {number} lasts {end - start} seconds. Choose from "
                f"{rules.clip_least_seconds} to {rules.clip_most_seconds}."
            )
    return problems


def read_time_code(text: str) -> int:
    """A time code 'm:ss', 'h:mm:ss' or plain seconds as seconds; raises ValueError."""
    parts = [int(part) for part in text.strip().split(":")]
    if not 1 <= len(parts) <= 3 or any(part < 0 for part in parts):
        raise ValueError(text)
    if len(parts) > 1 and any(part > 59 for part in parts[1:]):
        raise ValueError(text)
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + part
    return seconds


def time_code(seconds: int) -> str:
    """Seconds as people read a time code: '2:05'."""
    return f"{seconds // 60}:{seconds % 60:02d}"
