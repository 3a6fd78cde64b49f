"""What could become of each visit of a day that breaks, and how options get on with one another.

Pure values. `Together` is asked once for each question; `Table` keeps the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol


class Option(NamedTuple):
    """What could become of one visit.

    `kind` says what changes: 'second' (who comes along), 'place', 'person', 'time' or 'both'
    (person and time). `points` is how much that moves the family, `added` the minutes of driving
    by itself, `away` the minutes from the old start (an earlier one counts
    double); `asks` what has to be asked of a person first.
    """

    starts_at: datetime
    ends_at: datetime
    staff_id: int
    second_id: int | None
    place_id: int | None
    room_id: int | None
    kind: str
    points: int
    added: int
    away: int
    days: tuple[tuple[int, date], ...]
    why: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


Pick = tuple[int, int]  # a visit's number, and the number of one of its options
Picks = frozenset[Pick]


class Together(Protocol):
    """What options of different visits mean for one another."""

    def clash(self, one: Pick, other: Pick) -> bool:
        """Whether two cannot both be: one room, one family's order, an interpreter."""
        ...

    def driving(self, who: int, day: date, picks: Picks) -> int | None:
        """The minutes of driving that these add to one person's date; None where they do not all
        fit."""
        ...


class Cost(NamedTuple):
    """What a plan costs, most important first."""

    asked: int
    points: int
    driving: int
    away: int

    def plus(self, other: "Cost") -> "Cost":
        return Cost(*(a + b for a, b in zip(self, other, strict=True)))


NOTHING = Cost(0, 0, 0, 0)
ASK = Cost(1, 0, 0, 0)


@dataclass
class Table:
    """The options with what was asked of `together` so far."""

    visits: Sequence[Sequence[Option]]
    together: Together
    clashes: dict[tuple[Pick, Pick], bool] = field(default_factory=dict)
    days: dict[tuple[int, date, Picks], int | None] = field(default_factory=dict)

    def option(self, pick: Pick) -> Option:
        return self.visits[pick[0]][pick[1]]

    def clash(self, one: Pick, other: Pick) -> bool:
        key = (one, other) if one < other else (other, one)
        found = self.clashes.get(key)
        if found is None:
            found = self.clashes[key] = self.together.clash(*key)
        return found

    def day(self, who: int, day: date, picks: Picks) -> int | None:
        """The driving that picks add to somebody's date, None where any part of them does not fit.

        Never less than a part of them adds: to leave one out never costs, also where a drive is
        only an allowance. That makes what is planned so far a bound of every plan that goes on.
        """
        if not picks:
            return 0
        key = who, day, picks
        if key not in self.days:
            least = 0
            found: int | None = None
            for pick in picks if len(picks) > 1 else ():
                part = self.day(who, day, picks - {pick})
                if part is None:
                    break
                least = max(least, part)
            else:
                found = self.together.driving(who, day, picks)
            self.days[key] = None if found is None else max(found, least)
        return self.days[key]

    def cost(self, chosen: dict[int, int | None]) -> Cost | None:
        """The cost of these visits' choices together, None where they do not get on."""
        picks = [(n, o) for n, o in chosen.items() if o is not None]
        for number, one in enumerate(picks):
            if any(self.clash(one, other) for other in picks[:number]):
                return None
        driving = 0
        for (who, day), those in by_day(self, picks).items():
            minutes = self.day(who, day, those)
            if minutes is None:
                return None
            driving += minutes
        options = [self.option(pick) for pick in picks]
        return Cost(
            len(chosen) - len(picks),
            sum(option.points for option in options),
            driving,
            sum(option.away for option in options),
        )

    def order(self, visit: int) -> list[int]:
        """A visit's options as they look by themselves, best first."""
        options = self.visits[visit]
        return sorted(
            range(len(options)),
            key=lambda n: (options[n].points, options[n].added, options[n].away, n),
        )


def by_day(table: Table, picks: Sequence[Pick]) -> dict[tuple[int, date], Picks]:
    found: dict[tuple[int, date], set[Pick]] = {}
    for pick in picks:
        for key in table.option(pick).days:
            found.setdefault(key, set()).add(pick)
    return {key: frozenset(those) for key, those in found.items()}
