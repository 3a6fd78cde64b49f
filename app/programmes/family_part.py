"""A family's programme as plain values for its page: the table, goals over time, consent, what is
next; three statements (four with goals) whatever the length of the programme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from flask_login import current_user
from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    null,
    select,
)

from app import clock
from app.db import db, plain_rows
from app.enquiries.queries import has_said_yes
from app.families.models import Family
from app.programmes.cycle_table import CycleRow, Visit, cycle_rows, visit_shown
from app.programmes.cycles import REVIEWED, STATE_WORDS, CycleFacts, counted, video_of
from app.programmes.filmed import Person, live_key
from app.programmes.goals_shown import GoalShown, goals_of, rating_days
from app.programmes.models import ENDINGS, PURPOSES, Clip, Consent, Cycle, OnCamera, Programme
from app.programmes.next_step import (
    PRIVATE,
    Course,
    Step,
    after_programme,
    before_programme,
    next_in_programme,
)
from app.programmes.queries import event_of, facts_from, filmed_in, may_read_goals, with_lapsed
from app.scheduling.models import LIVE, Appointment
from app.scheduling.queries import of_family
from app.settings import store


@dataclass(frozen=True)
class ConsentShown:
    """One person's answer to being filmed, and the other purposes they agreed to."""

    name: str
    answer: str  # 'Yes', 'No', 'Taken back', 'Not asked'
    on: date | None
    given_by: str | None
    also: Sequence[str]


@dataclass(frozen=True)
class ProgrammeView:
    """What a family's page shows of its programme. `goals` is None where the reader may not see
    them.
    """

    programme: Programme | None
    counted: int
    goals_visit: Visit | None
    rows: Sequence[CycleRow]
    goals: Sequence[GoalShown] | None
    consents: Sequence[ConsentShown]
    next: Step | None
    earlier: int

    @property
    def running(self) -> bool:
        return self.programme is not None and self.programme.ended_on is None

    @property
    def undated(self) -> bool:
        """Whether a cycle to come lacks its video session or its review."""
        return any(
            row.state != STATE_WORDS[REVIEWED] and not (row.video and row.review)
            for row in self.rows
        )

    @property
    def rating_days(self) -> list[date]:
        return rating_days(self.goals or ())

    @property
    def ending(self) -> str:
        """How it ended, in words that go on a sentence."""
        ending = self.programme.ending if self.programme else None
        return ENDINGS[ending].lower() if ending else ""

    @property
    def cycle_words(self) -> str | None:
        """'Cycle 2 of 4', while it runs."""
        if self.programme is None or not self.running:
            return None
        at = min(self.counted + 1, self.programme.planned_cycles)
        return f"Cycle {at} of {self.programme.planned_cycles}"


def for_page(family: Family, at: datetime) -> ProgrammeView:
    """The programme of a family as whoever is signed in may see it: no link to what they may not
    open.
    """
    private = may_read_goals(current_user, family)
    view = programme_view(family, at, private=private)
    if view.next and not private and view.next.endpoint in PRIVATE:
        return replace(view, next=replace(view.next, endpoint=""))
    return view


def programme_view(family: Family, at: datetime, *, private: bool) -> ProgrammeView:
    """The family's programme (the running one, else the last), read with its people loaded."""
    rows = db.session.execute(with_cycles(), {"family": family.id}).all()
    programme = rows[0][0] if rows else None
    own = [(cycle, clips) for p, cycle, clips in rows if p is programme and cycle is not None]
    appointments = visits_of(family.id)
    consents, planned = consents_and_plans(family.id)
    cycles = [cycle for cycle, _ in own]
    facts = facts_from(
        cycles,
        [a for a in appointments if a.status != "cancelled"],
        {cycle.id: clips for cycle, clips in own},
        {programme.id: family.practitioner_id} if programme else {},
    )
    lapsed = lapsed_of(family, facts, appointments, consents, planned)
    facts = with_lapsed(facts, lapsed)
    goals = goals_of(programme) if private and programme else None
    visit = goals_visit_of(appointments)
    following = (
        next_of(programme, family, facts, lapsed, goals, appointments, at)
        if programme
        else next_without(family, visit, at)
    )
    return ProgrammeView(
        programme=programme,
        counted=counted(list(facts.values())),
        goals_visit=visit_shown(visit) if visit else None,
        rows=cycle_rows(cycles, facts, appointments, store.current()),
        goals=goals if private else None,
        consents=consents_shown(family, consents),
        next=following,
        earlier=len({p.id for p, _, _ in rows}) - 1 if rows else 0,
    )


@cache
def with_cycles() -> Select[Programme, Cycle, int]:
    """A family's programmes, the last first, with each cycle and how many clips it has."""
    return (
        select(Programme, Cycle, func.count(Clip.id))
        .outerjoin(Cycle, Cycle.programme_id == Programme.id)
        .outerjoin(Clip, Clip.cycle_id == Cycle.id)
        .where(Programme.family_id == bindparam("family"))
        .group_by(Programme.id, Cycle.id)
        .order_by(Programme.id.desc(), Cycle.number)
    )


def visits_of(family_id: int) -> Sequence[Appointment]:
    """Every VIG appointment of a family, cancelled ones too, oldest first."""
    return [row for row in reversed(of_family(family_id)) if row.kind != "conversation"]


