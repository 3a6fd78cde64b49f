"""A row of the table that plans a programme's dates: a cycle with its two dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.programmes.models import Cycle
from app.scheduling.models import Appointment


@dataclass(eq=False)
class Date:
    """One date of the table. `stands` is the appointment there is; it `moves` where it is to follow
    another one. `starts_at` is what it will be: as it stands, as chosen, or as proposed; None where
    there is none, and `why` says why. `instead` is free where the chosen time is not any more."""

    name: str  # 'v12'
    kind: str
    number: int
    cycle_id: int
    stands: Appointment | None = None
    held_at: datetime | None = None  # what stands or took place
    moves: bool = False
    picked: bool = False
    value: str = ""
    starts_at: datetime | None = None
    minutes: int = 0
    days: str = ""
    why: Sequence[str] = ()
    code: str = ""  # why nothing is proposed, as `rhythm.Proposal` has it
    wrong: str = ""
    taken: bool = False
    instead: "Date | None" = None

    @property
    def open(self) -> bool:
        """Whether it is to be booked or moved here."""
        return self.held_at is None or self.moves

    @property
    def changes(self) -> bool:
        """Whether it would be booked, or would move to another time."""
        return bool(self.value) and self.starts_at != self.held_at


@dataclass
class Row:
    """A cycle of the table; `used` says that its dates are among those to be booked."""

    cycle: Cycle
    video: Date
    review: Date
    used: bool = True

    @property
    def dates(self) -> tuple[Date, Date]:
        return self.video, self.review

    @property
    def changes(self) -> bool:
        return any(date.changes for date in self.dates)
