"""A text that came to Twilio while we were away is found, read once, and as of when it came."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.health.beats import last_beat
from app.messaging import channels, lost_replies
from app.messaging.blocks import block_of
from app.messaging.models import Reply
from app.messaging.webhooks import PICTURE
from app.worker.jobs import messaging_jobs
from tests.cast import NOW
from tests.messaging.signed import SMS, TEXT, post
from tests.messaging.steps import read_all, stored, work

PHONE = "+447700900001"
MINUTE = timedelta(minutes=1)


def look(at=NOW) -> None:
    lost_replies.look_for_lost(at=at)
    db.session.remove()


def replies() -> list[Reply]:
    return list(db.session.scalars(select(Reply).order_by(Reply.id)))


def test_a_stop_that_never_reached_us_stops_all_the_same(standin, queue):
    row_id = queue(1)
    standin.comes("SM9", PHONE, "STOP", NOW - 20 * MINUTE)
    look()
    read_all()
    work()
    block = block_of(PHONE)
    assert (block.kind, block.at) == ("twilio", NOW - 20 * MINUTE)
    assert stored(row_id).reason.startswith(("This phone asked for no", "Twilio stopped texts"))
    assert standin.asked == 0


def test_what_we_have_is_not_stored_again_whichever_way_it_came_first(standin, client):
    standin.comes("SM1", PHONE, "1", NOW - 3 * MINUTE)
    post(client, SMS, TEXT)
    for later in (0, 5, 10):
        look(NOW + later * MINUTE)
    assert len(replies()) == 1
    standin.comes("SM2", PHONE, "hello", NOW)
    look(NOW + 3 * MINUTE)
    post(client, SMS, {**TEXT, "MessageSid": "SM2"})
    assert [reply.body for reply in replies()] == ["1", "hello"]


def test_they_are_stored_in_the_order_in_which_they_came(standin):
    standin.comes("SM2", PHONE, "START", NOW - 5 * MINUTE)
    standin.comes("SM1", PHONE, "STOP", NOW - 9 * MINUTE)
    look()
    assert [reply.body for reply in replies()] == ["STOP", "START"]
    assert [reply.received_at for reply in replies()] == [NOW - 9 * MINUTE, NOW - 5 * MINUTE]


def test_only_what_came_to_us_and_not_what_is_on_its_way(standin, queue):
    queue(1)
    work()
    standin.comes("SM8", PHONE, "just now", NOW - MINUTE)
    look(NOW)
    assert replies() == []
    look(NOW + 2 * MINUTE)
    assert [reply.body for reply in replies()] == ["just now"]


def test_a_worker_that_was_away_for_days_asks_from_its_last_look_on(standin):
    look(NOW - timedelta(days=3))
    standin.comes("SM1", PHONE, "he is outside", NOW - timedelta(days=2))
    look()
    read_all()
    assert replies()[0].reader == "danger"


def test_a_picture_is_said_to_have_come(standin):
    standin.comes("SM1", PHONE, "", NOW - 5 * MINUTE, media="2")
    look()
    assert replies()[0].body == PICTURE


@pytest.mark.parametrize("fault", ["503", "401", "html", "cut", "reset"])
def test_a_provider_that_cannot_say_is_asked_again_from_the_same_look_on(standin, fault):
    look(NOW - timedelta(hours=5))
    standin.comes("SM1", PHONE, "1", NOW - timedelta(hours=4))
    standin.list_fault = fault
    with pytest.raises(Exception):  # noqa: B017,PT011  (the worker logs its kind and goes on)
        look(NOW - timedelta(hours=1))
    db.session.rollback()
    standin.list_fault = ""
    look(NOW)
    assert len(replies()) == 1
    assert last_beat(lost_replies.LOOK) == NOW


def test_nothing_is_asked_while_the_channel_rests(standin):
    channels.slow("text", timedelta(hours=1), "slow", at=NOW)
    db.session.commit()
    look()
    assert standin.lists == 0


def test_the_worker_looks_every_five_minutes_beside_its_other_jobs(app):
    (job,) = [job for job in messaging_jobs() if job.name == "look for lost replies"]
    assert (job.every_seconds, job.aside) == (300, True)
