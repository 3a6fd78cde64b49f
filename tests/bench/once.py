"""A hundred forms at one instant from eight processes, for whatever cannot all be booked.

The slowest is the time from the barrier to the last answer: with every request at once it is a
hundred times what one costs, divided by the processors. `cpu` is what one request takes of one.
"""

from collections import Counter
from collections.abc import Callable

from flask_migrate import downgrade, upgrade

from app.db import db
from app.wiring import create_app
from tests import databases
from tests.contention.crowd import Answer, Attempt, Crowd
from tests.contention.rounds import ROUNDS, double_click, each_others_times, one_slot
from tests.contention.web import send_through, serving
from tests.test_migrations import REVISIONS

ATTEMPTS = 100


def measure(database: str) -> None:
    print(
        f"\n{database}: {ATTEMPTS} forms at one instant from 8 processes (aim: slowest ≤ 2,000 ms)"
    )
    print(
        f"  {'contention':<30}{'booked':>8}{'refused with other times':>26}{'stale':>7}{'other':>7}{'slowest ms':>12}{'cpu ms':>8}"
    )
    crowd = Crowd()
    try:
        # First the one whose figure has no aim: a web process has its statements built by then.
        for name, forms in {"the same form": double_click, **ROUNDS}.items():
            url, attempts = scene_of(database, forms)
            show(name, crowd.send(url, attempts), f"{crowd.cpu:.0f}")
        for below in [*REVISIONS[1:], "base"]:
            url, attempts = scene_of(database, one_slot, below)
            show(f"one slot, after {below}", crowd.send(url, attempts), f"{crowd.cpu:.0f}")
    finally:
        crowd.close()
    for name, forms in {"one slot": one_slot, "each other’s times": each_others_times}.items():
        url, attempts = scene_of(database, forms)
        with serving(url) as port:
            show(f"{name}, gunicorn", send_through(port, url, attempts))


def scene_of(
    database: str, forms: Callable[[int], list[Attempt]], below: str = ""
) -> tuple[str, list[Attempt]]:
    """A database of its own with the round's scene, and its forms; taken down to the migration
    `below` and up again before.
    """
    url = databases.emptied(database)
    app = create_app(databases.environ(url), instance=databases.folder() / "instance")
    with app.app_context():
        if below:
            downgrade(revision=below)
            upgrade()
        attempts = forms(ATTEMPTS)
        db.session.remove()
        db.engine.dispose()
    return url, attempts


def show(name: str, answers: list[Answer], cpu: str = "") -> None:
    kinds = Counter(kind_of(each) for each in answers)
    slowest = max(each.milliseconds for each in answers)
    print(
        f"  {name:<30}{kinds['booked']:>8}{kinds['refused']:>26}{kinds['stale']:>7}"
        f"{kinds['other']:>7}{slowest:>12.0f}{cpu:>8}"
    )


def kind_of(answer: Answer) -> str:
    if answer.booked:
        return "booked"
    return "refused" if answer.refused else "stale" if answer.stale else "other"
