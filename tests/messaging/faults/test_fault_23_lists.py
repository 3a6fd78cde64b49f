"""Fault 23: looking for an unknown text in Twilio's list, which fails, is empty, never ends, or has
two that look the same.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import reconcile, stored, work

SOON = NOW + timedelta(minutes=6)  # after the quarantine


def settle(at=SOON) -> None:
    reconcile(at)
    work(at)


@pytest.mark.one_database
@pytest.mark.parametrize("fault", ["503", "500", "429", "401", "404", "html", "cut", "reset"])
def test_fault_23_a_list_that_cannot_be_read_leaves_it_unknown_until_it_can(standin, queue, fault):
    row_id = queue(1)
    standin.faults.append("after_500")
    standin.list_fault = fault
    work()
    settle()
    row = stored(row_id)
    assert row.state == "unknown"
    assert row.reason.startswith("Twilio’s list could not be read")
    standin.list_fault = ""
    settle(NOW + timedelta(minutes=12))
    assert stored(row_id).state == "accepted"
    assert standin.asked == 1


def test_fault_23_one_that_fails_for_a_day_is_given_to_a_person(standin, queue):
    row_id = queue(1, expires_at=NOW + timedelta(days=3))
    standin.faults.append("after_500")
    standin.list_fault = "503"
    work()
    settle()
    assert stored(row_id).state == "unknown"
    settle(NOW + timedelta(hours=25))
    assert stored(row_id).state == "gave_up"
    assert db.session.scalars(select(Task.kind)).all() == ["not_sent"]
    assert standin.asked == 1


def test_fault_23_an_empty_list_after_the_quarantine_means_that_it_never_went(standin, queue):
    row_id = queue(1)
    standin.faults.append("before_500")
    work()
    settle(NOW + timedelta(minutes=4))
    assert (stored(row_id).state, standin.lists) == ("unknown", 0)
    settle()
    assert (stored(row_id).state, len(standin.texts)) == ("accepted", 1)


def test_fault_23_a_list_without_an_end_is_read_to_its_limit_and_proves_nothing(standin, queue):
    row_id = queue(1)
    standin.faults.append("before_500")
    standin.list_fault = "endless"
    work()
    reconcile(SOON)
    assert standin.lists <= 5  # two hundred texts, fifty a page
    assert stored(row_id).state == "unknown"
    assert stored(row_id).reason == "Twilio’s list for this number is too long to be read."


def test_fault_23_two_unknown_sends_with_the_same_words_need_two_texts(standin, queue):
    rows = [
        queue(1, dedupe=f"same {n}", payload={"words": "Reminder: Tue 3 Mar 10am."}) for n in (1, 2)
    ]
    standin.faults.extend(["after_500", "before_500"])
    work()
    settle()
    assert [stored(i).state for i in rows] == ["accepted", "accepted"]
    assert len(standin.texts) == 2
    assert {stored(i).provider_id for i in rows} == {t.sid for t in standin.texts}


def test_fault_23_two_hits_for_one_row_are_one_text_too_many_already(standin, queue):
    """One of them is taken for it, and no third is sent."""
    row_id = queue(1)
    standin.faults.append("after_500")
    work()
    standin.accept(standin.texts[0].form)
    settle()
    assert stored(row_id).provider_id in {text.sid for text in standin.texts}
    assert standin.asked == 1


def test_fault_23_the_same_words_of_an_hour_before_or_to_somebody_else_are_not_it(standin, queue):
    earlier = queue(1, payload={"words": "Ring us please."})
    work(NOW)
    hour = timedelta(hours=1)
    row_id = queue(1, dedupe="later", payload={"words": "Ring us please."}, due_at=NOW + hour)
    other = queue(2, payload={"words": "Ring us please."}, due_at=NOW + hour)
    standin.faults.extend(["before_500", ""])
    work(NOW + hour)
    assert [stored(i).state for i in (earlier, row_id, other)] == [
        "accepted", "unknown", "accepted",
    ]  # fmt: skip
    settle(NOW + hour + timedelta(minutes=6))
    assert stored(row_id).state == "accepted"
    assert [text.to[-1] for text in standin.texts] == ["1", "2", "1"]
