"""What programmes leave waiting that single rows can tell: a yes without a programme, consent that
is missing, what comes after an ending.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ScalarSelect, Select, exists, func, or_, select

from app import clock
from app.enquiries.models import Choice
from app.enquiries.queries import last_said
from app.enquiries.steps import ABOUT_THE_YES
from app.families.models import Family
from app.programmes.filmed import without_consent
from app.programmes.models import Programme
from app.programmes.next_step import clips_until
from app.scheduling.models import LIVE, Appointment
from app.settings import store
from app.tasks.causes import AT, TODAY, Cause, Rows, columns
from app.tasks.waiting import Item
from app.times import for_staff
from app.working_days import evening, evening_after

BOOK_WITHIN = 5  # working days from when something can be booked
HELD = (*LIVE, "done")
TOLD = ("booked", "confirmed")


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
        due = evening_after(clock.london(since).date(), BOOK_WITHIN)
        return self.item(
            "to_book", why, since, due, "scheduling.book_what", "Find times",
            reference=self.reference, **more,
        )  # fmt: skip


def known_of(row: Any) -> Known:
    return Known(row.family_id, row.reference, row.owner_id)


def whose(**more: Any) -> Select[Any]:
    """Rows about families, each with its practitioner as the owner."""
    given = {"owner_id": Family.practitioner_id, **more}
    return select(*columns(family_id=Family.id, reference=Family.reference, **given))


def yes_without_programme() -> Select[Any]:
    """Families whose yes stands and has no programme after it, with their last goals visit."""
    said_on = last_said(Choice.on, *ABOUT_THE_YES)

    def of_visit(column: Any) -> ScalarSelect[Any]:
        """Asked of the few families that are left: as a join it would be looked up for all."""
        return (
            select(column)
            .where(
                Appointment.family_id == Family.id,
                Appointment.kind == "goals_visit",
                Appointment.status.in_(HELD),
            )
            .order_by(Appointment.starts_at.desc())
            .limit(1)
            .correlate(Family)
            .scalar_subquery()
        )

    begun = exists().where(
        Programme.family_id == Family.id,
        or_(Programme.ended_on.is_(None), Programme.ended_on >= said_on),
    )
    return (
        whose(day=said_on, kind=of_visit(Appointment.status), due_at=of_visit(Appointment.ends_at))
        .select_from(Family)
        .where(
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
            Family.closed_to_matchers.is_(False),
            last_said(Choice.step, *ABOUT_THE_YES) == "yes",
            ~begun,
        )
    )


def to_begin(rows: Rows, at: datetime) -> Iterator[Item]:
    """A goals visit to book, or a programme to start."""
    for row in rows:
        known = known_of(row)
        before = row.kind == "done" and clock.london(row.due_at).date() < row.day
        if row.kind is None or before:
            yield known.to_book(
                "Said yes; no goals visit is booked.", clock.midnight(row.day), kind="goals_visit"
            )
        elif row.kind == "done":
            yield known.item(
                "other", "The goals visit is done. Start the programme.", row.due_at,
                evening_after(clock.london(row.due_at).date(), BOOK_WITHIN),
                "programmes.programme", "Start it", reference=known.reference,
            )  # fmt: skip


def videos_without_consent() -> Select[Any]:
    """Video sessions to come, with each person planned on camera who has not agreed. Those of later
    cycles, which are provisional, ask nothing yet."""
    videos = select(Appointment.id).where(
        Appointment.kind == "video_session",
        Appointment.status.in_(TOLD),
        Appointment.starts_at > AT,
    )
    missing = without_consent(videos).subquery()
    return (
        whose(
            id=Appointment.id, kind=missing.c.person_kind, about_id=missing.c.person_id,
            words=missing.c.first_name, owner_id=Appointment.staff_id,
            created_at=Appointment.created_at, due_at=Appointment.starts_at,
            urgent=missing.c.lapsed,
        )
        .select_from(missing)
        .join(Appointment, Appointment.id == missing.c.appointment_id)
        .join(Family, Family.id == Appointment.family_id)
    )  # fmt: skip


def consent_due(rows: Rows, at: datetime) -> Iterator[Item]:
    """Consent to ask for; where somebody took theirs back or said no, the session is in doubt."""
    rules = store.current()
    ordered = sorted(rows, key=lambda row: (row.id, row.kind, row.about_id))
    for _, of_video in groupby(ordered, key=lambda row: row.id):
        missing = list(of_video)
        names, row = " and ".join(row.words for row in missing), missing[0]
        lapsed = any(row.urgent for row in missing)
        yield known_of(row).item(
            "in_doubt" if lapsed else "consent_due",
            f"Consent to film of {names} {'stands no more' if lapsed else 'is not on record'} "
            f"for the video session on {for_staff(row.due_at)}.",
            row.created_at, clips_until(row.due_at, rules),
            "programmes.consent", "Record consent", reference=row.reference,
        )  # fmt: skip


def videos_untold() -> Select[Any]:
    """Video sessions to come that are provisional still."""
    return (
        whose(
            id=Appointment.id, owner_id=Appointment.staff_id, due_at=Appointment.starts_at,
            created_at=Appointment.created_at, more=Appointment.reasons,
        )
        .select_from(Appointment)
        .join(Family, Family.id == Appointment.family_id)
        .where(
            Appointment.kind == "video_session",
            Appointment.status == "provisional",
            Appointment.to_check.is_(False),
            Appointment.starts_at > AT,
        )
    )  # fmt: skip


def untold_soon(rows: Rows, at: datetime) -> Iterator[Item]:
    """A video session is near and the family was not told: as near as the first reminder goes."""
    rules = store.current()
    for row in rows:
        if row.due_at - at > timedelta(days=rules.early_reminder_days):
            continue
        why = " ".join(sentence for _code, sentence in row.more)
        yield known_of(row).item(
            "to_check",
            f"The family is not told of the video session on {for_staff(row.due_at)} while it is "
            f"provisional. {why}",
            max(row.created_at, row.due_at - timedelta(days=rules.early_reminder_days)),
            clips_until(row.due_at, rules), "scheduling.appointment", "Open",
            appointment_id=row.id,
        )  # fmt: skip


def films_to_delete() -> Select[Any]:
    return (
        whose(day=Programme.media_delete_by)
        .join(Programme, Programme.family_id == Family.id)
        .where(
            Programme.ended_on.is_not(None),
            Programme.media_deleted_on.is_(None),
            Programme.media_delete_by <= TODAY,
        )
    )


def media_due(rows: Rows, at: datetime) -> Iterator[Item]:
    for row in rows:
        yield known_of(row).item(
            "media_due", "What was filmed is to be deleted by now.", clock.midnight(row.day),
            evening(row.day), "programmes.media", "Record it", reference=row.reference,
        )  # fmt: skip


def endings_to_follow() -> Select[Any]:
    """Programmes whose follow-up has come, with the last follow-up that is done or booked."""
    followed = select(func.max(Appointment.starts_at)).where(
        Appointment.family_id == Family.id,
        Appointment.kind == "follow_up",
        Appointment.status.in_(HELD),
    )
    return (
        whose(
            day=Programme.ended_on,
            until=Programme.follow_up_due,
            due_at=followed.correlate(Family).scalar_subquery(),
        )
        .join(Programme, Programme.family_id == Family.id)
        .where(
            Programme.ended_on.is_not(None),
            Programme.follow_up_words.is_(None),
            Programme.follow_up_due <= TODAY,
        )
    )


def follow_up_due(rows: Rows, at: datetime) -> Iterator[Item]:
    for row in rows:
        if row.due_at is not None and clock.london(row.due_at).date() >= row.day:
            continue
        yield known_of(row).item(
            "follow_up", f"It ended on {row.day:%-d %B %Y}. How are they?",
            clock.midnight(row.until), evening_after(row.until, BOOK_WITHIN),
            "programmes.follow_up", "Book or record it", reference=row.reference,
        )  # fmt: skip


CAUSES = (
    Cause("yes", yes_without_programme, to_begin),
    Cause("consent", videos_without_consent, consent_due),
    Cause("untold", videos_untold, untold_soon),
    Cause("films", films_to_delete, media_due),
    Cause("endings", endings_to_follow, follow_up_due),
)
