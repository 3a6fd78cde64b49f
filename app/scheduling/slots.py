"""The slot finder: every free time that satisfies every rule, and why another time does not.

Pure: no table, no clock. Each rule is one mask over a grid of starts (`conditions.py`,
`journeys.py`), so finding, counting and checking a single start (`refusals.py`) ask the same code.
What is asked with and answered are the values of `wanted.py`.
"""

from datetime import date, datetime

from app.places.travel import Overrides
from app.scheduling.conditions import Terms
from app.scheduling.ranking import ranked
from app.scheduling.survey import survey
from app.scheduling.wanted import Found, Wanted, Worker
from app.settings.rules import Rules


def find_slots(
    wanted: Wanted,
    workers: tuple[Worker, ...],
    rules: Rules,
    *,
    now: datetime,
    bank_holidays: frozenset[date],
    relax: frozenset[str] = frozenset(),
    seconds: tuple[Worker, ...] | None = None,
    overrides: Overrides | None = None,
) -> Found:
    """Every slot of the workers, best first: least added travel, then soonest day, then within the
    hours liked best, then soonest hour.

    Looked at are the starts on the clock's `grid_minutes` from `first` to `last`, between the
    earliest and the latest hour that any of the workers has (or, for a call with "hours" set aside,
    that the family or others have named); no lawful start is missed by that.
    Where two workers are needed each slot names the second of `seconds` (of `workers`, if not
    given) who adds least travel. Codes in `relax` are set aside if they are soft.
    """
    terms = Terms(rules, now, bank_holidays, relax, overrides)
    made = survey(wanted, workers, workers if seconds is None else seconds, terms)
    return Found(ranked(made, wanted), made)
