"""What programmes leave waiting for a person: to book, clips, consent, late reviews, and after the
ending the follow-up and the films. Derived anew each time, in a fixed number of statements.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, or_, select

from app import clock
from app.db import db
from app.enquiries.models import Choice
from app.enquiries.steps import ABOUT_THE_YES
from app.families.models import Family
from app.programmes.cycles import (
    CLIPS_CHOSEN,
    FILMED,
    PLANNED,
    CycleFacts,
    review_gap,
    review_of,
    state_of,
    video_of,
)
from app.programmes.filmed import lapsed_names
from app.programmes.models import Cycle, Programme
from app.programmes.next_step import clips_until
from app.programmes.queries import facts_of
from app.scheduling.models import LIVE, Appointment
from app.settings import store
from app.settings.rules import Rules
from app.tasks.waiting import Item
from app.times import for_staff
from app.working_days import working_days_after

BOOK_WITHIN = 5  # working days from when something can be booked
END_OF_DAY = time(17)


@dataclass(frozen=True)
class Known:
    """What every item of a family says of it."""

    family_id: int
    reference: str
    practitioner_id: int | None

    def item(
        self,
        kind: str,
        why: str,
        since: datetime,
        due_at: datetime | None,
        endpoint: str,
        button: str,
        /,  # the button's address may carry a kind of its own
        **values: object,
    ) -> Item:
        return Item(
            kind=kind, why=why, since=since, due_at=due_at, endpoint=endpoint, button=button,
            values=dict(values), family_id=self.family_id, owner_id=self.practitioner_id,
        )  # fmt: skip

    def to_book(self, why: str, since: datetime, **more: object) -> Item:
        due = evening(working_days_after(clock.london(since).date(), BOOK_WITHIN))
        return self.item(
            "to_book", why, since, due, "scheduling.book_what", "Find times",
            reference=self.reference, **more,
        )  # fmt: skip


def evening(day: date) -> datetime:
    return clock.at_london(day, END_OF_DAY)


def waiting(at: datetime) -> list[Item]:
    """Everything of programmes that waits for a person."""
    rules = store.current()
    said_yes = standing_yes()
    return [
        *in_programmes(said_yes, rules, at),
        *without_programme(said_yes, at),
        *consent_due(at),
        *after_endings(at),
    ]


def standing_yes() -> dict[int, Choice]:
    """Each family whose own yes stands, with that yes; one statement."""
    rank = func.row_number().over(
        partition_by=Choice.family_id, order_by=(Choice.on.desc(), Choice.id.desc())
    )
    ranked = select(Choice.id, rank.label("rank")).where(Choice.step.in_(ABOUT_THE_YES)).subquery()
    rows = db.session.scalars(
        select(Choice)
        .join(ranked, ranked.c.id == Choice.id)
        .where(ranked.c.rank == 1, Choice.step == "yes")
    )
    return {choice.family_id: choice for choice in rows}


def in_programmes(said_yes: Mapping[int, Choice], rules: Rules, at: datetime) -> Iterator[Item]:
    """The cycle in hand of every programme that runs; where a yes does not stand, nothing is to be
    booked.
    """
    rows = db.session.execute(
        select(Programme, Family, Cycle)
        .join(Family, Family.id == Programme.family_id)
        .join(Cycle, Cycle.programme_id == Programme.id)
        .where(Programme.open_for.is_not(None))
        .order_by(Programme.id, Cycle.number)
    ).all()
    facts = facts_of([cycle for _, _, cycle in rows])
    courses: dict[int, tuple[Programme, Known, list[tuple[int, CycleFacts]]]] = {}
    for programme, family, cycle in rows:
        known = Known(family.id, family.reference, family.practitioner_id)
        course = courses.setdefault(programme.id, (programme, known, []))
        course[2].append((cycle.id, facts[cycle.id]))
    for programme, known, cycles in courses.values():
        yes = known.family_id in said_yes
        yield from of_programme(programme, known, cycles, yes, rules, at)


def of_programme(
    programme: Programme,
    known: Known,
    cycles: Sequence[tuple[int, CycleFacts]],
    said_yes: bool,
    rules: Rules,
    at: datetime,
) -> Iterator[Item]:
    reviewed = [facts.reviewed_on for _, facts in cycles if facts.reviewed_on]
    since = clock.midnight(max(reviewed)) if reviewed else programme.created_at
    in_hand = next(((i, f) for i, f in cycles if f.reviewed_on is None), None)
    if in_hand is None:
        yield known.item(
            "other", f"All {len(cycles)} cycles are reviewed. End the programme, or plan another.",
            since, evening(working_days_after(clock.london(since).date(), BOOK_WITHIN)),
            "programmes.end", "End it", reference=known.reference,
        )  # fmt: skip
        return
    cycle_id, facts = in_hand
    state = state_of(facts)
    video = video_of(facts)
    if state == PLANNED and said_yes:
        yield known.to_book(f"Cycle {facts.number} has nothing booked.", since, cycle=cycle_id)
    if state == CLIPS_CHOSEN and said_yes:
        yield known.to_book(
            f"The clips of cycle {facts.number} are chosen and no review is booked.",
            facts.clips_chosen_at or since, cycle=cycle_id, kind="shared_review",
        )  # fmt: skip
    if state == FILMED and video is not None:
        yield clips_due(known, cycle_id, facts, rules)
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
        due = evening(working_days_after(clock.london(video.starts_at).date(), BOOK_WITHIN))
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


def without_programme(said_yes: Mapping[int, Choice], at: datetime) -> Iterator[Item]:
    """Families whose yes has no programme after it: a goals visit to book, or one to start."""
    if not said_yes:
        return
    families = db.session.scalars(
        select(Family)
        .where(
            Family.id.in_(said_yes),
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
            Family.closed_to_matchers.is_(False),
        )
        .order_by(Family.id)
    ).all()
    begun: dict[int, list[date | None]] = {}
    for family_id, ended_on in db.session.execute(
        select(Programme.family_id, Programme.ended_on).where(Programme.family_id.in_(said_yes))
    ):
        begun.setdefault(family_id, []).append(ended_on)
    visits = {
        visit.family_id: visit
        for visit in db.session.scalars(
            select(Appointment)
            .where(
                Appointment.family_id.in_(said_yes),
                Appointment.kind == "goals_visit",
                Appointment.status.in_((*LIVE, "done")),
            )
            .order_by(Appointment.starts_at)
        )
    }
    for family in families:
        yes = said_yes[family.id]
        if any(ended is None or ended >= yes.on for ended in begun.get(family.id, ())):
            continue
        known = Known(family.id, family.reference, family.practitioner_id)
        if item := first_visit(known, yes, visits.get(family.id)):
            yield item


def first_visit(known: Known, yes: Choice, visit: Appointment | None) -> Item | None:
    if visit is None or (visit.status == "done" and clock.london(visit.ends_at).date() < yes.on):
        since = clock.midnight(yes.on)
        return known.to_book("Said yes; no goals visit is booked.", since, kind="goals_visit")
    if visit.status != "done":
        return None
    return known.item(
        "other", "The goals visit is done. Start the programme.", visit.ends_at,
        evening(working_days_after(clock.london(visit.ends_at).date(), BOOK_WITHIN)),
        "programmes.programme", "Start it", reference=known.reference,
    )  # fmt: skip


def consent_due(at: datetime) -> Iterator[Item]:
    """Video sessions to come on which somebody planned on camera has not agreed."""
    rows = db.session.execute(
        select(Appointment, Family)
        .join(Family, Family.id == Appointment.family_id)
        .where(
            Appointment.kind == "video_session",
            Appointment.status.in_(LIVE),
            Appointment.starts_at > at,
        )
        .order_by(Appointment.starts_at)
    ).all()
    missing = lapsed_names([video for video, _ in rows])
    rules = store.current()
    for video, family in rows:
        if names := missing.get(video.id):
            yield Known(family.id, family.reference, video.staff_id).item(
                "consent_due",
                f"Consent to film of {' and '.join(names)} is not on record for the video session "
                f"on {for_staff(video.starts_at)}.",
                video.created_at, clips_until(video.starts_at, rules),
                "programmes.consent", "Record consent", reference=family.reference,
            )  # fmt: skip


def after_endings(at: datetime) -> Iterator[Item]:
    """Follow-ups and films whose day has come."""
    today = clock.london(at).date()
    rows = db.session.execute(
        select(Programme, Family)
        .join(Family, Family.id == Programme.family_id)
        .where(
            Programme.ended_on.is_not(None),
            or_(
                (Programme.follow_up_due <= today) & Programme.follow_up_words.is_(None),
                (Programme.media_delete_by <= today) & Programme.media_deleted_on.is_(None),
            ),
        )
        .order_by(Programme.id)
    ).all()
    followed = follow_ups({family.id for _, family in rows})
    for programme, family in rows:
        known = Known(family.id, family.reference, family.practitioner_id)
        due, delete_by = programme.follow_up_due, programme.media_delete_by
        if programme.media_deleted_on is None and delete_by and delete_by <= today:
            yield known.item(
                "media_due", "What was filmed is to be deleted by now.", clock.midnight(delete_by),
                evening(delete_by), "programmes.media", "Record it", reference=family.reference,
            )  # fmt: skip
        later = any(day >= (programme.ended_on or day) for day in followed.get(family.id, ()))
        if not programme.follow_up_words and due and due <= today and not later:
            yield known.item(
                "follow_up", f"It ended on {programme.ended_on:%-d %B %Y}. How are they?",
                clock.midnight(due), evening(working_days_after(due, BOOK_WITHIN)),
                "programmes.follow_up", "Book or record it", reference=family.reference,
            )  # fmt: skip


def follow_ups(family_ids: set[int]) -> dict[int, list[date]]:
    """The days of follow-ups that are done or to come, by family."""
    found: dict[int, list[date]] = {}
    if not family_ids:
        return found
    for family_id, starts_at in db.session.execute(
        select(Appointment.family_id, Appointment.starts_at).where(
            Appointment.family_id.in_(family_ids),
            Appointment.kind == "follow_up",
            Appointment.status.in_((*LIVE, "done")),
        )
    ):
        found.setdefault(family_id, []).append(clock.london(starts_at).date())
    return found
