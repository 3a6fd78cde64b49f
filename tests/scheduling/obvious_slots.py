"""The obvious, slow finder that the tests compare with: it walks the minutes of a day one by one.

It shares no code with the finder but the minutes of a drive, `Windows.spans` (what weekly times
mean on a date) and the clock.
"""

from datetime import date, datetime, timedelta

from app import clock
from app.places.travel import NOWHERE, minutes_between
from app.scheduling.wanted import Stop, Wanted, Worker
from app.settings.rules import Rules
from app.windows import Span, Windows

RULES = Rules()
MINUTE = timedelta(minutes=1)
HOLIDAYS = frozenset({date(2027, 3, 26), date(2027, 3, 29)})


def minutes_of(day: date) -> list[datetime]:
    """Every minute of a London date, as instants."""
    begins, ends = clock.midnight(day), clock.midnight(day + timedelta(days=1))
    return [begins + n * MINUTE for n in range(int((ends - begins) / MINUTE))]


def overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def inside(span: Span, times: Windows | None, day: date) -> bool:
    if times is None:
        return True
    return any(s <= span[0] and span[1] <= e for s, e in times.spans(day, day))


class Person:
    """One worker's day, minute by minute."""

    def __init__(self, worker: Worker, day: date) -> None:
        self.worker, self.day = worker, day
        self.begins = clock.midnight(day)
        hours = worker.hours.spans(day, day)
        taken = [*worker.absences, *worker.busy, *((s.starts_at, s.ends_at) for s in worker.stops)]
        self.free = [
            any(s <= at < e for s, e in hours) and not any(s <= at < e for s, e in taken)
            for at in minutes_of(day)
        ]
        self.visits = sorted(
            (
                s
                for s in worker.stops
                if s.travels and overlap((s.starts_at, s.ends_at), self.whole)
            ),
            key=lambda stop: stop.starts_at,
        )

    @property
    def whole(self) -> Span:
        return self.begins, clock.midnight(self.day + timedelta(days=1))

    def longest(self, begins: datetime, ends: datetime, without: Span | None = None) -> int:
        """The longest run of free minutes between two instants."""
        best = run = 0
        for number, free in enumerate(self.free):
            at = self.begins + number * MINUTE
            busy = without is not None and without[0] <= at < without[1]
            run = run + 1 if free and not busy and begins <= at < ends else 0
            best = max(best, run)
        return best

    def around(self, span: Span) -> tuple[Stop | None, Stop | None]:
        before = [visit for visit in self.visits if visit.ends_at <= span[0]]
        after = [visit for visit in self.visits if visit.starts_at >= span[1]]
        return (before[-1] if before else None), (after[0] if after else None)

    def drives(self, span: Span, wanted: Wanted) -> tuple[int, int, int]:
        """Minutes there, minutes on, and minutes added to the day."""
        before, after = self.around(span)
        here = (before.spot or NOWHERE) if before else self.worker.base
        there = (after.spot or NOWHERE) if after else self.worker.base
        spot = wanted.spot or NOWHERE
        if not wanted.travels:
            return 0, 0, 0
        come = minutes_between(here, spot, RULES).minutes
        leave = minutes_between(spot, there, RULES).minutes
        direct = minutes_between(here, there, RULES).minutes if before or after else 0
        return come, leave, max(0, come + leave - direct)

    def can(self, span: Span, wanted: Wanted) -> bool:
        first = int((span[0] - self.begins) / MINUTE)
        last = int((span[1] - self.begins) / MINUTE)
        if last > len(self.free) or not all(self.free[first:last]):
            return False
        if not any(
            s <= span[0] and span[1] <= e for s, e in self.worker.hours.spans(self.day, self.day)
        ):
            return False
        begun = sum(visit.starts_at >= self.begins for visit in self.visits)
        if wanted.travels and begun >= RULES.visits_a_day:
            return False
        return self.can_drive(span, wanted)

    def can_drive(self, span: Span, wanted: Wanted) -> bool:
        before, after = self.around(span)
        since = before.ends_at if before else self.whole[0]
        until = after.starts_at if after else self.whole[1]
        more = RULES.between_visits_minutes
        if wanted.travels:
            come, leave, _ = self.drives(span, wanted)
            come += more if before and come else 0
            leave += more if after and leave else 0
            return self.longest(since, span[0]) >= come and self.longest(span[1], until) >= leave
        if not before and not after:
            return True
        here = (before.spot or NOWHERE) if before else self.worker.base
        there = (after.spot or NOWHERE) if after else self.worker.base
        need = minutes_between(here, there, RULES).minutes
        need += more if before and after and need else 0
        return self.longest(since, until, without=span) >= need


def fits(span: Span, wanted: Wanted, day: date, now: datetime, holidays: frozenset[date]) -> bool:
    """Every rule that does not depend on who comes, one after another."""
    apart = RULES.keep_apart_minutes * MINUTE
    cover_ends = RULES.home_visits_end_before_cover * MINUTE
    two = wanted.two_workers or (wanted.at_home and wanted.level == "high")
    if day in holidays or span[0] < now + timedelta(hours=RULES.notice_hours):
        return False
    if day > clock.london(now).date() + timedelta(weeks=RULES.horizon_weeks):
        return False
    if wanted.at_home:
        if wanted.level == "no_home_visits" or (wanted.level == "not_assessed" and not two):
            return False
        if not any(s <= span[0] and span[1] <= e - cover_ends for s, e in wanted.cover):
            return False
        if wanted.level == "raised" and not any(
            s <= span[0] and span[1] <= e for s, e in wanted.daylight
        ):
            return False
    if wanted.rooms is not None and not any(
        not any(overlap(span, held) for held in room.held) for room in wanted.rooms
    ):
        return False
    return (
        inside(span, wanted.place_hours, day)
        and not any(overlap(span, closed) for closed in wanted.place_closed)
        and inside(span, wanted.family_times, day)
        and not any(overlap(span, held) for held in wanted.family_held)
        and not any(overlap(span, (s - apart, e + apart)) for s, e in wanted.keep_apart)
        and all(inside(span, other.times, day) for other in wanted.others)
        and not any(overlap(span, held) for other in wanted.others for held in other.held)
    )


def lawful(
    wanted: Wanted, team: tuple[Worker, ...], now: datetime
) -> dict[tuple[datetime, int], int]:
    """Every lawful start with its worker, and the least driving that it adds."""
    day = wanted.first
    two = wanted.two_workers or (wanted.at_home and wanted.level == "high")
    people = [Person(worker, day) for worker in team]
    found: dict[tuple[datetime, int], int] = {}
    for start in minutes_of(day):
        there = clock.london(start)
        span = start, start + wanted.minutes * MINUTE
        if (there.hour * 60 + there.minute) % 15 or not fits(span, wanted, day, now, HOLIDAYS):
            continue
        able = [person for person in people if person.can(span, wanted)]
        for person in able:
            added = person.drives(span, wanted)[2]
            seconds = [p.drives(span, wanted)[2] for p in able if p is not person]
            if not two:
                found[start, person.worker.id] = added
            elif seconds:
                found[start, person.worker.id] = added + min(seconds)
    return found
