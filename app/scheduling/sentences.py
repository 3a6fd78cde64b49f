"""The facts behind a refusal, as sentences for staff: who is where until when, and how far away."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app import clock
from app.places.travel import NOWHERE, Drive, Spot, minutes_between
from app.scheduling.conditions import Terms, earliest_start, last_day, watched
from app.scheduling.grid import MINUTE, instant_of
from app.scheduling.reasons import LEVEL_WORDS
from app.scheduling.wanted import Stop, Wanted, Worker
from app.windows import Span, Windows, wall

WAYS_ON = {
    "not_assessed": "Ask a manager to assess it, bring a second worker, or meet at a place.",
    "high": "Bring a second worker, or meet at a place.",
    "no_home_visits": "Meet at a place.",
}


class Case(NamedTuple):
    """One start asked about: for what, with whom, under which terms."""

    wanted: Wanted
    worker: Worker
    second: Worker | None
    start: datetime
    terms: Terms

    @property
    def end(self) -> datetime:
        return self.start + self.wanted.minutes * MINUTE

    @property
    def team(self) -> tuple[Worker, ...]:
        return (self.worker, self.second) if self.second else (self.worker,)

    @property
    def day(self) -> date:
        return clock.london(self.start).date()

    def meets(self, spans: Iterable[Span]) -> Span | None:
        """The first of the spans that the appointment would overlap."""
        return next((s for s in spans if s[0] < self.end and s[1] > self.start), None)

    def neighbours(self) -> tuple[Stop | None, Stop | None]:
        """The worker's visit before and the one after, that day."""
        visits = sorted((s for s in self.worker.stops if s.travels), key=lambda s: s.starts_at)
        todays = [s for s in visits if self.day in (_day(s.starts_at), _day(s.ends_at))]
        before = next((s for s in reversed(todays) if s.ends_at <= self.start), None)
        return before, next((s for s in todays if s.starts_at >= self.end), None)

    def drive(self, a: Spot | None, b: Spot | None) -> Drive:
        rules, overrides = self.terms.rules, self.terms.overrides
        return minutes_between(a or NOWHERE, b or NOWHERE, rules, overrides)


def _past(case: Case) -> str:
    return "That time has passed."


def _level(case: Case) -> str:
    words = LEVEL_WORDS[case.wanted.level]
    return f"{words[0].upper()}{words[1:]}. {WAYS_ON[case.wanted.level]}"


def _notice(case: Case) -> str:
    hours = case.terms.rules.notice_hours
    from_then = _moment(earliest_start(case.terms.now, case.terms.rules))
    return f"That is less than {hours} hours away: without a reason, book from {from_then}."


def _horizon(case: Case) -> str:
    weeks, last = case.terms.rules.horizon_weeks, last_day(case.terms.now, case.terms.rules)
    return f"That is more than {weeks} weeks ahead: without a reason, book until {_date(last)}."


def _bank_holiday(case: Case) -> str:
    return f"{_date(case.day)} is a bank holiday."


def _hours(case: Case) -> str:
    hours = case.worker.hours.on(case.day)
    if not hours:
        return f"{case.worker.name} does not work on {_date(case.day)}."
    return f"{case.worker.name} works {_stretches(case.worker.hours, case.day)} that day."


def _absence(case: Case) -> str:
    away = case.meets(case.worker.absences)
    until = f" until {_moment(away[1], case.day)}" if away else ""
    return f"{case.worker.name} is away{until}."


def _busy(case: Case) -> str:
    busy = case.meets(case.worker.busy)
    until = f" until {_moment(busy[1], case.day)}" if busy else ""
    return f"{case.worker.name}’s own calendar says busy{until}."


def _place_hours(case: Case) -> str:
    hours = case.wanted.place_hours or Windows()
    if not hours.on(case.day):
        return f"The place is closed on {_date(case.day)}."
    return f"The place is open {_stretches(hours, case.day)} that day."


def _place_closed(case: Case) -> str:
    closed = case.meets(case.wanted.place_closed)
    until = f" until {_moment(closed[1], case.day)}" if closed else ""
    return f"The place is closed{until}. Choose another place."


def _family_times(case: Case) -> str:
    times = case.wanted.family_times or Windows()
    return f"The family’s times are {times.words()}. Ask them, or choose within these."


def _other_times(case: Case) -> str:
    told = [
        f"{other.name}’s times are {other.times.words()}."
        for other in case.wanted.others
        if other.times is not None and not other.times.cover(case.start, case.end)
    ]
    return " ".join(told)


def _cover(case: Case) -> str:
    early = case.terms.rules.home_visits_end_before_cover
    todays = [
        (instant_of(start), instant_of(end))
        for start, end in watched(case.wanted.cover, case.terms.rules)
        if start < end and clock.london(instant_of(start)).date() == case.day
    ]
    if not todays:
        return f"Nobody is on duty cover on {_date(case.day)}, so there are no home visits."
    times = " and ".join(f"{_clock(start)} to {_clock(end)}" for start, end in todays)
    return f"Home visits end {early} minutes before duty cover does: that day {times}."


def _daylight(case: Case) -> str:
    for start, end in case.wanted.daylight:
        if clock.london(start).date() == case.day:
            light = f"between sunrise and sunset, {_clock(start)} to {_clock(end)} that day"
            return f"The home’s level is raised, so it is visited {light}."
    return "The home’s level is raised, so it is visited between sunrise and sunset only."


