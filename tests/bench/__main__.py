"""`python -m tests.bench`: the table of ratios, on SQLite and on PostgreSQL.

Every figure is the best of several repeats and is set against a floor measured in the same run, so
that the machine cancels out. Nothing here fails: numbers of statements are asserted in the tests.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import time_machine
from flask import Flask, render_template_string
from sqlalchemy import select

from app.access import signed_in as for_staff
from app.accounts.models import Staff
from app.db import db
from app.wiring import create_app
from tests import databases
from tests.bench import broken, feeds, killing, matching, once, slots, texts
from tests.bench.many import NOW, analyse
from tests.bench.years import fill
from tests.sessions import signed_in
from tests.statements import statements

SIZES = {"200 families, 4,000 appointments": (200, 4000), "ten times that": (2000, 40000)}
DATABASES = ("sqlite", "postgresql")
TURNS = 40
ON_TIME = ("texts", "killing")
EMPTY = """{% extends "base.html" %}{% block title %}Empty{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Empty</h1>{% endblock %}"""


def best(*works: Callable[[], object]) -> list[float]:
    """The shortest turn of each piece of work, in milliseconds. They take turns, so that a busy
    moment of the machine spoils one turn of all.
    """
    times: list[list[float]] = [[] for _ in works]
    for _ in range(TURNS):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [min(taken) * 1000 for taken in times]


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


def pages(app: Flask, reference: str) -> dict[str, tuple[float, int]]:
    """Milliseconds and number of statements of each page, for a coordinator.

    Requests begin outside any context of the application, as in service: each finds an empty
    session. The pages take turns, so that a busy moment of the machine spoils one turn of all.
    """
    with app.app_context():
        person = db.session.scalars(select(Staff).where(Staff.role == "coordinator")).first()
        assert person is not None
        client, engine = signed_in(app, person), db.engine
    day, next_day = f"{NOW:%Y-%m-%d}", f"{NOW + timedelta(days=1):%Y-%m-%d}"
    addresses = {
        "empty": "/bench-empty",
        "Today": "/",
        "a family's page": f"/families/{reference}",
        "the diary": f"/diary/{day}",
        "its week": f"/diary/{day}?view=week",
        "its month": f"/diary/{day}?view=month",
        "its feed": f"/diary/feed.json?start={day}&end={next_day}",
    }
    times: dict[str, list[float]] = {words: [] for words in addresses}
    counts: dict[str, int] = {}
    for _ in range(TURNS):
        for words, address in addresses.items():
            with statements(engine) as seen:
                start = time.perf_counter()
                answer = client.get(address)
                times[words].append(time.perf_counter() - start)
            assert answer.status_code == 200, f"{address}: {answer.status}"
            counts[words] = len(seen)
    return {words: (min(times[words]) * 1000, counts[words]) for words in addresses}


def measure_pages(database: str) -> None:
    results = {}
    for words, (families, appointments) in SIZES.items():
        app = service(database)
        with app.app_context():
            reference = fill(families, appointments)
            analyse()
        results[words] = pages(app, reference)
        with app.app_context():
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
    """Measure everything, or the databases and parts named: `sqlite pages`."""
    parts: dict[str, Callable[[str], None]] = {
        "pages": measure_pages,
        "slots": lambda database: slots.measure(database, service, best),
        "broken": lambda database: broken.measure(database, service),
        "once": once.measure,
        "texts": texts.measure,
        "killing": killing.measure,
        "ranking": lambda database: matching.measure(database, service, best),
        "feeds": lambda database: feeds.measure(database, service, best),
    }
    named = set(sys.argv[1:])
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for database in [n for n in DATABASES if n in named] or DATABASES:
        for part in [n for n in parts if n in named] or parts:
            # Where workers run in processes of their own, everybody has the machine's clock.
            moved = time_machine.travel(NOW, tick=True) if part not in ON_TIME else nullcontext()
            with moved:
                parts[part](database)
    return 0


if __name__ == "__main__":
    sys.exit(main())
