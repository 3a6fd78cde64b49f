"""What a search for a free time is asked with, and what it answers: plain frozen values.

Instants are aware UTC, a `Span` is a pair of them whose end is not part of it, `Windows` are
London wall times. Whoever reads the database fills these in; nothing here knows it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from app.places.travel import NOWHERE, Spot
from app.windows import Span, Windows

LEVELS = ("not_assessed", "standard", "raised", "high", "no_home_visits")


@dataclass(slots=True, unsafe_hash=True)  # frozen takes twice as long, and they come by the hundred
class Stop:
    """Something a worker already holds; only one that `travels` says where the worker is.

    A visit whose place is unknown travels to a `spot` of None, and its drives take the unknown
    minutes. Phone and video do not travel. `what` completes "Tamsin is …".
    """

    starts_at: datetime
    ends_at: datetime
    spot: Spot | None
    travels: bool
    what: str = "with another family"


@dataclass(frozen=True)
class Worker:
    """A practitioner: hours, base, absences, and every appointment held near the dates asked.
    `busy` are the times of their own calendar, which may be booked over with a reason.
    `worked_out` is what a search has found of their days, for its next look at them."""

    id: int
    name: str
    hours: Windows
    base: Spot = NOWHERE
    absences: tuple[Span, ...] = ()
    stops: tuple[Stop, ...] = ()
    busy: tuple[Span, ...] = ()
    worked_out: dict[Any, Any] = field(init=False, repr=False, compare=False, default_factory=dict)


@dataclass(frozen=True)
class Room:
    id: int
    held: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Other:
    """A peer parent or an interpreter who has to be free too; `times` None means *ask*."""

    name: str
    times: Windows | None = None
    held: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """The appointment to find a time for.

    `minutes` already counts an interpreter's doubling. `first` to `last` and `not_before` to
    `not_after` (of the start) only say where to look: no time is refused for lying outside.
    `travels` is false by phone and video. `family_times` None means *ask*, not *never*.
    `place_hours` None: always open; `place_closed` is when it is closed all the same. `rooms` None:
    the place has none, or it is a home. `cover` and
    `daylight` count for home visits only; `keep_apart` holds the appointments of a carer whom this
    one must not meet.
    """

    kind: str
    minutes: int
    first: date
    last: date
    spot: Spot | None = None
    travels: bool = True
    place_hours: Windows | None = None
    place_closed: tuple[Span, ...] = ()
    rooms: tuple[Room, ...] | None = None
    family_times: Windows | None = None
    family_held: tuple[Span, ...] = ()
    others: tuple[Other, ...] = ()
    two_workers: bool = False
    at_home: bool = False
    level: str = "standard"
    cover: tuple[Span, ...] = ()
    daylight: tuple[Span, ...] = ()
    keep_apart: tuple[Span, ...] = ()
    preferred_times: Windows | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"not a risk level: {self.level}")
        if self.minutes < 1:
            raise ValueError("an appointment takes a minute at least")

    @property
    def needs_two(self) -> bool:
        """Two workers, because somebody chose so or because the home's level asks for it."""
        return self.two_workers or (self.at_home and self.level == "high")


class Slot(NamedTuple):
    """A free time that satisfies every rule. Travel is in minutes of driving, of both workers in
    `added_travel`; `preferred` says that it lies in the hours liked best."""

    starts_at: datetime
    ends_at: datetime
    worker_id: int
    second_worker_id: int | None
    room_id: int | None
    travel_before: int
    travel_after: int
    added_travel: int
    preferred: bool
    why: tuple[str, ...]


class DayFound(NamedTuple):
    """One date of a search: its free starts; where there is none, the rule that took the last
    (None where no start of that date was looked at)."""

    day: date
    free: int
    code: str | None


class Tally(Protocol):
    """What a search looked at, and what became of it."""

    @property
    def looked_at(self) -> int: ...

    def removals(self) -> dict[str, int]: ...

    def by_day(self) -> Iterable[DayFound]: ...


@dataclass(frozen=True)
class Found:
    """What a search found, best first. `looked_at` = slots + everything `removed`: each start of
    each worker counts under the first rule, in the order of `reasons.RULES`, that takes it away.
    It is counted when somebody asks."""

    slots: Sequence[Slot]
    tally: Tally

    @property
    def looked_at(self) -> int:
        return self.tally.looked_at

    @cached_property
    def removed(self) -> dict[str, int]:
        return self.tally.removals()

    @cached_property
    def days(self) -> tuple[DayFound, ...]:
        return tuple(self.tally.by_day())


class Refusal(NamedTuple):
    """Why one start is not possible: a sentence for staff with the facts, and one for families in
    which no other family appears. A `soft` rule may be set aside with a reason."""

    code: str
    staff: str
    family: str
    soft: bool
