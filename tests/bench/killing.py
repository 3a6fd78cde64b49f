"""The killing test in full: 500 texts, three workers at one time killed 51 times at random instants,
while the provider shows every fault; three seeds. Only *twice*, *lost* and *wrong* matter: 0.
"""

import os

from app.db import db
from app.messaging import twilio
from app.wiring import create_app
from tests import databases
from tests.standins import killing

SEEDS = (1, 2, 3)
TEXTS, KILLS, AT_ONCE = 500, 51, 3


def measure(database: str) -> None:
    os.environ["NO_PROXY"] = "127.0.0.1"
    print(f"\n{database}: {TEXTS} texts, workers killed {KILLS} times, {AT_ONCE} at one time")
    print(
        f"  {'seed':<6}{'should go':>10}{'kills':>7}{'faults':>8}{'unknown':>9}{'twice':>7}{'lost':>6}{'wrong':>7}{'seconds':>9}"
    )
    before, twilio.TIMEOUT = twilio.TIMEOUT, killing.TIMEOUT
    try:
        for seed in SEEDS:
            show(seed, one(database, seed))
    finally:
        twilio.TIMEOUT = before


def one(database: str, seed: int) -> killing.Figures:
    url = databases.make(database)
    app = create_app(databases.environ(url), instance=databases.folder() / "instance")
    with app.app_context():
        databases.careless(db.engine)
        found = killing.run(app, url, seed=seed, texts=TEXTS, kills=KILLS, at_once=AT_ONCE)
        db.session.remove()
        db.engine.dispose()
    return found


def show(seed: int, found: killing.Figures) -> None:
    print(
        f"  {seed:<6}{found.texts:>10}{found.kills:>7}{found.faults:>8}{found.unknown:>9}"
        f"{len(found.twice):>7}{len(found.lost):>6}{len(found.wrong):>7}{found.seconds:>9.0f}",
        flush=True,
    )
    for words in (found.twice, found.lost, found.wrong):
        if words:
            print(f"    {words[:5]}")
