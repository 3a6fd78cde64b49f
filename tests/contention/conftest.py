"""One crowd of processes for all rounds; the tests of a crowd run on one of pytest's workers."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import NOW
from tests.contention.crowd import Crowd


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    made = Crowd()
    yield made
    made.close()
