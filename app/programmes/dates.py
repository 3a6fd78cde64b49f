"""Booking a programme's dates in one step, and moving those after one that changed: all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.audit.record import record
from app.db import hold
from app.errors import DomainError, Stale
from app.programmes.cycles import CycleFacts, review_of, video_of
from app.programmes.models import Cycle, Programme
from app.programmes.order import Key, out_of_order
from app.programmes.queries import facts_of
from app.programmes.rhythm import REVIEW, VIDEO, Given
from app.programmes.start import cycles_of, must_run
from app.scheduling.book import Booking, book, same_form, wanted_subjects
from app.scheduling.check import ASKS_REASON, check_family
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.scheduling.queries import by_id
from app.scheduling.reservations import let_go, lock_subjects, stand_still, subjects_of
from app.scheduling.versions import refresh
from app.settings import store
from app.working_days import is_working_day


@dataclass(frozen=True)
class Line:
    """One date: what is booked in a cycle, or where an appointment that stands moves to.

    `moves` is that appointment, of the booking's kind and cycle; only time and people change, and
    `version` is the one at which it was looked at.
    """

    cycle_id: int
    booking: Booking
    moves: int | None = None
    version: int | None = None


class LineRefused(DomainError):
    """One date was refused, and with it all of them: `cycle_id` and `kind` say which."""

    def __init__(self, line: Line, why: DomainError):
        words = why.message
        if why.field == "override_reason":  # none is asked for here
            words = words.replace(
                ASKS_REASON, "Choose another time, or book it alone with a reason."
            )
        super().__init__(words, "line", family=why.family)
        self.cycle_id, self.kind = line.cycle_id, line.booking.kind


def plan_dates(
    programme: Programme,
    lines: Sequence[Line],
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
) -> list[Appointment]:
    """Book and move these dates of a programme in one transaction; returns them as they follow each
    other.

    Each is refused like a booking or a move alone (`LineRefused`), and where it would come too soon
    after another date of the programme. Later video sessions and all reviews are provisional by
    their kinds' own rules. The same form sent twice (`once` of the bookings) makes one of each.
    """
    if not lines:
        raise DomainError("Choose at least one date.")
    rows = [moving(line) for line in lines]
    for place_id in {line.booking.place_id for line in lines}:
        stand_still(programme.family_id, place_id)
    lock_subjects(
        *(wanted_subjects(line.booking) for line in lines),
        *(subjects_of(row) for row in rows if row is not None),
    )
    check_family(programme.family_id, by)
    if made := made_already(lines):
        return made
    hold(programme, opened_at, "This programme")
    must_run(programme)
    cycles = {cycle.id: cycle for cycle in cycles_of(programme)}
    check_lines(programme, lines, cycles)
    check_order(lines, cycles)
    for line, row in zip(lines, rows, strict=True):
        if row is not None:
            make_way(line, row)
    following = sorted(
        zip(lines, rows, strict=True),
        key=lambda one: (cycles[one[0].cycle_id].number, one[0].booking.kind != VIDEO),
    )
    done: list[Appointment] = []
    for place, (line, row) in enumerate(following):
        still = tuple(other.id for _, other in following[place + 1 :] if other is not None)
        done.append(carry_out(line, row, still, by=by, at=at))
    programme.version += 1
    moved = sum(row is not None for row in rows)
    record(
        "programme:dated", programme, by=by, at=at, family_id=programme.family_id,
        booked=len(lines) - moved, moved=moved,
    )  # fmt: skip
    return done


def moving(line: Line) -> Appointment | None:
    """The appointment that a line moves; None where it books a new one."""
    if line.moves is None:
        return None
    row = by_id(line.moves)
    wanted = (line.cycle_id, line.booking.kind, line.booking.family_id)
    if row is None or (row.cycle_id, row.kind, row.family_id) != wanted:
        raise DomainError("Choose an appointment of this programme.")
    return row


def made_already(lines: Sequence[Line]) -> list[Appointment]:
    """What the same form made a moment ago, if it was sent twice."""
    made = [same_form(line.booking.once) for line in lines if line.moves is None]
    return [row for row in made if row] if made and all(made) else []


def check_lines(programme: Programme, lines: Sequence[Line], cycles: dict[int, Cycle]) -> None:
    """Each line dates another appointment of this programme, of a kind that cycles have."""
    named = [(line.cycle_id, line.booking.kind) for line in lines]
    if len(set(named)) != len(named):
        raise DomainError("Give each date once.")
    for line in lines:
        if line.cycle_id not in cycles or line.booking.family_id != programme.family_id:
            raise DomainError("Choose a cycle of this family.", "cycle")
        if line.booking.kind not in (VIDEO, REVIEW):
            raise DomainError("A cycle has video sessions and shared reviews.", "kind")


def check_order(lines: Sequence[Line], cycles: dict[int, Cycle]) -> None:
    """Raise LineRefused for the first line that does not keep the order with every other date."""
    dated = {(cycles[one.cycle_id].number, one.booking.kind): one for one in lines}
    facts = facts_of(cycles.values())
    given = [as_it_will_be(facts[cycle_id], dated) for cycle_id in cycles]
    for wrong in out_of_order(given, store.current(), is_working_day):
        line = dated.get(wrong.key) or dated.get(wrong.after)
        if line is not None:
            raise LineRefused(line, DomainError(wrong.words))


def as_it_will_be(facts: CycleFacts, dated: dict[Key, Line]) -> Given:
    """A cycle's dates once the lines are carried out."""
    starts: dict[str, datetime | None] = {}
    for kind, event in ((VIDEO, video_of(facts)), (REVIEW, review_of(facts))):
        line = dated.get((facts.number, kind))
        starts[kind] = line.booking.starts_at if line else event.starts_at if event else None
    return Given(facts.number, starts[VIDEO], starts[REVIEW])


def make_way(line: Line, row: Appointment) -> None:
    """Let go of the old time of what moves, so that the others may move there."""
    try:
        refresh(row, line.version)
    except Stale as stale:
        raise LineRefused(line, stale) from stale
    if row.live:  # else `move` says so
        let_go(row)


def carry_out(
    line: Line, row: Appointment | None, still: tuple[int, ...], *, by: Any, at: datetime
) -> Appointment:
    """Book or move one date; `still` are those that have yet to leave their old times."""
    wanted = line.booking
    try:
        if row is None:
            booking = replace(wanted, cycle_id=line.cycle_id)
            return book(booking, by=by, at=at, giving_way=still)
        change = Change(
            starts_at=wanted.starts_at, staff_id=wanted.staff_id, second_id=wanted.second_id,
            tell=wanted.tell,
        )  # fmt: skip
        return move(row, change, by=by, at=at, giving_way=still)
    except DomainError as refused:
        raise LineRefused(line, refused) from refused
