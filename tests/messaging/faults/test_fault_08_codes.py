"""Fault 8: every code that Twilio may say no with, at once, later by a status, or when asked.

Each is mapped for the people around the text; an unknown one crashes nothing; a text goes a second
time only where the first certainly did not arrive.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import channels, receipts
from app.messaging.blocks import block_of
from app.messaging.failures import FAILURES
from app.messaging.second_try import AFTER
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.signed import status
from tests.messaging.steps import stored, work

LATER = NOW + timedelta(hours=2)
AT_ONCE = {
    "21211": ["number"], "21614": ["number"], "21635": ["number"], "21612": ["number"],
    "21408": ["number"], "problem": ["number"], "21617": ["not_sent"], "29999": ["not_sent"],
    "30003": ["not_sent"],
}  # fmt: skip
OURS = ["20003", "20005", "20404", "21212", "21603", "21606", "21608", "21703", "21705"]
BY_STATUS = {
    "30004": ["number"], "30005": ["number"], "30006": ["number"], "21614": ["number"],
    "30007": ["not_sent", "other"], "30008": ["not_sent"], "30036": ["not_sent"],
    "99999": ["not_sent"], "junk": ["not_sent"], None: ["not_sent"],
}  # fmt: skip
ONCE_MORE = ["30001", "30003", "30500"]


def open_tasks() -> list[str]:
    return sorted(db.session.scalars(select(Task.kind).where(Task.closed_at.is_(None))))


def test_fault_08_every_code_of_the_reference_is_tried_here():
    named = {*AT_ONCE, *OURS, *BY_STATUS, *ONCE_MORE, "21610", "30002"}
    assert set(FAILURES) <= named


@pytest.mark.one_database
@pytest.mark.parametrize(("fault", "kinds"), AT_ONCE.items())
def test_fault_08_a_permanent_no_is_mapped_and_never_repeated(standin, queue, fault, kinds):
    row_id = queue(1)
    standin.faults.append(fault)
    work()
    row = stored(row_id)
    code = "21614" if fault == "problem" else fault
    assert (row.state, row.error_code, row.final_at) == ("failed", code, NOW)
    assert row.reason.endswith(".")
    assert open_tasks() == kinds
    work(LATER)
    assert standin.asked == 1


@pytest.mark.one_database
@pytest.mark.parametrize("code", OURS)
def test_fault_08_a_wrong_sender_or_account_stops_the_channel_not_the_text(standin, queue, code):
    row_id = queue(1)
    standin.faults.append(code)
    work()
    assert stored(row_id).state == "ready"
    assert channels.channel("text").stopped
    assert open_tasks() == ["other"]


def test_fault_08_an_opt_out_is_recorded_and_somebody_rings(standin, queue):
    row_id, waiting = queue(1), queue(1, "reminder", due_at=LATER)
    standin.faults.append("21610")
    work()
    row = stored(row_id)
    assert (row.state, row.error_code) == ("failed", "21610")
    block = block_of("+447700900001")
    assert (block.kind, block.source, block.at) == ("twilio", "Twilio refused a text (21610)", NOW)
    assert stored(waiting).reason.startswith("Twilio stopped texts to this phone")
    assert open_tasks() == ["ring"]
    work(LATER)
    assert standin.asked == 1


@pytest.mark.one_database
@pytest.mark.parametrize(("code", "kinds"), BY_STATUS.items())
@pytest.mark.parametrize("word", ["undelivered", "failed"])
def test_fault_08_a_failed_delivery_says_why_and_asks_a_person_once(
    standin, client, queue, word, code, kinds
):
    row_id = queue(1)
    work()
    for _ in range(3):
        assert status(client, row_id, word, code=code).status_code == 204
    row = stored(row_id)
    assert (row.state, row.error_code) == (word, code)
    assert row.reason.endswith(".")
    assert open_tasks() == kinds
    work(LATER)
    assert standin.asked == 1  # it may have arrived: never a second text


def test_fault_08_an_opt_out_told_by_status_is_recorded_too(standin, client, queue):
    row_id = queue(1)
    work()
    status(client, row_id, "failed", code="21610")
    assert block_of("+447700900001").kind == "twilio"
    assert open_tasks() == ["ring"]


def test_fault_08_a_suspended_account_stops_the_channel(standin, client, queue):
    row_id, waiting = queue(1), queue(2, due_at=LATER)
    work()
    status(client, row_id, "failed", code="30002")
    assert channels.channel("text").stopped
    assert stored(waiting).state == "ready"


@pytest.mark.parametrize("how", ["status", "asked"])
@pytest.mark.parametrize("code", ONCE_MORE)
def test_fault_08_what_certainly_did_not_arrive_goes_once_more(standin, client, queue, code, how):
    row_id = queue(1)
    work()
    first = tell(standin, client, row_id, "undelivered", code, NOW + timedelta(hours=1), how)
    waits = stored(row_id)
    assert (waits.state, waits.error_code, waits.final_at) == ("ready", code, None)
    assert waits.reason.endswith(".")
    assert open_tasks() == []
    status(client, row_id, "undelivered", code=code, sid=first)  # the same again, and one late
    status(client, row_id, "sent", sid=first)
    assert stored(row_id).state == "ready"

    work(waits.due_at)
    again = stored(row_id)
    assert (again.state, again.attempt, len(standin.texts)) == ("accepted", 2, 2)
    assert again.provider_id != first
    status(client, row_id, "undelivered", attempt=2, code=code)
    assert stored(row_id).state == "undelivered"
    assert open_tasks() == ["not_sent"]
    work(NOW + timedelta(hours=20))
    assert len(standin.texts) == 2


def tell(standin, client, row_id, word, code, at, how) -> str:
    """The end of a text's first attempt, by a callback or because we asked; answers its sid."""
    sid = stored(row_id).provider_id
    if how == "status":
        status(client, row_id, word, code=code)
    else:
        standin.texts[-1].status, standin.texts[-1].error_code = word, int(code)
        receipts.ask_one(at=at)
    return sid


def test_fault_08_a_late_receipt_of_the_first_spares_the_second(standin, client, queue):
    row_id = queue(1)
    work()
    status(client, row_id, "undelivered", code="30003")
    status(client, row_id, "delivered")
    assert stored(row_id).state == "delivered"
    work(NOW + AFTER)
    assert len(standin.texts) == 1


def test_fault_08_a_second_text_that_would_be_of_no_use_does_not_go(standin, client, queue):
    row_id = queue(1, expires_at=NOW + AFTER)
    work()
    status(client, row_id, "undelivered", code="30003")
    assert stored(row_id).state == "undelivered"
    assert open_tasks() == ["not_sent"]


def test_fault_08_a_second_text_asks_again_whether_it_is_wanted(standin, client, people, queue):
    row_id = queue(1)
    work()
    status(client, row_id, "undelivered", code="30003")
    people.unwanted["appointment", 1] = "The appointment was cancelled."
    work(LATER)
    assert stored(row_id).reason == "The appointment was cancelled."
    status(client, row_id, "undelivered", code="30003", sid=standin.texts[0].sid)
    assert stored(row_id).reason == "The appointment was cancelled."
    assert len(standin.texts) == 1


def test_fault_08_an_alarm_that_did_not_arrive_is_the_watchs(standin, client, queue):
    row_id = queue(1, "alarm", to=("staff", 1))
    work()
    status(client, row_id, "undelivered", code="30003")
    assert stored(row_id).state == "undelivered"
