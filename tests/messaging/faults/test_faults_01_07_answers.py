"""Faults 1 to 7: what Twilio may answer, or not answer, to a text that we send by the real client.

Each ends with one text, none lost and none twice, and with rows in which a person can read why.
"""

import ssl
from datetime import timedelta
from email.utils import format_datetime

import pytest
import trustme
from sqlalchemy import select

from app.db import db
from app.messaging import channels
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.signed import status
from tests.messaging.steps import reconcile, stored, use_twilio, work
from tests.standins.twilio import TwilioStandIn

SOON = NOW + timedelta(minutes=6)  # after the quarantine
LATER = NOW + timedelta(hours=1)


def open_tasks() -> list[str]:
    return list(db.session.scalars(select(Task.kind).where(Task.closed_at.is_(None))))


def settle(at=SOON) -> None:
    """Look for what is unknown, and send again what was not found."""
    reconcile(at)
    work(at)


def test_fault_09_a_text_arrives_with_a_callback_of_ours_and_an_end(standin, queue):
    row_id = queue(1)
    work()
    (text,) = standin.texts
    assert stored(row_id).provider_id == text.sid
    assert (text.to, text.body) == ("+447700900001", "booked 1")
    expected = f"http://127.0.0.1:5000/webhooks/twilio/status/{row_id}/1"
    assert text.callback.split("#")[0] == expected
    assert text.form["ValidityPeriod"] == "36000"
    assert text.form["From"] == "+447700900000"


def is_unknown_and_then_one_text(standin, row_id) -> None:
    """Never sent again on a guess; found after the quarantine, or sent once more."""
    assert stored(row_id).state == "unknown"
    work(NOW + timedelta(minutes=2))
    assert standin.asked == 1
    standin.finish()  # what was late has come by now
    settle()
    assert stored(row_id).state == "accepted"
    (text,) = standin.texts
    assert stored(row_id).provider_id == text.sid


@pytest.mark.parametrize("fault", ["before_500", "after_500", "before_503", "after_503"])
def test_fault_01_an_error_of_theirs_before_or_after_accepting(standin, queue, fault):
    row_id = queue(1)
    standin.faults.append(fault)
    work()
    is_unknown_and_then_one_text(standin, row_id)


def test_fault_02_answered_after_we_hung_up_and_found_in_the_list(standin, queue, impatient):
    row_id = queue(1)
    standin.faults.append("late")
    with impatient():
        work()
    is_unknown_and_then_one_text(standin, row_id)


def test_fault_02_answered_after_we_hung_up_and_found_by_the_callback(
    standin, client, queue, impatient
):
    row_id = queue(1)
    standin.faults.append("late")
    with impatient():
        work()
    status(client, row_id, "sent", sid=standin.texts[0].sid)
    assert (stored(row_id).state, stored(row_id).provider_id) == ("sent", standin.texts[0].sid)
    settle()
    assert (standin.asked, standin.lists) == (1, 0)


def test_fault_03_accepted_after_we_hung_up_is_outlasted_by_the_quarantine(
    standin, queue, impatient
):
    row_id = queue(1)
    standin.faults.append("left")
    with impatient():
        work()
    assert standin.texts == []  # a look now would find nothing, and send a second
    is_unknown_and_then_one_text(standin, row_id)


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "cut", "html", "html_201"])
def test_fault_04_a_connection_reset_or_an_answer_that_is_none(standin, queue, fault):
    row_id = queue(1)
    standin.faults.append(fault)
    work()
    is_unknown_and_then_one_text(standin, row_id)


def untrusted() -> ssl.SSLContext:
    """The certificate of an authority that nobody here believes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.one_database
@pytest.mark.parametrize("what", ["refused", "no such name", "no TLS there", "a false certificate"])
def test_fault_05_what_never_reached_twilio_is_tried_again_and_counted(
    standin, app, queue, what, request
):
    row_id = queue(1)
    other = standin
    if what == "a false certificate":
        other = TwilioStandIn(untrusted())
        request.addfinalizer(other.close)
    addresses = {
        "refused": "http://127.0.0.1:9",
        "no such name": "http://twilio.invalid",
        "no TLS there": standin.url.replace("http:", "https:"),
        "a false certificate": other.url,
    }
    use_twilio(app, addresses[what])
    work()
    row = stored(row_id)
    assert (row.state, row.attempt, row.sent_at) == ("ready", 1, None)
    assert row.due_at == NOW + timedelta(seconds=30)
    assert row.reason == "Twilio could not be reached."
    assert other.asked == 0
    work(NOW + timedelta(seconds=31))
    assert (stored(row_id).attempt, stored(row_id).due_at) == (2, NOW + timedelta(seconds=91))
    use_twilio(app, standin.url)
    work(NOW + timedelta(seconds=90))
    assert standin.asked == 0
    work(LATER)
    assert stored(row_id).state == "accepted"
    assert len(standin.texts) == 1


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        ("", 30),
        ("soon", 30),
        ("0", 1),
        ("86400", 600),
    ],
)
def test_fault_06_slow_down_rests_the_whole_account_as_long_as_asked(
    standin, queue, asked, seconds
):
    first, second = queue(1), queue(2)
    standin.faults.append("429")
    standin.retry_after = asked
    work()
    work(owner="another worker")
    assert [stored(i).state for i in (first, second)] == ["ready", "ready"]
    assert standin.asked == 1
    rests = channels.channel("text").rests_until
    assert NOW + timedelta(seconds=seconds - 5) <= rests <= NOW + timedelta(seconds=seconds)
    work(rests - timedelta(seconds=1))
    assert standin.asked == 1
    work(rests + timedelta(seconds=1))
    assert [stored(i).state for i in (first, second)] == ["accepted", "accepted"]
    assert open_tasks() == []


def test_fault_07_credentials_refused_in_the_middle_stop_the_channel_and_it_resumes(standin, queue):
    went, *waits = [queue(number) for number in (1, 2, 3)]
    standin.faults.extend(["", "401"])
    work()
    assert stored(went).state == "accepted"
    assert [stored(i).state for i in waits] == ["ready", "ready"]
    assert standin.asked == 2
    assert channels.channel("text").stopped
    task = db.session.scalars(select(Task).where(Task.closed_at.is_(None))).one()
    assert task.urgent
    assert task.words.startswith("No texts go out since Twilio does not accept")
    work(NOW + timedelta(minutes=9))
    assert standin.asked == 2
    work(NOW + timedelta(minutes=10))
    assert [stored(i).state for i in waits] == ["accepted", "accepted"]
    assert channels.channel("text") is None
    assert open_tasks() == []


def test_fault_01_an_unknown_send_that_came_too_late_is_not_repeated(standin, queue):
    row_id = queue(1, expires_at=NOW + timedelta(minutes=3))
    standin.faults.append("before_500")
    work()
    settle()
    assert stored(row_id).state == "expired"
    assert stored(row_id).reason.startswith("It was too late")


def test_fault_01_an_alarm_is_sent_again_at_once_rather_than_not_at_all(standin, queue):
    row_id = queue(1, "alarm", to=("staff", 1))
    standin.faults.append("after_500")
    work()
    assert stored(row_id).state == "ready"
    work(NOW + timedelta(seconds=30))
    assert len(standin.texts) == 2
