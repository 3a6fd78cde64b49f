"""A hundred forms at one instant from eight processes, for whatever cannot all be booked.

The slowest is the time from the barrier to the last answer: with every request at once it is a
hundred times what one costs, divided by the processors. `cpu` is what one request takes of one.
"""

from collections import Counter

from app.db import db
from app.wiring import create_app
from tests import databases
from tests.contention.crowd import Crowd
from tests.contention.rounds import ROUNDS, double_click

ATTEMPTS = 100


def measure(database: str) -> None:
    print(
        f"\n{database}: {ATTEMPTS} forms at one instant from 8 processes (aim: slowest ≤ 2,000 ms)"
    )
    print(
        f"  {'contention':<22}{'booked':>8}{'refused with other times':>26}{'stale':>7}{'other':>7}{'slowest ms':>12}{'cpu ms':>8}"
    )
    crowd = Crowd()
    try:
        for name, forms in {**ROUNDS, "the same form": double_click}.items():
            url = databases.emptied(database)
            app = create_app(databases.environ(url), instance=databases.folder() / "instance")
            with app.app_context():
                attempts = forms(ATTEMPTS)
                db.session.remove()
                db.engine.dispose()
            answers = crowd.send(url, attempts)
            kinds = Counter(
                "booked"
                if a.booked
                else "refused"
                if a.refused
                else "stale"
                if a.stale
                else "other"
                for a in answers
            )
            slowest = max(a.milliseconds for a in answers)
            print(
                f"  {name:<22}{kinds['booked']:>8}{kinds['refused']:>26}{kinds['stale']:>7}{kinds['other']:>7}{slowest:>12.0f}{crowd.cpu:>8.0f}"
            )
    finally:
        crowd.close()
