"""Faults 24 and 25: many are due at once after an outage; nobody sends for two days."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from app.db import db
from app.health.beats import record_beat
from app.messaging import channels, send
from app.messaging.models import Outbox
from app.messaging.outbox import lane_of
from app.settings.store import current
from tests.cast import NOW
from tests.messaging.steps import stored, work

DAY = timedelta(days=1)


def outage(news: int, reminders: int, late: int) -> None:
    """What was to go in the last two days: reminders were due first, some of no use any more."""
    made = [
        *(("reminder", n, 40 + n % 8, 60) for n in range(reminders)),
        *(("reminder", n, 30, 20) for n in range(reminders, reminders + late)),
        *(("booked", n, 1, 60) for n in range(news)),
    ]
    db.session.execute(
        insert(Outbox),
        [
            {
                "channel": "text", "purpose": purpose, "lane": lane_of(purpose, "text"),
                "about_kind": "appointment", "about_id": n, "recipient_kind": "carer",
                "recipient_id": n % 1000, "dedupe": f"{purpose}:{n}", "state": "ready",
                "due_at": NOW - timedelta(hours=hours), "created_at": NOW - 3 * DAY,
                "expires_at": NOW - timedelta(hours=48 - use), "attempt": 0,
            }
            for purpose, n, hours, use in made
        ],
    )  # fmt: skip
    db.session.commit()


def test_fault_24_of_ten_thousand_news_go_before_reminders_whenever_these_were_due(app):
    outage(news=20, reminders=9_950, late=30)
    for _ in range(20):
        send.send_next("worker", at=NOW)
        db.session.remove()
    assert left("booked") == 0
    for _ in range(50):  # the oldest first: some are too late, and nothing is said of them
        send.send_next("worker", at=NOW)
        db.session.remove()
    gone = db.session.scalars(select(Outbox.expires_at).where(Outbox.state == "accepted")).all()
    assert len(gone) > 20
    assert min(gone) > NOW


@pytest.mark.one_database
def test_fault_24_they_leave_at_the_accounts_pace_after_the_alarms(standin, queue):
    """A second's worth may be caught up; all others have their time."""
    rate = current().text_parts_a_second
    many = int(rate * 2.5)
    for number in range(many):
        queue(number)
    queue(1, "alarm", to=("staff", 999))
    came: list[float] = []
    standin.on_post = lambda: came.append(time.monotonic())
    work()
    assert len(came) == many + 1
    assert standin.texts[0].to == "+447700900999"
    assert came[-1] - came[1] >= (many - rate) / rate - 0.3


def left(purpose: str) -> int:
    waiting = select(func.count(Outbox.id)).where(
        Outbox.purpose == purpose, Outbox.state == "ready"
    )
    return db.session.scalar(waiting) or 0


def test_fault_24_what_is_of_no_use_any_more_is_told_apart_and_nobody_is_texted(app):
    outage(news=5, reminders=0, late=30)
    work(NOW)
    assert db.session.scalars(
        select(Outbox.purpose).where(Outbox.state == "accepted").distinct()
    ).all() == ["booked"]  # fmt: skip
    reasons = (
        db.session.scalars(select(Outbox.reason).where(Outbox.reason.is_not(None))).unique().all()
    )
    assert reasons == ["It was too late to be of use."]
    assert left("reminder") == 0


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["jago", "tamsin", "morwenna"])
def test_fault_25_whoever_opens_any_page_reads_since_when_texts_wait(
    app, cast, sign_in, queue, who
):
    record_beat("watch", at=NOW)
    queue(1, due_at=NOW - 2 * DAY)
    page = sign_in(getattr(cast, who)).get("/", follow_redirects=True).text
    assert "Texts are late:" in page
    assert "the oldest that is due has waited since Sat 21 Nov 10:00" in page
    assert ("/texts/delivery" in page) == (who != "tamsin")


@pytest.mark.one_database
def test_fault_25_nothing_is_said_while_all_goes_as_it_should(app, cast, jago, queue):
    record_beat("watch", at=NOW)
    queue(1, due_at=NOW - timedelta(minutes=14))
    queue(2, due_at=NOW + DAY)
    assert "Texts are late" not in jago.get("/", follow_redirects=True).text


@pytest.mark.one_database
def test_fault_25_a_worker_that_is_away_is_not_ready(client, queue):
    """Whatever watches over the service asks /readyz, and every page has the watch's strip."""
    for name in ("worker", "watch"):
        record_beat(name, at=NOW - 2 * DAY)
    db.session.commit()
    assert client.get("/readyz").status_code == 503


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["jago", "tamsin"])
def test_fault_07_every_page_of_staff_says_that_no_texts_go(app, cast, sign_in, who):
    record_beat("watch", at=NOW)
    channels.stop("text", "Twilio does not accept our account name or token", at=NOW)
    db.session.commit()
    page = sign_in(getattr(cast, who)).get("/", follow_redirects=True).text
    assert "No texts go out:" in page
    assert "Twilio does not accept our account name or token. What is due waits" in page
    channels.resume("text", by="job:send", at=NOW)
    db.session.commit()
    page = sign_in(getattr(cast, who)).get("/", follow_redirects=True).text
    assert "No texts go out" not in page


def test_fault_25_after_two_days_what_is_of_use_goes_and_the_rest_says_why(app, queue):
    of_use, late = queue(1, expires_at=NOW + 3 * DAY), queue(2)
    work(NOW + 2 * DAY)
    assert stored(of_use).state == "accepted"
    assert stored(late).reason == "It was too late to be of use."
