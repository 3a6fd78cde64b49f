"""A broken day as its page shows it: each visit with what could become of it, and what was planned.

Built anew for every answer, so that what somebody else has moved meanwhile is gone from it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app import clock
from app.access import PRACTITIONER, User
from app.db import db
from app.scheduling.chosen import Chosen, read_chosen
from app.scheduling.models import KINDS, Appointment
from app.scheduling.replan.approve import Choice
from app.scheduling.replan.breaks import Broken, affected
from app.scheduling.replan.day import Planned, plan_day
from app.scheduling.replan.facts import Facts, read_cases
from app.scheduling.replan.table import Option
from app.scheduling.replan.told import Telling
from app.scheduling.where import inside, where_words
from app.scheduling.will_be_sent import Line
from app.settings import store
from app.tasks.models import Task
from app.times import staff_date, staff_range

RING, CANCEL, LEAVE = "ring", "cancel", "leave"
SHOWN = {"second": 3, "place": 4, "person": 4, "time": 4, "both": 2}  # of each kind, best first
VALUE = re.compile(r"(.+)-(\d{1,9})-(\d{1,9})", re.ASCII)


class Shown(NamedTuple):
    """One choice: what the form carries, in words, why it is good, and who would be told."""

    value: str
    words: str
    why: str
    told: str
    planned: bool


@dataclass(frozen=True)
class Visit:
    """One affected visit. `refused` says why it was not replanned a moment ago, `sent` the exact
    words that go if the plan's proposal is approved."""

    row: Appointment
    name: str
    reference: str
    what: str
    when: str
    choices: Sequence[Shown]
    checked: str
    ringing: bool
    sent: Sequence[Line]
    refused: str = ""


@dataclass(frozen=True)
class Page:
    """Every visit, how many more the reader may not see, and the plan in numbers."""

    visits: Sequence[Visit]
    hidden: int
    kinds: Mapping[str, int]
    asked: int
    driving: int
    exact: bool

    @property
    def refused(self) -> Sequence[Visit]:
        return [visit for visit in self.visits if visit.refused]


def make_page(
    broken: Broken,
    user: User,
    *,
    at: datetime,
    typed: Mapping[int, str] | None = None,
    refused: Mapping[int, str] | None = None,
) -> Page:
    """The page as things stand now; `typed` are the choices of a form that is shown again."""
    rows, hidden = affected(broken, user, at=at)
    if not rows:
        return Page((), hidden, {}, 0, 0, exact=True)
    facts = read_cases(rows, broken, store.current(), at=at)
    planned = plan_day(facts.cases, facts.team, facts.terms, facts.first, facts.last)
    ringing = to_ring([row.id for row in rows])
    telling = Telling.of(rows, facts, at)
    visits = [
        visit_of(
            row, number, planned, facts, telling,
            discreet=user.role == PRACTITIONER,
            ringing=row.id in ringing,
            typed=(typed or {}).get(row.id, ""),
            refused=(refused or {}).get(row.id, ""),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    chosen = [option for number in range(len(rows)) if (option := planned.chosen(number))]
    return Page(
        visits=visits,
        hidden=hidden,
        kinds=Counter(option.kind for option in chosen),
        asked=planned.plan.cost.asked,
        driving=planned.plan.cost.driving,
        exact=planned.plan.exact,
    )


def to_ring(ids: Sequence[int]) -> set[int]:
    """The appointments about which somebody is asked to ring already."""
    found = select(Task.about_id).where(
        Task.kind == "ring",
        Task.closed_at.is_(None),
        Task.about_kind == "appointment",
        Task.about_id.in_(ids),
    )
    return set(db.session.scalars(found))


def visit_of(
    row: Appointment,
    number: int,
    planned: Planned,
    facts: Facts,
    telling: Telling,
    *,
    discreet: bool,
    ringing: bool,
    typed: str,
    refused: str,
) -> Visit:
    """One visit with its choices; what was typed stays chosen while it is offered."""
    proposal = planned.chosen(number)
    choices = [
        Shown(
            value_of(option),
            words_of(row, option, facts),
            ". ".join((*option.asks, *option.why)) + "." * bool(option.asks or option.why),
            telling.short(row, option),
            option is proposal,
        )
        for option in few(planned.options[number], proposal)
    ]
    offered = {choice.value for choice in choices} | {RING, CANCEL, LEAVE}
    best = value_of(proposal) if proposal else LEAVE
    family = row.family
    return Visit(
        row=row,
        name=family.reference if discreet else family.name,
        reference="" if discreet else family.reference,
        what=f"{KINDS[row.kind]}, {inside(where_words(row))}, with {people_of(row)}",
        when=f"{staff_date(clock.london(row.starts_at).date())}, "
        f"{staff_range(row.starts_at, row.ends_at)}",
        choices=choices,
        checked=typed if typed in offered else best,
        ringing=ringing,
        sent=telling.lines(row, proposal) if proposal else (),
        refused=refused,
    )  # fmt: skip


def people_of(row: Appointment) -> str:
    return row.staff.name + (f" and {row.second.name}" if row.second else "")


def few(options: Sequence[Option], proposal: Option | None) -> list[Option]:
    """The plan's proposal, then the best of each kind."""
    order = sorted(options, key=lambda one: (one.points, one.away, one.added))
    left = dict(SHOWN)
    found = [proposal] if proposal else []
    seen = {shape(option) for option in found}
    for option in order:
        if shape(option) not in seen and left[option.kind] > 0:
            seen.add(shape(option))
            left[option.kind] -= 1
            found.append(option)
    return found


def shape(option: Option) -> tuple[object, ...]:
    """What a person chooses by: of several free rooms one is enough."""
    return option.starts_at, option.staff_id, option.second_id, option.place_id


def words_of(row: Appointment, option: Option, facts: Facts) -> str:
    """'Same time, with Kerensa Tregenza', 'Wed 2 Dec, 10:00–11:00, with Tamsin Nance'."""
    when = "Same time"
    if option.starts_at != row.starts_at:
        day = staff_date(clock.london(option.starts_at).date())
        when = f"{day}, {staff_range(option.starts_at, option.ends_at)}"
    who = facts.staff[option.staff_id].name
    if option.second_id:
        who += f" and {facts.staff[option.second_id].name}"
    where = ""
    if option.place_id != row.place_id and option.place_id is not None:
        where = f", at {facts.places[option.place_id].name}"
    elif option.room_id not in (None, row.room_id):
        where = ", in another room"
    return f"{when}{where}, with {who}"


def value_of(option: Option) -> str:
    chosen = Chosen(option.starts_at, option.staff_id, option.second_id)
    return f"{chosen.value}-{option.place_id or 0}-{option.room_id or 0}"


def read_choice(typed: str) -> Choice | None:
    """What a form's value names, or None; only its shape is checked, the act checks the rest."""
    parts = VALUE.fullmatch(typed)
    chosen = read_chosen(parts[1]) if parts else None
    if not parts or not chosen:
        return None
    return Choice(*chosen[0], int(parts[2]) or None, int(parts[3]) or None)
