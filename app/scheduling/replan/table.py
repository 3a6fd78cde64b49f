"""What could become of each visit of a day that breaks, and how options get on with one another.

Pure values. `Together` is asked once for each question; `Table` keeps the answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
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

    def related(self, one: int, other: int) -> bool:
        """Whether any options of two visits could clash, so that others need not be asked about."""
        ...

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


On = Mapping[tuple[int, date], Picks]
NOBODY: Picks = frozenset()
NOTHING = Cost(0, 0, 0, 0)
ASK = Cost(1, 0, 0, 0)


@dataclass
class Table:
    """The options with what was asked of `together` so far."""

    visits: Sequence[Sequence[Option]]
    together: Together
    clashes: dict[tuple[Pick, Pick], bool] = field(default_factory=dict)
    days: dict[tuple[int, date, Picks], int | None] = field(default_factory=dict)

    @cached_property
    def kin(self) -> list[list[int]]:
        """For each visit the others whose options could clash with its own."""
        numbers = range(len(self.visits))
        return [
            [m for m in numbers if m != n and self.together.related(min(n, m), max(n, m))]
            for n in numbers
        ]

    def option(self, pick: Pick) -> Option:
        return self.visits[pick[0]][pick[1]]

    def clash(self, one: Pick, other: Pick) -> bool:
        key = (one, other) if one < other else (other, one)
        found = self.clashes.get(key)
        if found is None:
            found = self.clashes[key] = self.together.clash(*key)
        return found

    def clashes_with(self, pick: Pick, chosen: Mapping[int, int | None]) -> bool:
        """Whether a pick clashes with any of those chosen for other visits."""
        return any(
            (option := chosen.get(other)) is not None and self.clash(pick, (other, option))
            for other in self.kin[pick[0]]
        )

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

    def with_one_more(
        self, visit: int, number: int, chosen: Mapping[int, int | None], on: On, cost: Cost
    ) -> Cost | None:
        """What a plan costs with one more visit's option, None where it does not fit. `on` are the
        picks by person and date of what is chosen, `cost` what that costs."""
        pick = (visit, number)
        if self.clashes_with(pick, chosen):
            return None
        option = self.visits[visit][number]
        driving = cost.driving
        for who, day in option.days:
            there = on.get((who, day), NOBODY)
            then = self.day(who, day, there | {pick})
            if then is None:
                return None
            driving += then - (self.day(who, day, there) or 0)
        return Cost(cost.asked, cost.points + option.points, driving, cost.away + option.away)

    def cost(self, chosen: dict[int, int | None]) -> Cost | None:
        """The cost of these visits' choices together, None where they do not get on."""
        picks = [(n, o) for n, o in chosen.items() if o is not None]
        if any(self.clashes_with(pick, chosen) for pick in picks):
            return None
        driving = 0
        for (who, day), those in by_day(self, chosen).items():
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


def by_day(table: Table, chosen: Mapping[int, int | None]) -> dict[tuple[int, date], Picks]:
    """The picks of a plan by person and date."""
    found: dict[tuple[int, date], set[Pick]] = {}
    for visit, number in chosen.items():
        if number is not None:
            for key in table.option((visit, number)).days:
                found.setdefault(key, set()).add((visit, number))
    return {key: frozenset(those) for key, those in found.items()}
