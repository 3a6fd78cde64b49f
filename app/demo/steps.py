"""What every family goes through, as scenes to be joined: coming, a look at the home, saying yes,
consent, a visit with check-in and check-out, a cycle.

Each function is part of a story (`yield from`); times are working days counted from today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts.models import Staff
from app.db import db
from app.demo.booking import must_book
from app.demo.days import Days
from app.demo.households import Household
from app.demo.play import Scenes, Told, text_back
from app.demo.team import Team
from app.enquiries.record_choice import record_choice
from app.families.add_family import add_family
from app.families.models import Carer, Family
from app.lone_working.check_ins import check_in, check_out
from app.lone_working.watches import watch_for
from app.peers.models import Peer
from app.places.models import Place
from app.programmes.clips import Moment, choose_clips
from app.programmes.consents import record_consent
from app.programmes.filmed import people_of
from app.programmes.goals import set_goal
from app.programmes.models import Cycle, Programme
from app.programmes.queries import open_programme
from app.programmes.reviews import finish_review
from app.programmes.start import start_programme
from app.risk.assess import approve_assessment, record_assessment
from app.scheduling.models import Appointment
from app.scheduling.outcome import record_outcome
from app.working_days import working_day_before

CLIPS = (
    Moment(62, 81, "Waits, and the next idea comes"),
    Moment(244, 259, "Looks, smiles, says what was seen"),
    Moment(512, 548, "Turn by turn with the bricks"),
)


@dataclass(frozen=True)
class Stage:
    """Where the stories play: the calendar, the team, and the peer parents by first name."""

    days: Days
    team: Team
    peers: dict[str, Peer] = field(default_factory=dict)


def came(
    stage: Stage, home: Household, count: int, *, by: str = "Jago", **more: Any
) -> Told[Family]:
    """The family comes, with the reference that the team's list gave it."""
    at = yield stage.days.at(count, "10:15")
    on = clock.london(at).date()
    family = add_family(
        carer=home.carer(on), children=home.born(stage.days.today), reference=home.reference,
        address=home.address, postcode=home.postcode, came_on=on, how="referral",
        by=stage.team[by], at=at, **{**home.wishes(), **more},
    )  # fmt: skip
    record_choice(family, "told_by_referrer", on=on, how="form", by=stage.team[by], at=at)
    return family


def first_carer(family: Family) -> Carer:
    return db.session.scalars(
        select(Carer).where(Carer.family_id == family.id).order_by(Carer.position).limit(1)
    ).one()


def home_of(family: Family) -> Place:
    return db.session.scalars(select(Place).where(Place.id == family.home_id)).one()


def looked_at(
    stage: Stage, family: Family, count: int, *, by: str, level: str = "standard",
    ticks: Sequence[str] = (), controls: str | None = None,
) -> Scenes:  # fmt: skip
    """Somebody has looked at the home; a manager agrees the next morning where it takes one."""
    at = yield stage.days.at(count, "15:40")
    found = record_assessment(
        home_of(family), ticks, level, controls, clock.london(at).date(), by=stage.team[by], at=at
    )
    if level in ("raised", "high"):
        at = yield stage.days.at(count + 1, "09:20")
        approve_assessment(found, by=stage.team["Morwenna"], at=at)


def said(
    stage: Stage, family: Family, count: int, step: str, *, by: str, words: str | None = None,
    how: str = "phone", wall: str = "14:20", **more: Any,
) -> Scenes:  # fmt: skip
    at = yield stage.days.at(count, wall)
    on = clock.london(at).date()
    record_choice(family, step, on=on, how=how, words=words, by=stage.team[by], at=at, **more)


def begins(stage: Stage, family: Family, count: int, planned: int, *, by: str) -> Scenes:
    """The course of VIG begins."""
    at = yield stage.days.at(count, "15:05")
    start_programme(
        family, stage.team[by].id, planned, on=clock.london(at).date(), by=stage.team[by], at=at
    )


def consents(family: Family, by: Staff, at: datetime, *, without: Sequence[str] = ()) -> None:
    """Everybody's consent to be filmed, as the carer gave it on paper; those `without` were not
    asked yet."""
    carer = first_carer(family)
    on = clock.london(at).date()
    for person, name in people_of(family.id).items():
        if name in without:
            continue
        record_consent(
            family, person, "film_session", True, given_by=carer.first_name, method="paper",
            on=on, by=by, at=at,
        )  # fmt: skip


def keeps(mobile: str, appointment_id: int, stage: Stage, *, words: str = "1") -> Scenes:
    """The family answers the reminder of the working day before."""
    appointment = db.session.get_one(Appointment, appointment_id)
    before = working_day_before(clock.london(appointment.starts_at).date())
    at = yield clock.at_london(
        before, clock.london(appointment.starts_at).time().replace(hour=10, minute=24)
    )
    text_back(mobile, words, at)


