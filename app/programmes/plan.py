"""The page that plans a programme's dates, as plain values: a row for each cycle that is not
reviewed, with what stands, what was chosen and what is proposed.

All of it stands in the address: who, where and how long as a booking has them; 'v12' and 'r12' for
the video session and the review of cycle 12; `picked` names those that somebody chose, the others
are proposed anew; `after` is the appointment after which those that stand are to move.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Day
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.db import db
from app.families.models import Family
from app.programmes.cycles import Event, review_of, video_of
from app.programmes.departures import gap_words
from app.programmes.for_booking import shown
from app.programmes.free_times import FreeTimes, free_times
from app.programmes.models import Cycle, Programme
from app.programmes.order import out_of_order
from app.programmes.plan_rows import Date, Row
from app.programmes.plan_wanted import wanted_for
from app.programmes.queries import facts_of
from app.programmes.rhythm import REVIEW, VIDEO, Given, Proposal, propose
from app.scheduling.chosen import Chosen, read_chosen, value_of
from app.scheduling.models import LIVE, Appointment
from app.scheduling.search import doubled
from app.settings import store
from app.typed import read_number
from app.working_days import is_working_day

LETTERS = {VIDEO: "v", REVIEW: "r"}
OTHERWISE = "It differs in who, where or how long: move it by itself."


@dataclass
class Plan:
    """The dates of a family's programme, as an address and what is typed ask for them."""

    family: Family
    programme: Programme
    args: Any
    typed: Mapping[str, str] = field(default_factory=dict)  # a form's own times
    all_given: bool = False  # times that nobody picked are carried too: the page of the last look

    def __post_init__(self) -> None:
        self.at, self.rules = clock.now(), store.current()
        self.standing = self.read_standing()
        self.facts = facts_of(self.programme.cycles)
        after = self.standing.get(read_number(self.args.get("after")) or 0)
        self.after = after if after is not None and after.cycle_id else None
        self.rows = [self.row(cycle) for cycle in self.programme.cycles if not cycle.reviewed_on]
        in_hand = next((row.cycle for row in self.rows), None)
        cycle = shown(in_hand, self.facts[in_hand.id], self.family.id) if in_hand else None
        self.wanted = wanted_for(self.family, self.args, list(self.dates), cycle)

    # What there is.

    def read_standing(self) -> dict[int, Appointment]:
        """Every video session and review of the programme's cycles, cancelled ones too, and goals
        visits to come."""
        ids = [cycle.id for cycle in self.programme.cycles]
        people = (Appointment.staff, Appointment.second, Appointment.carer, Appointment.place)
        found = db.session.scalars(
            select(Appointment)
            .where(
                Appointment.cycle_id.in_(ids)
                | (
                    (Appointment.family_id == self.family.id)
                    & (Appointment.kind == "goals_visit")
                    & Appointment.status.in_(LIVE)
                )
            )
            .options(*(joinedload(person) for person in people))
            .execution_options(populate_existing=True)
        ).all()
        for row in found:
            set_committed_value(row, "family", self.family)  # read already, with its home
        return {row.id: row for row in found}

    def row(self, cycle: Cycle) -> Row:
        facts = self.facts[cycle.id]
        used = self.args.getlist("use") if "chosen" in self.args else None
        return Row(
            cycle,
            self.date(cycle, VIDEO, video_of(facts)),
            self.date(cycle, REVIEW, review_of(facts)),
            used is None or str(cycle.id) in used,
        )

    def date(self, cycle: Cycle, kind: str, event: Event | None) -> Date:
        stands = self.standing.get(event.id) if event else None
        name = f"{LETTERS[kind]}{cycle.id}"
        made = Date(name, kind, cycle.number, cycle.id, stands)
        if stands is not None:
            made.held_at = made.starts_at = stands.starts_at
            made.minutes = stands.minutes
            made.moves = self.follows(stands, cycle.number)
        return made

    def follows(self, row: Appointment, number: int) -> bool:
        """Whether an appointment comes after the one that others are to follow, and may move."""
        first = self.after
        if first is None or row.status not in LIVE or row.starts_at <= self.at:
            return False
        before = next((c.number for c in self.programme.cycles if c.id == first.cycle_id), 0)
        return (number, row.kind == REVIEW) > (before, first.kind == REVIEW)

    @property
    def dates(self) -> Iterator[Date]:
        for row in self.rows:
            yield from row.dates

    # What is asked for.

    def validate(self) -> bool:
        """Whether it can be searched for; one practitioner has to be named."""
        return bool(self.rows) and self.wanted.validate()

    def search(self) -> None:
        """Fill in what was chosen and proposed; raises DomainError for what is not there."""
        wish = self.wanted.wish()
        for date in self.dates:
            if date.moves and date.stands and not self.alike(date.stands):
                date.moves, date.why = False, (OTHERWISE,)
        moving = tuple(date.stands.id for date in self.dates if date.moves and date.stands)
        wish = replace(wish, ignoring=moving)
        self.free: FreeTimes = free_times(wish, self.rules, at=self.at, after=self.goals_on())
        for date in self.dates:
            if date.open:
                date.minutes = self.free.wanted[date.kind].minutes
                self.choose(date)
        self.fill(list(self.dates))
        self.tell_gaps()

    def goals_on(self) -> Day | None:
        """The date of the goals visit to come: goals are set before anything is filmed."""
        visits = [row for row in self.standing.values() if row.kind == "goals_visit"]
        return max((clock.london(row.starts_at).date() for row in visits), default=None)

    @property
    def who(self) -> str:
        """The practitioner's name."""
        return str(dict(self.wanted.form.who.choices)[self.wanted.form.who.data])

    def alike(self, row: Appointment) -> bool:
        """Whether an appointment has the practitioner, place and way of this plan."""
        wish = self.wanted.wish()
        return (row.staff_id, row.how, row.place_id, row.interpreter_id, row.minutes) == (
            wish.staff_ids[0], wish.how, wish.place_id if wish.how == "in_person" else None,
            wish.interpreter_id, wish.length(row.kind, self.rules) * doubled(wish),
        )  # fmt: skip

    def choose(self, date: Date) -> None:
        """The time that the address or the form has for a date, free or taken."""
        picked = str(self.args.get("picked", "")).split(".")
        date.picked = date.name in picked
        value = self.typed.get(date.name) or self.args.get(date.name, "")
        found = read_chosen(value) if date.picked or self.all_given else None
        if found is None:
            date.starts_at, date.value = None, ""
            return
        (one,) = found
        slot = self.free.slot(date.kind, one.starts_at, one.staff_id)
        date.starts_at, date.value = one.starts_at, value_of(slot) if slot else one.value
        date.taken = slot is None and one.starts_at != date.held_at

    def fill(self, dates: Sequence[Date]) -> None:
        """Propose what is open; for what is taken, propose something beside it."""
        for proposal in self.proposals(lambda date: date.starts_at):
            date = self.named(proposal)
            self.put(date, proposal)
        if any(date.taken for date in dates):
            for proposal in self.proposals(lambda d: None if d.taken else d.starts_at):
                date = self.named(proposal)
                date.instead = Date(date.name, date.kind, date.number, date.cycle_id)
                self.put(date.instead, proposal)

    def proposals(self, start: Any) -> Sequence[Proposal]:
        given = [Given(row.cycle.number, start(row.video), start(row.review)) for row in self.rows]
        return propose(given, self.free.course, self.last_reviewed)

    @property
    def last_reviewed(self) -> Day | None:
        """The date of the last shared review that took place."""
        reviewed = [cycle.reviewed_on for cycle in self.programme.cycles if cycle.reviewed_on]
        return max(reviewed, default=None)

    def named(self, proposal: Proposal) -> Date:
        return next(d for d in self.dates if (d.number, d.kind) == (proposal.number, proposal.kind))

    def put(self, date: Date, proposal: Proposal) -> None:
        date.why, date.code = proposal.why, proposal.code
        if proposal.slot is not None:
            date.starts_at, date.value = proposal.slot.starts_at, value_of(proposal.slot)
            date.minutes = self.free.wanted[date.kind].minutes

    def tell_gaps(self) -> None:
        """How many days after the one before each comes, and which come too soon after another."""
        given = [Given(r.cycle.number, r.video.starts_at, r.review.starts_at) for r in self.rows]
        for wrong in out_of_order(given, self.rules, is_working_day):
            for date in self.dates:
                if (date.number, date.kind) == wrong.key:
                    date.wrong = wrong.words
        before = self.last_reviewed
        for date in self.dates:
            if date.starts_at is None:
                continue
            day = clock.london(date.starts_at).date()
            if before is not None and not date.wrong and not date.why:
                date.days = gap_words(date.kind, (day - before).days)
            before = day

    # What is carried on.

    def query(self, *, carry: Sequence[Date] | None = None, **more: Any) -> dict[str, Any]:
        """The address of this plan; `carry` are the dates whose times are kept as they are (those
        picked, if it is not given)."""
        kept = [d for d in self.dates if d.picked] if carry is None else carry
        found: dict[str, Any] = {
            name: value
            for name, value in self.wanted.query().items()
            if name not in ("cycle", "kind", "weeks", "relax", "start", "again")
        }
        found |= {date.name: date.value for date in kept if date.value}
        found["picked"] = ".".join(date.name for date in kept if date.value)
        found["after"] = str(self.after.id) if self.after else ""
        return {name: value for name, value in {**found, **more}.items() if value}

    def one(self, name: str) -> Date | None:
        return next((date for date in self.dates if date.name == name and date.open), None)

    def done_already(self) -> bool:
        """Whether everything that a form asks for stands as it asks: it was sent twice."""
        asked = [
            (date.held_at, found[0].starts_at)
            for row in self.rows
            if row.used
            for date in row.dates
            if (found := read_chosen(self.typed.get(date.name, "")))
        ]
        return bool(asked) and all(held == wanted for held, wanted in asked)

    @property
    def valued(self) -> list[Date]:
        """Every date with a time to be booked or moved to."""
        return [date for date in self.dates if date.open and date.value]

    @property
    def picked_names(self) -> str:
        return ".".join(date.name for date in self.dates if date.picked)

    def own_video(self, date: Date) -> list[Date]:
        """The video session of a review's cycle, where its time is open."""
        return [d for row in self.rows if row.review is date for d in (row.video,) if d.open]

    def left(self, date: Date) -> dict[str, Any]:
        """The address of the table with one date left where it stands, the others as they are."""
        row = date.stands
        assert row is not None, "it moves"
        value = Chosen(row.starts_at, row.staff_id, row.second_id).value
        return self.query(step=date.name, time=value, later="keep")

    def earlier_picked(self, date: Date) -> list[Date]:
        """What somebody chose before a date: the rest is proposed again from there."""
        later = self.later_all(date)
        return [d for d in self.dates if d.picked and d is not date and d not in later]

    def later_standing(self, date: Date) -> bool:
        """Whether appointments stand after a date, which could follow it."""
        return any(d.stands and d.stands.live for d in self.later_all(date))

    def later_all(self, date: Date) -> list[Date]:
        every = list(self.dates)
        return every[every.index(date) + 1 :]

    def later_than(self, date: Date) -> list[Date]:
        """The later ones that are to be booked or moved."""
        return [each for each in self.later_all(date) if each.open]
