"""The rule holds under a crowd again after the migrations went down and up over rows.

That the guards stand after each single one is in `tests/test_migrations.py`; a crowd after each of
them is in `python -m tests.bench once`.
"""

import pytest
from flask_migrate import downgrade, upgrade

from app.db import db
from tests.contention.rounds import one_slot
from tests.test_migrations import REVISIONS

pytestmark = pytest.mark.xdist_group("crowd")

NUMBER = 16


@pytest.mark.parametrize("below", [REVISIONS[1:], ["base"]], ids=["each in turn", "all"])
def test_one_is_booked_after_going_down_and_up(app, database, crowd, below) -> None:
    attempts = one_slot(NUMBER)
    db.session.remove()
    for revision in below:
        downgrade(revision=revision)
        upgrade()
    if below == ["base"]:  # which takes the rows away
        attempts = one_slot(NUMBER)
        db.session.remove()

    answers = crowd.send(database, attempts)

    assert [each.booked for each in answers].count(True) == 1
    assert [each.refused for each in answers].count(True) == NUMBER - 1
