"""A family's course, step by step, through the acts: what the tests of programmes begin with."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import update

from app.clock import at_london
from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.families.models import Carer, Child, Family
from app.messaging.models import Outbox
from app.programmes.booking import book_pair
from app.programmes.clips import Moment, choose_clips
from app.programmes.consents import record_consent
from app.programmes.goals import set_goal
from app.programmes.models import Cycle, Goal, Programme
from app.programmes.queries import cycle_by_id
from app.programmes.start import cycles_of, start_programme
from app.scheduling.book import Booking
from app.scheduling.models import Appointment
from app.scheduling.outcome import record_outcome
from app.scheduling.queries import by_id
from tests.cast import NOW, Cast

TODAY = NOW.date()
VIDEO_DAY = date(2026, 12, 1)  # the Tuesday after NOW's Monday
REVIEW_DAY = date(2026, 12, 8)
THREE = (Moment(63, 80, "He looks, she waits"), Moment(120, 141), Moment(300, 330))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return at_london(day, time(hour, minute))


AFTER_VIDEO = at(VIDEO_DAY, 12)
AFTER_REVIEW = at(REVIEW_DAY, 15)


def says(cast: Cast, step: str = "yes", *, now: datetime = NOW, how: str = "phone") -> None:
    transact(
        lambda: record_choice(
            cast.hannah, step, on=now.date(), how=how, by=cast.jago, at=now,
            ask_again_on=date(2027, 3, 1),
        )
    )  # fmt: skip


def started(cast: Cast, cycles: int = 3) -> Programme:
    says(cast)
    return transact(
        lambda: start_programme(cast.hannah, cast.tamsin.id, cycles, on=TODAY, by=cast.jago, at=NOW)
    )


def cycle(programme: Programme, number: int = 1) -> Cycle:
    found = cycle_by_id(cycles_of(programme)[number - 1].id)
    assert found is not None
    return found


def wanted(cast: Cast, kind: str, starts_at: datetime, **more) -> Booking:
    minutes = {"video_session": 45, "shared_review": 60, "goals_visit": 60, "follow_up": 30}
    return Booking(
        kind=kind, family_id=cast.hannah.id, staff_id=cast.tamsin.id, starts_at=starts_at,
        minutes=minutes[kind], place_id=cast.hannah.home_id, **more,
    )  # fmt: skip


def video(cast: Cast, day: date = VIDEO_DAY, **more) -> Booking:
    return wanted(cast, "video_session", at(day, 10), **more)


def review(cast: Cast, day: date = REVIEW_DAY, **more) -> Booking:
    return wanted(cast, "shared_review", at(day, 10), **more)


def paired(cast: Cast, programme: Programme, number: int = 1) -> tuple[int, int]:
    """A cycle's video session and review, booked; their ids."""
    made = transact(
        lambda: book_pair(cycle(programme, number), video(cast), review(cast), by=cast.jago, at=NOW)
    )
    return made[0].id, made[1].id


def one(appointment_id: int) -> Appointment:
    found = by_id(appointment_id)
    assert found is not None
    return found


def heard(appointment_id: int) -> Appointment:
    """The text that tells of it has reached whoever it went to."""
    told = update(Outbox).where(Outbox.about_id == appointment_id, Outbox.purpose == "booked")
    db.session.execute(told.values(state="delivered", sent_at=NOW, final_at=NOW))
    db.session.commit()
    return one(appointment_id)


def filmed(cast: Cast, video_id: int, *, status: str = "done", now: datetime = AFTER_VIDEO) -> None:
    transact(lambda: record_outcome(one(video_id), status, by=cast.tamsin, at=now))


def chosen(cast: Cast, programme: Programme, number: int = 1, *, now: datetime = AFTER_VIDEO):
    return transact(lambda: choose_clips(cycle(programme, number), THREE, by=cast.tamsin, at=now))


def people(family: Family) -> list[tuple[str, int]]:
    carers = db.session.query(Carer).filter_by(family_id=family.id).order_by(Carer.id)
    children = db.session.query(Child).filter_by(family_id=family.id).order_by(Child.id)
    return [("carer", row.id) for row in carers] + [("child", row.id) for row in children]


def agreed(
    cast: Cast, *, purpose: str = "film_session", given: bool = True, who: int | None = None,
    now: datetime = NOW,
) -> None:  # fmt: skip
    """Everybody of Hannah's family (or the one at `who`) answers for a purpose."""
    everybody = people(cast.hannah)
    for person in everybody if who is None else [everybody[who]]:
        transact(
            lambda person=person: record_consent(
                cast.hannah, person, purpose, given, given_by="Hannah Rowe", method="paper",
                on=now.date(), by=cast.tamsin, at=now,
            )
        )  # fmt: skip


def days(number: int) -> timedelta:
    return timedelta(days=number)


def goal(cast: Cast, programme: Programme, words: str = "Wait and watch", **more) -> Goal:
    values = {"first": 3, "hoped_for": 8, "about_adult": True, "on": TODAY, **more}
    return transact(lambda: set_goal(programme, words, by=cast.tamsin, at=NOW, **values))
