"""The killing test in its short form: workers killed again and again while the provider shows every
fault, and each text that should go is accepted once. In full: `python -m tests.bench killing`.
"""

import pytest

from app.messaging import twilio
from tests.standins import killing


@pytest.fixture(autouse=True)
def a_monday() -> None:
    """The workers' processes have the machine's own clock, and so has this test."""


def test_every_text_goes_once_whatever_is_killed(app, database, monkeypatch):
    monkeypatch.setattr(twilio, "TIMEOUT", killing.TIMEOUT)
    seed = 20261129
    found = killing.run(app, database, seed=seed, texts=60, kills=6, at_once=3)
    assert (found.twice, found.lost, found.wrong) == ([], [], []), f"seed {seed}"
    assert (found.kills, found.texts) == (6, 54)
    assert found.faults > 0
