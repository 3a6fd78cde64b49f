"""What comes next in a programme, as one sentence with one link. Pure.

The sentence on a family's page, worked out from the cycle in hand; nothing of it is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app import clock
from app.programmes.cycles import (
    CLIPS_CHOSEN,
    FILMED,
    PLANNED,
    VIDEO_BOOKED,
    CycleFacts,
    Event,
    review_of,
    state_of,
    video_of,
)
from app.settings.rules import Rules
from app.times import for_family_date, staff_time
from app.windows import instant
from app.working_days import working_day_before

# Pages of what only the family's practitioner and managers read.
PRIVATE = ("programmes.goals", "programmes.clips", "programmes.review")


@dataclass(frozen=True)
class Step:
    """What comes next: a lead, more words, and the page of the one link."""

    lead: str
    words: str
    endpoint: str
    button: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """What the next step follows from. `cycles` by number with their ids; `missing` names those on
    camera at the video session to come whose consent is not on record; `goals` how many are open,
    None where the reader may not know.
    """

    reference: str
    carer: str
    practitioner: str
    cycles: Sequence[tuple[int, CycleFacts]] = ()
    missing: Sequence[str] = ()
    goals: int | None = None
    programme_id: int | None = None


def on_day(at: datetime) -> str:
    """'Thursday 26 November at 10:00'."""
    return f"{for_family_date(at)} at {staff_time(at)}"


def clips_until(review_starts_at: datetime, rules: Rules) -> datetime:
    """When the clips are needed: as the reminder goes, on the working day before the review."""
    day = working_day_before(clock.london(review_starts_at).date())
    return instant(day, rules.reminder_at)


def next_in_programme(course: Course, rules: Rules, at: datetime) -> Step:
    """The next step of a programme that runs."""
    here = {"reference": course.reference}
    if course.goals == 0:
        return Step("set the goals.", "Up to three, each about what an adult will do.",
                    "programmes.goals", "Set a goal", here)  # fmt: skip
    for cycle_id, facts in course.cycles:
        if facts.reviewed_on is None:
            return next_in_cycle(cycle_id, facts, course, rules, at)
    return Step(
        "end the programme, or plan another cycle.", "All planned cycles are reviewed.",
        "programmes.end", "End it", here,
    )  # fmt: skip


def next_in_cycle(
    cycle_id: int, facts: CycleFacts, course: Course, rules: Rules, at: datetime
) -> Step:
    """The next step of the cycle in hand."""
    number, state = facts.number, state_of(facts)
    video, review = video_of(facts), review_of(facts)
    booking = {"reference": course.reference, "cycle": cycle_id}
    if state == PLANNED or video is None:
        also = " and its review" if review is None else ""
        return Step(f"book the video session{also} for cycle {number}.", "",
                    "scheduling.book_what", "Find times", booking)  # fmt: skip
    if state == VIDEO_BOOKED:
        return video_to_come(video, review, course, at)
    if state == FILMED:
        return choose_clips(cycle_id, number, review, course, rules)
    if state == CLIPS_CHOSEN or review is None:
        return Step(f"book the shared review of cycle {number}.", "The clips are chosen.",
                    "scheduling.book_what", "Find times",
                    {**booking, "kind": "shared_review"})  # fmt: skip
    return review_to_come(cycle_id, number, review, course, at)


def video_to_come(video: Event, review: Event | None, course: Course, at: datetime) -> Step:
    here = {"appointment_id": video.id}
    if video.starts_at <= at:
        return Step("say how the video session went.", f"It began on {on_day(video.starts_at)}.",
                    "scheduling.appointment", "Record it", here)  # fmt: skip
    if course.missing:
        names = " and ".join(course.missing)
        return Step(
            f"ask {names} whether they may be filmed.",
            f"Until then the video session on {on_day(video.starts_at)} cannot be confirmed.",
            "programmes.consent", "Record consent", {"reference": course.reference},
        )  # fmt: skip
    aloud = f"Say the review’s date aloud there: {on_day(review.starts_at)}." if review else ""
    return Step(f"the video session on {on_day(video.starts_at)}.", aloud,
                "scheduling.appointment", "Open it", here)  # fmt: skip


def choose_clips(
    cycle_id: int, number: int, review: Event | None, course: Course, rules: Rules
) -> Step:
    words = ""
    if review is not None:
        until = clips_until(review.starts_at, rules)
        words = (
            f"Until then the review on {on_day(review.starts_at)} stays provisional, and "
            f"{course.carer} has not been texted about it. {course.practitioner} has until "
            f"{for_family_date(until)} at {staff_time(until)}."
        )
    return Step(f"choose the clips for cycle {number}.", words,
                "programmes.clips", "Choose clips", {"cycle_id": cycle_id})  # fmt: skip


def review_to_come(cycle_id: int, number: int, review: Event, course: Course, at: datetime) -> Step:
    if review.starts_at > at:
        return Step(f"the shared review on {on_day(review.starts_at)}.", "",
                    "scheduling.appointment", "Open it", {"appointment_id": review.id})  # fmt: skip
    words = "Rate the goals again."
    later = [video_of(facts) for _, facts in course.cycles if facts.number > number]
    untold = next((video for video in later if video and video.status == "provisional"), None)
    if untold is not None:
        words += (
            f" {course.carer} has not been told of the next video session on "
            f"{on_day(untold.starts_at)} until then."
        )
    return Step(f"record the shared review of cycle {number}.", words,
                "programmes.review", "Record it", {"cycle_id": cycle_id})  # fmt: skip


def before_programme(reference: str, visit: Event | None, at: datetime) -> Step:
    """What comes next after a yes, with the goals visit if there is one."""
    here = {"reference": reference}
    if visit is None:
        return Step("book the goals visit.", "They said yes. The programme begins with goals.",
                    "scheduling.book_what", "Find times",
                    {**here, "kind": "goals_visit"})  # fmt: skip
    if visit.starts_at > at:
        return Step(f"the goals visit on {on_day(visit.starts_at)}.", "",
                    "scheduling.appointment", "Open it", {"appointment_id": visit.id})  # fmt: skip
    if visit.status != "done":
        return Step("say how the goals visit went.", f"It began on {on_day(visit.starts_at)}.",
                    "scheduling.appointment", "Record it",
                    {"appointment_id": visit.id})  # fmt: skip
    return Step("start the programme.", "The goals visit is done.",
                "programmes.programme", "Start it", here)  # fmt: skip


def after_programme(
    reference: str, follow_up_due: date | None, media_delete_by: date | None, today: date
) -> Step | None:
    """What comes next after the ending, once it is due."""
    here = {"reference": reference}
    if media_delete_by and media_delete_by <= today:
        by = f"It was to be deleted by {for_family_date(media_delete_by)}."
        return Step("delete what was filmed.", by, "programmes.media", "Record it", here)
    if follow_up_due and follow_up_due <= today:
        return Step("the follow-up.", f"It was due on {for_family_date(follow_up_due)}.",
                    "programmes.follow_up", "Book or record it", here)  # fmt: skip
    return None