def _apart(case: Case) -> str:
    minutes = case.terms.rules.keep_apart_minutes
    return (
        f"Somebody they must not meet has an appointment less than {minutes} minutes away from it."
    )


def _family_held(case: Case) -> str:
    return f"The family has another appointment {_from_to(case.meets(case.wanted.family_held))}."


def _other_held(case: Case) -> str:
    told = [
        f"{other.name} is booked {_from_to(held)}."
        for other in case.wanted.others
        if (held := case.meets(other.held))
    ]
    return " ".join(told)


def _room(case: Case) -> str:
    rooms = case.wanted.rooms or ()
    if not rooms:
        return "The place has no room that can be booked."
    if len(rooms) == 1:
        return f"The room is taken {_from_to(case.meets(rooms[0].held))}."
    return f"All {len(rooms)} rooms are taken for some of that time."


def _held(case: Case) -> str:
    spans = [(stop.starts_at, stop.ends_at) for stop in case.worker.stops]
    held = case.meets(spans)
    what = case.worker.stops[spans.index(held)].what if held else "booked already"
    return f"{case.worker.name} is {what} {_from_to(held)}."


def _visits_a_day(case: Case) -> str:
    most = case.terms.rules.visits_a_day
    return (
        f"{case.worker.name} has {most} visits on {_date(case.day)} already, and that is the most."
    )


def _travel(case: Case) -> str:
    worker = case.worker
    before, after = case.neighbours()
    here, there = before.spot if before else worker.base, after.spot if after else worker.base
    if not case.wanted.travels:
        minutes = case.drive(here, there).minutes
        return f"{worker.name} is driving between visits about then, for {minutes} minutes."
    come, leave = case.drive(here, case.wanted.spot), case.drive(case.wanted.spot, there)
    if before and case.start - before.ends_at < _keep(come, case):
        return f"{worker.name} is {before.what} until {_clock(before.ends_at)}{_away(come, case)}."
    if after and after.starts_at - case.end < _keep(leave, case):
        return f"{worker.name} is {after.what} from {_clock(after.starts_at)}{_away(leave, case)}."
    hours = worker.hours.on(case.day)
    if not before and hours and _too_early(case, hours[0][0], come):
        return (
            f"{worker.name} begins at {wall(hours[0][0])} and base is {come.minutes} minutes away."
        )
    if not after and hours:
        return (
            f"{worker.name} ends at {wall(hours[-1][1])} and base is {leave.minutes} minutes away."
        )
    return f"{worker.name} has no free time for the drive, {max(come, leave).minutes} minutes."


def _too_early(case: Case, begins: int, come: Drive) -> bool:
    there = clock.london(case.start)
    return there.hour * 60 + there.minute - begins < come.minutes


def _keep(drive: Drive, case: Case) -> timedelta:
    more = case.terms.rules.between_visits_minutes if drive.minutes else 0
    return (drive.minutes + more) * MINUTE


def _away(drive: Drive, case: Case) -> str:
    if not drive.known:
        return f", and the way is not known: {drive.minutes} minutes are allowed"
    more = case.terms.rules.between_visits_minutes
    return f" and {drive.minutes} minutes away" + (f", with {more} between visits" if more else "")


def _second_worker(case: Case) -> str:
    if case.second is None:
        return "Two workers are wanted, and no second one is chosen."
    if case.second.id == case.worker.id:
        return "The second worker has to be somebody else."
    return f"{case.second.name} cannot come too."


def _clock_skips(case: Case) -> str:
    return f"The clocks go forward on {_date(case.day)}, and that time does not exist."


def _grid(case: Case) -> str:
    return f"Appointments start every {case.terms.rules.grid_minutes} minutes on the clock."


STAFF: dict[str, Callable[[Case], str]] = {
    "past": _past,
    "level": _level,
    "notice": _notice,
    "horizon": _horizon,
    "bank_holiday": _bank_holiday,
    "hours": _hours,
    "absence": _absence,
    "busy": _busy,
    "place_hours": _place_hours,
    "place_closed": _place_closed,
    "family_times": _family_times,
    "other_times": _other_times,
    "cover": _cover,
    "daylight": _daylight,
    "apart": _apart,
    "family_held": _family_held,
    "other_held": _other_held,
    "room": _room,
    "held": _held,
    "visits_a_day": _visits_a_day,
    "travel": _travel,
    "second_worker": _second_worker,
    "clock": _clock_skips,
    "grid": _grid,
}


def _day(at: datetime) -> date:
    return clock.london(at).date()


def _clock(at: datetime) -> str:
    return f"{clock.london(at):%H:%M}"


def _date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _moment(at: datetime, today: date | None = None) -> str:
    """'13:00', with its date before it where that is not `today`."""
    day = _day(at)
    return _clock(at) if day == today else f"{_date(day)} {_clock(at)}"


def _from_to(span: Span | None) -> str:
    return f"from {_clock(span[0])} to {_clock(span[1])}" if span else "at that time"


def _stretches(times: Windows, day: date) -> str:
    return " and ".join(f"{wall(start)}–{wall(end)}" for start, end in times.on(day))
