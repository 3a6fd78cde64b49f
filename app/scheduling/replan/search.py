"""Branch and bound over visits that have to be planned together. Pure."""

from datetime import date

from app.scheduling.replan.table import ASK, NOTHING, Cost, Picks, Table


class Search:
    """Branch and bound over one group of visits, from a known plan on."""

    def __init__(
        self,
        table: Table,
        left: list[list[int]],
        visits: list[int],
        most_tried: int,
        known: dict[int, int | None],
    ) -> None:
        self.table, self.left, self.most_tried = table, left, most_tried
        self.visits = sorted(visits, key=lambda n: (len(left[n]), n))
        self.best = known
        least = table.cost(known)
        assert least is not None
        self.least = least
        self.tried = 0
        self.bounds = self.bounds_from()
        self.on: dict[tuple[int, date], Picks] = {}
        self.chosen: dict[int, int | None] = {}
        self.go_on(NOTHING)
        self.exact = self.tried <= most_tried

    def bounds_from(self) -> list[Cost]:
        """For each place in the order the least that the visits from there on can cost. A drive is
        only counted where nobody else's option lies on that person's date."""
        whose: dict[tuple[int, date], set[int]] = {}
        for visit in self.visits:
            for number in self.left[visit]:
                for key in self.table.option((visit, number)).days:
                    whose.setdefault(key, set()).add(visit)

        def alone(visit: int, number: int) -> int:
            days = self.table.option((visit, number)).days
            lonely = [key for key in days if whose[key] == {visit}]
            return sum(self.table.day(*key, frozenset({(visit, number)})) or 0 for key in lonely)

        bounds = [NOTHING]
        for visit in reversed(self.visits):
            options = [(self.table.option((visit, n)), n) for n in self.left[visit]]
            least = ASK
            if options:
                least = Cost(
                    0,
                    min(option.points for option, _ in options),
                    min(alone(visit, n) for _, n in options),
                    min(option.away for option, _ in options),
                )
            bounds.append(bounds[-1].plus(least))
        return bounds[::-1]

    def go_on(self, cost: Cost) -> None:
        """Decide the next visit every way that could still cost less than the best."""
        place = len(self.chosen)
        if place == len(self.visits):
            self.least = cost
            self.best = dict(self.chosen)
            return
        visit = self.visits[place]
        for number, after in self.ways(visit, cost):
            if after.plus(self.bounds[place + 1]) >= self.least or self.tried > self.most_tried:
                return  # the ways after this one cost no less
            self.take(visit, number, after)

    def take(self, visit: int, number: int | None, after: Cost) -> None:
        pick = None if number is None else (visit, number)
        days = self.table.option(pick).days if pick else ()
        before = {key: self.on.get(key, frozenset()) for key in days}
        for key in days:
            assert pick is not None
            self.on[key] = before[key] | {pick}
        self.chosen[visit] = number
        self.go_on(after)
        del self.chosen[visit]
        self.on.update(before)

    def ways(self, visit: int, cost: Cost) -> list[tuple[int | None, Cost]]:
        """The options that fit to what is chosen, and nobody, with what each would cost by then."""
        found: list[tuple[Cost, int, int | None]] = []
        for number in self.left[visit]:
            self.tried += 1
            after = self.table.with_one_more(visit, number, self.chosen, self.on, cost)
            if after is not None:
                found.append((after, number, number))
        found.append((cost.plus(ASK), len(self.table.visits[visit]), None))
        found.sort(key=lambda way: way[:2])
        return [(number, after) for after, _, number in found]
