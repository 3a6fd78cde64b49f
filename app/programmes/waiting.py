"""What programmes leave waiting for a person: to book, clips, consent, late reviews, and after the
ending the follow-up and the films. Derived anew each time, in two statements.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from app import clock
from app.db import plain_rows
from app.enquiries.models import Choice
from app.enquiries.queries import last_said
from app.enquiries.steps import ABOUT_THE_YES
from app.families.models import Family
from app.prepared import built_once
from app.programmes.causes import BOOK_WITHIN, CAUSES, Known
from app.programmes.cycles import (
    CLIPS_CHOSEN,
    COUNTS,
    FILMED,
    PLANNED,
    CycleFacts,
    Event,
    review_gap,
    review_of,
    state_of,
    video_of,
)
from app.programmes.models import Clip, Cycle, Programme
from app.programmes.next_step import clips_until
from app.scheduling.models import LIVE, Appointment
from app.settings import store
from app.settings.rules import Rules
from app.tasks.causes import items_of
from app.tasks.waiting import Item
from app.times import for_staff
from app.working_days import evening_after


def waiting(at: datetime) -> list[Item]:
    """Everything of programmes that waits for a person."""
    return [*in_programmes(at), *items_of(CAUSES, at)]


def in_programmes(at: datetime) -> Iterator[Item]:
    """The cycle in hand of every programme that runs; where a yes does not stand, nothing is to be
    booked.
    """
    rules = store.current()
    rows = plain_rows(running())
    for _, of_course in groupby(rows, key=lambda row: row.programme_id):
        yield from of_programme(list(of_course), rules, at)


@built_once
def running() -> Select[Any]:
    """Programmes that run, each with its cycle in hand (the first that is not reviewed), once for
    each video session of that cycle and each review that count.
    """
    each, other = aliased(Cycle), aliased(Appointment)
    video, review = aliased(Appointment), aliased(Appointment)

    def of_cycles(what: Any) -> ScalarSelect[Any]:
        return select(what).where(each.programme_id == Programme.id).scalar_subquery()

    def of_kind(one: Any, kind: str) -> ColumnElement[bool]:
        return and_(one.cycle_id == Cycle.id, one.kind == kind, one.status.in_(COUNTS))

    def unless_booked(what: Any) -> ColumnElement[Any]:
        """Not asked beside a video session to come: then nothing waits to be booked."""
        return case((video.status.in_(LIVE), None), else_=what)

    in_hand = select(func.min(each.number)).where(
        each.programme_id == Programme.id, each.reviewed_on.is_(None)
    )
    goals_until = select(func.max(other.ends_at)).where(
        other.family_id == Programme.family_id,
        other.kind == "goals_visit",
        other.status.in_((*LIVE, "done")),
    )
    waits_again = select(other.id).where(
        other.cycle_id == Cycle.id, other.status == "cancelled", other.settled_at.is_(None)
    )
    clips = select(func.count()).where(Clip.cycle_id == Cycle.id)
    return (
        select(
            Programme.id.label("programme_id"), Programme.created_at, Family.id.label("family_id"),
            Family.reference, Family.practitioner_id,
            unless_booked(last_said(Choice.step, *ABOUT_THE_YES)).label("said"),
            unless_booked(of_cycles(func.count())).label("cycles"),
            unless_booked(of_cycles(func.max(each.reviewed_on))).label("reviewed_on"),
            Cycle.id.label("cycle_id"), Cycle.number, Cycle.clips_chosen_at,
            unless_booked(goals_until.scalar_subquery()).label("goals_until"),
            unless_booked(waits_again.exists()).label("waits_again"),
            unless_booked(clips.scalar_subquery()).label("clips"),
            video.id.label("video_id"), video.status.label("video_status"),
            video.starts_at.label("filmed_from"), video.ends_at.label("filmed_until"),
            video.staff_id.label("filmed_by"),
            review.id.label("review_id"), review.status.label("review_status"),
            review.starts_at.label("reviewed_from"), review.ends_at.label("reviewed_until"),
            review.staff_id.label("reviewed_by"),
        )
        .select_from(Programme)
        .join(Family, Family.id == Programme.family_id)
        .outerjoin(
            Cycle,
            (Cycle.programme_id == Programme.id) & (Cycle.number == in_hand.scalar_subquery()),
        )
        .outerjoin(video, of_kind(video, "video_session"))
        .outerjoin(review, of_kind(review, "shared_review"))
        .where(Programme.open_for.is_not(None))
        .order_by(Programme.id, video.starts_at)
    )  # fmt: skip


def facts_of(rows: Sequence[Any]) -> CycleFacts:
    """The cycle in hand, as far as the work list needs it."""
    first = rows[0]
    events = {event.id: event for row in rows for event in events_of(row)}
    return CycleFacts(
        number=first.number,
        events=tuple(events.values()),
        clips=first.clips or 0,
        clips_chosen_at=first.clips_chosen_at,
    )


def events_of(row: Any) -> Iterator[Event]:
    if row.video_id is not None:
        yield Event(
            row.video_id, "video_session", row.video_status, row.filmed_from, row.filmed_until,
            row.filmed_by,
        )  # fmt: skip
    if row.review_id is not None:
        yield Event(
            row.review_id, "shared_review", row.review_status, row.reviewed_from,
            row.reviewed_until, row.reviewed_by,
        )  # fmt: skip


def of_programme(rows: Sequence[Any], rules: Rules, at: datetime) -> Iterator[Item]:
    row = rows[-1]  # of several video sessions the last
    if row.video_status in LIVE and row.review_id is None:  # filming comes next: nothing waits
        return
    known = Known(row.family_id, row.reference, row.practitioner_id)
    if row.cycle_id is None:
        since = reviewed_since(row)
        yield known.item(
            "other", f"All {row.cycles} cycles are reviewed. End the programme, or plan another.",
            since, evening_after(clock.london(since).date(), BOOK_WITHIN),
            "programmes.end", "End it", reference=known.reference,
        )  # fmt: skip
        return
    facts = facts_of(rows)
    state = state_of(facts)
    if state == PLANNED and row.said == "yes" and not row.waits_again:
        since = to_film_since(row)
        if since <= at:
            why = f"Cycle {facts.number} has nothing booked."
            yield known.to_book(why, since, cycle=row.cycle_id)
    if state == CLIPS_CHOSEN and row.said == "yes":
        yield known.to_book(
            f"The clips of cycle {facts.number} are chosen and no review is booked.",
            facts.clips_chosen_at or reviewed_since(row), cycle=row.cycle_id, kind="shared_review",
        )  # fmt: skip
    if state == FILMED:
        yield clips_due(known, row.cycle_id, facts, rules)
    if late := late_review(known, facts, rules, at):
        yield late


def reviewed_since(row: Any) -> datetime:
    """When the cycle before was reviewed, or the programme began."""
    since: datetime = clock.midnight(row.reviewed_on) if row.reviewed_on else row.created_at
    return since


def to_film_since(row: Any) -> datetime:
    """From when the cycle in hand can be booked: the goals come before anything is filmed."""
    since = reviewed_since(row)
    return max(since, row.goals_until or since)


def clips_due(known: Known, cycle_id: int, facts: CycleFacts, rules: Rules) -> Item:
    """Filmed and no clips: due before the review, or where none is booked when it should be."""
    video, review = video_of(facts), review_of(facts)
    assert video is not None, "it was filmed"
    if review is not None:
        due = clips_until(review.starts_at, rules)
        why = f"The review on {for_staff(review.starts_at)} stays provisional until then."
    else:
        due = evening_after(clock.london(video.starts_at).date(), BOOK_WITHIN)
        why = "No review is booked yet."
    return known.item(
        "clips_due", f"Cycle {facts.number} was filmed on {for_staff(video.starts_at)}. {why}",
        video.ends_at, due, "programmes.clips", "Choose clips", cycle_id=cycle_id,
    )  # fmt: skip


def late_review(known: Known, facts: CycleFacts, rules: Rules, at: datetime) -> Item | None:
    """A review to come that is later after its video than the settings warn of, or flag."""
    gap, review = review_gap(facts, rules), review_of(facts)
    if gap is None or review is None or not gap[1] or review.starts_at <= at:
        return None
    most = rules.review_flag_days if gap[1] == "late" else rules.review_warn_days
    return known.item(
        "to_check",
        f"The review of cycle {facts.number} is {gap[0]} days after its video, more than {most}. "
        "Is there an earlier time?",
        at, review.starts_at if gap[1] == "late" else None,
        "scheduling.appointment", "Open", appointment_id=review.id,
    )  # fmt: skip
