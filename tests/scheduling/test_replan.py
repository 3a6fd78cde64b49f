"""A plan for a day that breaks: hard rules together, fewest families moved, then least driving."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.replan.choose import plan
from app.scheduling.replan.table import Cost, Option, Pick, Picks
from tests.scheduling.obvious_plan import cost_of, obvious

DAY = date(2026, 12, 1)
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def option(who: int, hour: int = 0, points: int = 1, added: int = 0, away: int = 0) -> Option:
    """One person takes a visit so many hours after ten; what is not said does not matter."""
    start = TEN + hour * HOUR
    return Option(
        start, start + HOUR, who, None, None, None, "person", points, added, away, ((who, DAY),)
    )


@dataclass
class Simple:
    """People who are in one place at a time and have `most` visits a day; a drive adds what the
    option says, but for each neighbour of the same hour before or after it costs `saved` less."""

    visits: list[list[Option]]
    most: int = 4
    saved: int = 0
    apart: frozenset[frozenset[Pick]] = frozenset()

    def related(self, one: int, other: int) -> bool:
        return True

    def clash(self, one: Pick, other: Pick) -> bool:
        return frozenset((one, other)) in self.apart

    def driving(self, who: int, day: date, picks: Picks) -> int | None:
        found = sorted((self.visits[v][o] for v, o in picks), key=lambda o: o.starts_at)
        if len(found) > self.most:
            return None
        if any(a.ends_at > b.starts_at for a, b in zip(found, found[1:], strict=False)):
            return None
        near = sum(a.ends_at == b.starts_at for a, b in zip(found, found[1:], strict=False))
        return max(0, sum(o.added for o in found) - near * self.saved)


ONE = option(1)
CASES = [
    ("nobody is left without an option if all can be placed",
     [[ONE, option(2, points=9)], [ONE]], {}, (1, 0), Cost(0, 10, 0, 0)),
    ("one person does not take two families at one time: one is rung",
     [[ONE], [ONE]], {}, (0, None), Cost(1, 1, 0, 0)),
    ("a visit without options is rung, the others go on",
     [[], [ONE]], {}, (None, 0), Cost(1, 1, 0, 0)),
    ("no more visits in a day than the settings allow",
     [[option(1, n)] for n in range(3)], {"most": 2}, (0, 0, None), Cost(1, 2, 0, 0)),
    ("fewer points before less driving",
     [[option(1, points=2), option(2, points=1, added=90)]], {}, (1,), Cost(0, 1, 90, 0)),
    ("less driving before nearer to the old time",
     [[option(1, added=5), option(2, added=4, away=600)]], {}, (1,), Cost(0, 1, 4, 600)),
    ("driving counts together: two on one journey",
     [[option(1, 0, added=10)], [option(2, 1, added=9), option(1, 1, added=10)]],
     {"saved": 5}, (0, 1), Cost(0, 2, 15, 0)),
    ("of two that clash the other option is taken",
     [[ONE], [option(2), option(3, added=1)]],
     {"apart": frozenset({frozenset({(0, 0), (1, 0)})})}, (0, 1), Cost(0, 2, 1, 0)),
    ("of two as good the first is taken", [[option(2), option(1)]], {}, (0,), Cost(0, 1, 0, 0)),
    ("nothing broken, nothing planned", [], {}, (), Cost(0, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("visits", "rules", "chosen", "cost"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_cases(visits, rules: dict, chosen, cost: Cost) -> None:
    found = plan(visits, Simple(visits, **rules))

    assert (found.chosen, found.cost, found.exact) == (chosen, cost, True)


options = st.builds(
    option,
    who=st.integers(1, 3),
    hour=st.integers(0, 3),
    points=st.integers(0, 3),
    added=st.sampled_from([0, 5, 12, 30]),
    away=st.integers(0, 2),
)


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[list[list[Option]], Simple]:
    visits = draw(st.lists(st.lists(options, max_size=4), max_size=4))
    picks = [(v, o) for v, choices in enumerate(visits) for o in range(len(choices))]
    pairs = [frozenset((a, b)) for a in picks for b in picks if a[0] < b[0]]
    apart = draw(st.sets(st.sampled_from(pairs), max_size=4)) if pairs else set()
    simple = Simple(visits, draw(st.integers(1, 4)), draw(st.sampled_from([0, 6])))
    simple.apart = frozenset(apart)
    return visits, simple


@settings(max_examples=120, deadline=None)
@given(puzzles())
def test_no_plan_costs_less(puzzle: tuple[list[list[Option]], Simple]) -> None:
    visits, together = puzzle

    found = plan(visits, together)

    assert found.exact
    assert found.cost == obvious(visits, together) == cost_of(visits, together, found.chosen)


@settings(max_examples=40, deadline=None)
@given(puzzles(), st.integers(-1, 12))
def test_a_search_cut_short_is_lawful_and_says_so(puzzle, most_tried: int) -> None:
    visits, together = puzzle
    best = obvious(visits, together)

    found = plan(visits, together, most_tried=most_tried)

    assert found.cost == cost_of(visits, together, found.chosen)
    assert found.cost >= best
    assert found.cost == best or not found.exact
    assert found == plan(visits, together, most_tried=most_tried)
