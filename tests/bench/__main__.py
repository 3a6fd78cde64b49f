"""`python -m tests.bench`: the table of ratios, on SQLite and on PostgreSQL.

Every figure is the best of several repeats and is set against a floor measured in the same run, so
that the machine cancels out. Nothing here fails: numbers of statements are asserted in the tests.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask, render_template_string
from sqlalchemy import select, text

from app.access import signed_in as for_staff
from app.accounts.models import Staff
from app.db import db
from app.wiring import create_app
from tests import databases
from tests.bench import matching, slots
from tests.bench.many import NOW, fill
from tests.sessions import signed_in
from tests.statements import statements

SIZES = {"200 families, 4,000 appointments": (200, 4000), "ten times that": (2000, 40000)}
EMPTY = """{% extends "base.html" %}{% block title %}Empty{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Empty</h1>{% endblock %}"""


def best(work: Callable[[], object], repeats: int = 15) -> float:
    """The shortest of several repeats, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def service(database: str) -> Flask:
    app = create_app(
        databases.environ(databases.make(database)), instance=databases.folder() / "instance"
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    @app.get("/bench-empty")
    @for_staff
    def empty() -> str:
        return render_template_string(EMPTY)

    return app


def pages(app: Flask) -> dict[str, tuple[float, int]]:
    """Milliseconds and number of statements of each page, for a coordinator."""
    person = db.session.scalars(select(Staff).order_by(Staff.id).limit(1)).one()
    person.role = "coordinator"
    client = signed_in(app, person)
    found = {}
    for words, address in (
        ("empty", "/bench-empty"),
        ("Today", "/"),
        ("a family's page", "/families/F1001"),
        ("the diary", f"/diary/{NOW:%Y-%m-%d}"),
        (
            "its feed",
            f"/diary/feed.json?start={NOW:%Y-%m-%d}&end={NOW + timedelta(days=1):%Y-%m-%d}",
        ),
    ):

        def get(address: str = address) -> None:
            answer = client.get(address)
            assert answer.status_code == 200, f"{address}: {answer.status}"

        get()
        with statements() as seen:
            get()
        found[words] = (best(get), len(seen))
    return found


def measure_pages(database: str) -> None:
    results = {}
    for words, (families, appointments) in SIZES.items():
        app = service(database)
        with app.app_context():
            fill(families, appointments)
            if database == "postgresql":
                db.session.execute(text("ANALYZE"))
                db.session.commit()
            results[words] = pages(app)
            db.session.remove()
            db.engine.dispose()
    small, large = results.values()
    print(f"\n{database}: pages against the same layout, signed in and empty")
    print(
        f"  {'page':<18}{'ms':>8}{'ratio':>8}{'aim':>6}{'statements':>12}{'ten times':>11}{'aim':>6}"
    )
    for words in small:
        ratio = small[words][0] / small["empty"][0]
        growth = large[words][0] / small[words][0]
        print(
            f"  {words:<18}{small[words][0]:>8.1f}{ratio:>8.2f}{'≤ 3':>6}{small[words][1]:>12}"
            f"{growth:>11.2f}{'≤ 1.3':>6}"
        )


def main() -> int:
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with time_machine.travel(NOW, tick=True):
        for database in ("sqlite", "postgresql"):
            measure_pages(database)
            slots.measure(database, service, best)
            matching.measure(database, service, best)
    return 0


if __name__ == "__main__":
    sys.exit(main())
