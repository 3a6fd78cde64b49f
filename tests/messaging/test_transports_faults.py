"""Every fault that Twilio can show, with the real client: one text in the end, none lost, none
twice.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, transact
from app.messaging import channels
from app.messaging.claim import claim_next
from app.messaging.outcomes import record_outcome
from app.messaging.send import expire_next
from app.messaging.transports import Outcome
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import reconcile, stored, use_twilio, work

SOON = NOW + timedelta(minutes=6)  # after the quarantine
LATER = NOW + timedelta(hours=1)


def open_tasks() -> list[str]:
    return list(db.session.scalars(select(Task.kind).where(Task.closed_at.is_(None))))


def settle(at=SOON) -> None:
    """Look for what is unknown, and send again what was not found."""
    reconcile(at)
    work(at)


def test_a_text_arrives_with_a_callback_of_ours_and_an_end(standin, queue):
    row_id = queue(1)
    work()
    (text,) = standin.texts
    assert stored(row_id).provider_id == text.sid
    assert (text.to, text.body) == ("+447700900001", "booked 1")
    expected = f"http://127.0.0.1:5000/webhooks/twilio/status/{row_id}/1"
    assert text.callback.split("#")[0] == expected
    assert text.form["ValidityPeriod"] == "36000"
    assert text.form["From"] == "+447700900000"


@pytest.mark.parametrize(
    "fault",
    [
        "before_500", "after_500", "late", "left", "reset_before", "reset_after", "cut", "html",
    ],
)  # fmt: skip
def test_an_answer_that_never_came_means_unknown_and_one_text_in_the_end(standin, queue, fault):
    row_id = queue(1)
    standin.faults.append(fault)
    work()
    assert stored(row_id).state == "unknown"
    work(NOW + timedelta(minutes=2))
    assert standin.asked == 1  # never again on a guess
    standin.finish()  # what was late has come by now
    settle()
    assert stored(row_id).state == "accepted"
    (text,) = standin.texts
    assert stored(row_id).provider_id == text.sid


def test_a_refused_connection_is_tried_again_later_and_counted(standin, app, queue):
    row_id = queue(1)
    use_twilio(app, "http://127.0.0.1:9")
    work()
    row = stored(row_id)
    assert (row.state, row.attempt, row.sent_at) == ("ready", 1, None)
    assert row.due_at == NOW + timedelta(seconds=30)
    use_twilio(app, standin.url)
    work(NOW + timedelta(seconds=29))
    assert standin.asked == 0
    work(LATER)
    assert stored(row_id).state == "accepted"
    assert len(standin.texts) == 1


def test_a_server_without_tls_is_not_reached(standin, app, queue):
    row_id = queue(1)
    use_twilio(app, standin.url.replace("http:", "https:"))
    work()
    assert stored(row_id).state == "ready"


def test_slow_down_rests_the_whole_channel_as_long_as_asked(standin, queue):
    first, second = queue(1), queue(2)
    standin.faults.append("429")
    work()
    assert [stored(i).state for i in (first, second)] == ["ready", "ready"]
    assert standin.asked == 1
    work(NOW + timedelta(seconds=6))
    assert standin.asked == 1
    work(NOW + timedelta(seconds=7))
    assert [stored(i).state for i in (first, second)] == ["accepted", "accepted"]


def test_refused_credentials_stop_the_channel_and_it_resumes_by_itself(standin, queue):
    first, second = queue(1), queue(2)
    standin.faults.append("401")
    work()
    assert [stored(i).state for i in (first, second)] == ["ready", "ready"]
    assert standin.asked == 1
    assert channels.channel("text").stopped
    assert open_tasks() == ["other"]
    work(NOW + timedelta(minutes=10))
    assert [stored(i).state for i in (first, second)] == ["accepted", "accepted"]
    assert channels.channel("text") is None
    assert open_tasks() == []


def test_a_list_that_cannot_be_read_leaves_it_unknown_and_a_day_later_a_person_hears(
    standin, queue
):
    row_id = queue(1, expires_at=NOW + timedelta(days=3))
    standin.faults.append("after_500")
    standin.list_fails = True
    work()
    settle()
    assert stored(row_id).state == "unknown"
    settle(NOW + timedelta(hours=25))
    assert stored(row_id).state == "gave_up"
    assert open_tasks() == ["not_sent"]
    assert standin.asked == 1


def test_an_unknown_send_that_came_too_late_is_not_repeated(standin, queue):
    row_id = queue(1, expires_at=NOW + timedelta(minutes=3))
    standin.faults.append("before_500")
    work()
    settle()
    assert stored(row_id).state == "expired"
    assert stored(row_id).reason.startswith("It was too late")


def test_two_unknown_sends_with_the_same_words_need_two_texts(standin, queue):
    rows = [
        queue(1, dedupe=f"same {n}", payload={"words": "Reminder: Tue 3 Mar 10am."}) for n in (1, 2)
    ]
    standin.faults.extend(["after_500", "before_500"])
    work()
    settle()
    assert [stored(i).state for i in rows] == ["accepted", "accepted"]
    assert len(standin.texts) == 2
    assert {stored(i).provider_id for i in rows} == {t.sid for t in standin.texts}


def test_an_alarm_is_sent_again_at_once_rather_than_not_at_all(standin, queue):
    row_id = queue(1, "alarm", to=("staff", 1))
    standin.faults.append("after_500")
    work()
    assert stored(row_id).state == "ready"
    work(NOW + timedelta(seconds=30))
    assert len(standin.texts) == 2


def test_a_worker_whose_lease_ran_out_changes_nothing(standin, app, queue):
    row_id = queue(1)
    parcel = claim_next("slow", at=NOW)
    assert expire_next(at=NOW + timedelta(seconds=61))
    assert stored(row_id).state == "unknown"
    done = transact(lambda: record_outcome(parcel, Outcome("accepted", sid="SMx"), at=NOW))
    assert done is False
    assert (stored(row_id).state, stored(row_id).provider_id) == ("unknown", None)