def takes_place(
    stage: Stage, appointment_id: int, *, minutes: int | None = None, recorded: bool = True
) -> Scenes:
    """The visit: in at its start, out at its end, each by the worker's own button; then how it
    went."""
    appointment = db.session.get_one(Appointment, appointment_id)
    starts_at, ends_at = appointment.starts_at, appointment.ends_at
    workers = [w for w in (appointment.staff_id, appointment.second_id) if w is not None]
    at = yield starts_at - timedelta(minutes=1)
    for worker in workers:
        if watch := watch_for(appointment, worker, at):
            check_in(watch, how="button", by=db.session.get_one(Staff, worker), at=at)
    at = yield ends_at - timedelta(minutes=2)
    for worker in workers:
        if watch := watch_for(appointment, worker, at):
            check_out(watch, how="button", by=db.session.get_one(Staff, worker), at=at)
    if not recorded:
        return
    at = yield ends_at + timedelta(minutes=10)
    record_outcome(
        appointment, "done", minutes=minutes or appointment.minutes - 5,
        by=db.session.get_one(Staff, workers[0]), at=at,
    )  # fmt: skip


def goals_set(
    stage: Stage, home: Household, family: Family, count: int, *, by: str,
    goals: Sequence[tuple[str, int, int]], wall: str = "10:00", without: Sequence[str] = (),
) -> Scenes:  # fmt: skip
    """The goals visit takes place; goals with their first ratings, and consent to film, follow."""
    at = yield stage.days.at(count - 4, "11:30")
    visit = must_book(
        "goals_visit", family.id, stage.team[by].id, stage.days.day(count), wall,
        place_id=family.home_id, guest="the referrer", by=stage.team["Jago"], at=at,
    )  # fmt: skip
    yield from keeps(home.mobile, visit.id, stage)
    yield from takes_place(stage, visit.id)
    at = yield visit.ends_at + timedelta(minutes=20)
    write_goals(family, goals, by=stage.team[by], at=at)
    consents(family, stage.team[by], at, without=without)


def write_goals(
    family: Family, goals: Sequence[tuple[str, int, int]], *, by: Staff, at: datetime
) -> None:
    programme = running(family)
    on = clock.london(at).date()
    for words, first, hoped_for in goals:
        set_goal(programme, words, first, hoped_for, about_adult=True, on=on, by=by, at=at)
        db.session.expire(programme)
        programme = running(family)


def running(family: Family) -> Programme:
    programme = open_programme(family.id)
    assert programme is not None, "the story has begun a programme"
    return programme


def cycle_of(family: Family, number: int) -> Cycle:
    return running(family).cycles[number - 1]


def booked_pair(
    stage: Stage, family: Family, number: int, count: int, *, by: str, at: datetime,
    wall: str = "10:00", gap: int = 7, activity: str | None = None, place_id: int | None = None,
    last: date | None = None,
) -> tuple[Appointment, Appointment]:  # fmt: skip
    """A video session and its shared review, booked in one go. The review is provisional until the
    clips are chosen."""
    where = place_id or family.home_id
    cycle_id = cycle_of(family, number).id
    worker, coordinator = stage.team[by].id, stage.team["Jago"]
    video = must_book(
        "video_session", family.id, worker, stage.days.day(count), wall, place_id=where,
        cycle_id=cycle_id, activity=activity, by=coordinator, at=at, last=last,
    )  # fmt: skip
    review_from = clock.london(video.starts_at).date() + timedelta(days=gap)
    review = must_book(
        "shared_review", family.id, worker, review_from, wall, place_id=where, cycle_id=cycle_id,
        by=coordinator, at=at,
    )  # fmt: skip
    return video, review


def clips_chosen(family: Family, number: int, *, by: Staff, at: datetime) -> None:
    choose_clips(
        cycle_of(family, number), CLIPS, by=by, at=at,
        kept_where=f"Team drive, {family.reference}, cycle {number}",
    )  # fmt: skip


def whole_cycle(
    stage: Stage, home: Household, family: Family, number: int, count: int, *, by: str,
    ratings: Sequence[int] = (), wall: str = "10:00",
) -> Scenes:  # fmt: skip
    """A cycle from booking to review: filmed, clips chosen the next working day, reviewed, goals
    rated again."""
    worker = stage.team[by]
    at = yield stage.days.at(count - 4, "12:10")
    video, review = booked_pair(
        stage, family, number, count, by=by, at=at, wall=wall, activity="bath toys and bricks"
    )
    yield from keeps(home.mobile, video.id, stage)
    yield from takes_place(stage, video.id)
    at = yield video.ends_at + timedelta(hours=3)
    clips_chosen(family, number, by=worker, at=at)
    yield from keeps(home.mobile, review.id, stage)
    yield from takes_place(stage, review.id, recorded=False)
    at = yield review.ends_at + timedelta(minutes=25)
    goals = running(family).goals
    finish_review(
        cycle_of(family, number), by=worker, at=at,
        ratings={goal.id: value for goal, value in zip(goals, ratings, strict=False)},
    )  # fmt: skip