def consents_and_plans(family_id: int) -> tuple[Sequence[Any], Mapping[int, list[Person]]]:
    """A family's consents, oldest first, and who was planned on camera by video session: one
    statement.
    """
    rows = plain_rows(consents_then_plans(), family=family_id)
    planned: dict[int, list[Person]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        if row.appointment_id is not None:
            planned.setdefault(row.appointment_id, []).append((row.person_kind, row.person_id))
    return sorted((r for r in rows if r.appointment_id is None), key=lambda r: r.id), planned


@cache
def consents_then_plans() -> Any:
    """Both parts, with the columns of a consent."""
    family_id = bindparam("family", type_=Integer())
    consents = select(
        cast(null(), Integer).label("appointment_id"), Consent.id, Consent.person_kind,
        Consent.person_id, Consent.purpose, Consent.given, Consent.given_by, Consent.on,
        Consent.withdrawn_on, Consent.live,
    ).where(Consent.family_id == family_id)  # fmt: skip
    plans = (
        select(
            OnCamera.appointment_id, OnCamera.id, OnCamera.person_kind, OnCamera.person_id,
            cast(null(), Text), cast(null(), Boolean), cast(null(), Text), cast(null(), Date),
            cast(null(), Date), cast(null(), Text),
        )
        .join(Appointment, Appointment.id == OnCamera.appointment_id)
        .where(Appointment.family_id == family_id)
    )  # fmt: skip
    return consents.union_all(plans)


def goals_visit_of(appointments: Sequence[Appointment]) -> Appointment | None:
    """The last goals visit that is done or to come."""
    visits = [a for a in appointments if a.kind == "goals_visit" and a.status in (*LIVE, "done")]
    return visits[-1] if visits else None


def lapsed_of(
    family: Family,
    facts: Mapping[int, CycleFacts],
    appointments: Sequence[Appointment],
    consents: Sequence[Any],
    planned: Mapping[int, Sequence[Person]],
) -> dict[int, list[str]]:
    """Video session -> first names of those on camera without a standing yes."""
    videos = {a.id: a for a in appointments if a.kind == "video_session"}
    counting = filmed_in(facts)
    asked = [a for a in videos.values() if a.id in counting or a.status in LIVE]
    agreed = {c.live for c in consents if c.given and c.live}
    names: dict[Person, str] = {("carer", c.id): c.first_name for c in family.carers}
    names |= {("child", c.id): c.first_name or "the child" for c in family.children}
    found = {}
    for video in asked:
        people = planned.get(video.id) or usual_people(family, video)
        without = [p for p in people if live_key(p, "film_session") not in agreed]
        if without:
            found[video.id] = [names.get(person, "somebody") for person in without]
    return found


def usual_people(family: Family, video: Appointment) -> list[Person]:
    """Who is on camera where nobody planned it: as `filmed.on_camera`, from loaded rows."""
    carer: list[Person] = [("carer", video.carer_id)] if video.carer_id else []
    children: list[Person] = [
        ("child", child.id)
        for child in family.present_children
        if child.born_on or not child.expected_on
    ]
    return carer + children


def consents_shown(family: Family, consents: Sequence[Any]) -> list[ConsentShown]:
    """A line for everybody of the family: filming, and what else they agreed to."""
    people: list[tuple[Person, str]] = [
        (("carer", carer.id), carer.first_name) for carer in family.present_carers
    ]
    people += [
        (("child", child.id), child.first_name or "The child") for child in family.present_children
    ]
    return [consent_shown(person, name, consents) for person, name in people]


def consent_shown(person: Person, name: str, consents: Sequence[Any]) -> ConsentShown:
    own = [c for c in consents if (c.person_kind, c.person_id) == person]
    filming = [c for c in own if c.purpose == "film_session"]
    also = [PURPOSES[c.purpose] for c in own if c.live and c.given and c.purpose != "film_session"]
    if not filming:
        return ConsentShown(name, "Not asked", None, None, also)
    last = filming[-1]
    if last.withdrawn_on:
        return ConsentShown(name, "Taken back", last.withdrawn_on, None, also)
    by = None if last.given_by.startswith(name) else last.given_by
    return ConsentShown(name, "Yes" if last.given else "No", last.on, by, also)


def next_without(family: Family, visit: Appointment | None, at: datetime) -> Step | None:
    """What is next where no programme ever began: nothing before the family's yes, nor once the
    record is closed because a carer became a peer parent.
    """
    if family.closed_to_matchers or family.ended_on or not has_said_yes(family.id):
        return None
    return before_programme(family.reference, event_of(visit) if visit else None, at)


def next_of(
    programme: Programme,
    family: Family,
    facts: Mapping[int, CycleFacts],
    lapsed: Mapping[int, Sequence[str]],
    goals: Sequence[GoalShown] | None,
    appointments: Sequence[Appointment],
    at: datetime,
) -> Step | None:
    """What is next in the running programme, or after the last one."""
    if programme.ended_on:
        follow_up = None if has_follow_up(programme, appointments) else programme.follow_up_due
        delete_by = None if programme.media_deleted_on else programme.media_delete_by
        return after_programme(family.reference, follow_up, delete_by, clock.london(at).date())
    carers = family.present_carers
    coming = next(
        (v for v in map(video_of, facts.values()) if v and v.status in LIVE and v.ends_at > at),
        None,
    )
    course = Course(
        reference=family.reference,
        carer=carers[0].first_name if carers else "the family",
        practitioner=family.practitioner.first_name if family.practitioner else "Somebody",
        cycles=list(facts.items()),
        missing=lapsed.get(coming.id, ()) if coming else (),
        goals=None if goals is None else sum(goal.closed_on is None for goal in goals),
        programme_id=programme.id,
    )
    return next_in_programme(course, store.current(), at)


def has_follow_up(programme: Programme, appointments: Sequence[Appointment]) -> bool:
    """Whether the follow-up is booked, done, or explained."""
    after = programme.ended_on
    return bool(programme.follow_up_words) or any(
        a.kind == "follow_up"
        and a.status in (*LIVE, "done")
        and after is not None
        and clock.london(a.starts_at).date() >= after
        for a in appointments
    )
