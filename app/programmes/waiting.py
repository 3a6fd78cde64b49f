"""What programmes leave waiting for a person: to book, clips, consent, late reviews, and after the
ending the follow-up and the films. Derived anew each time, in two statements.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from app import clock
from app.db import plain_rows
from app.enquiries.models import Choice
from app.enquiries.queries import last_said
from app.enquiries.steps import ABOUT_THE_YES
from app.families.models import Family
from app.programmes.causes import BOOK_WITHIN, CAUSES, Known
from app.programmes.cycles import (
    CLIPS_CHOSEN,
    COUNTS,
    FILMED,
    PLANNED,
    CycleFacts,
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


@cache
def running() -> Select[Any]:
    """Programmes that run, each with its cycle in hand (the first that is not reviewed), once for
    each appointment of that cycle.
    """
    each = aliased(Cycle)

    def of_cycles(what: Any) -> Select[Any]:
        return select(what).where(each.programme_id == Programme.id)

    in_hand = of_cycles(func.min(each.number)).where(each.reviewed_on.is_(None))
    # Beside a video session that counts it is not asked: then nothing waits to be booked.
    has_video = (Appointment.kind == "video_session") & Appointment.status.in_(COUNTS)
    other = aliased(Appointment)
    goals_until = select(func.max(other.ends_at)).where(
        other.family_id == Programme.family_id,
        other.kind == "goals_visit",
        other.status.in_((*LIVE, "done")),
    )
    waits_again = select(other.id).where(
        other.cycle_id == Cycle.id, other.status == "cancelled", other.settled_at.is_(None)
    )
    return (
        select(
            Programme.id.label("programme_id"), Programme.created_at, Family.id.label("family_id"),
            Family.reference, Family.practitioner_id,
            last_said(Choice.step, *ABOUT_THE_YES).label("said"),
            of_cycles(func.count()).scalar_subquery().label("cycles"),
            of_cycles(func.max(each.reviewed_on)).scalar_subquery().label("reviewed_on"),
            Cycle.id.label("cycle_id"), Cycle.number, Cycle.clips_chosen_at,
            case((has_video, None), else_=goals_until.scalar_subquery()).label("goals_until"),
            waits_again.exists().label("waits_again"),
            select(func.count()).where(Clip.cycle_id == Cycle.id).scalar_subquery().label("clips"),
            Appointment.id, Appointment.kind, Appointment.status, Appointment.starts_at,
            Appointment.ends_at, Appointment.staff_id,
        )
        .select_from(Programme)
        .join(Family, Family.id == Programme.family_id)
        .outerjoin(
            Cycle,
            (Cycle.programme_id == Programme.id) & (Cycle.number == in_hand.scalar_subquery()),
        )
        .outerjoin(
            Appointment, (Appointment.cycle_id == Cycle.id) & (Appointment.status != "cancelled")
        )
        .where(Programme.open_for.is_not(None))
        .order_by(Programme.id, Appointment.starts_at)
    )  # fmt: skip


def facts_of(rows: Sequence[Any]) -> CycleFacts:
    """The cycle in hand, as far as the work list needs it; a row is an `Event` of the cycle."""
    first = rows[0]
    return CycleFacts(
        number=first.number,
        events=tuple(row for row in rows if row.id is not None),
        clips=first.clips,
        clips_chosen_at=first.clips_chosen_at,
    )


def of_programme(rows: Sequence[Any], rules: Rules, at: datetime) -> Iterator[Item]:
    row = rows[0]
    known = Known(row.family_id, row.reference, row.practitioner_id)
    since = clock.midnight(row.reviewed_on) if row.reviewed_on else row.created_at
    if row.cycle_id is None:
        yield known.item(
            "other", f"All {row.cycles} cycles are reviewed. End the programme, or plan another.",
            since, evening_after(clock.london(since).date(), BOOK_WITHIN),
            "programmes.end", "End it", reference=known.reference,
        )  # fmt: skip
        return
    facts = facts_of(rows)
    state = state_of(facts)
    since = max(since, row.goals_until or since)  # the goals come before anything is filmed
    if state == PLANNED and row.said == "yes" and since <= at and not row.waits_again:
        yield known.to_book(f"Cycle {facts.number} has nothing booked.", since, cycle=row.cycle_id)
    if state == CLIPS_CHOSEN and row.said == "yes":
        yield known.to_book(
            f"The clips of cycle {facts.number} are chosen and no review is booked.",
            facts.clips_chosen_at or since, cycle=row.cycle_id, kind="shared_review",
        )  # fmt: skip
    if state == FILMED and video_of(facts) is not None:
        yield clips_due(known, row.cycle_id, facts, rules)
    if late := late_review(known, facts, rules, at):
        yield late


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
