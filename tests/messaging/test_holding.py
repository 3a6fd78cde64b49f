"""A person holds a text back, lets it go, sends it now or stops it: only while it waits."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.db import db, transact
from app.errors import Conflict
from app.messaging import holding, send
from app.messaging.claim import claim_next
from app.messaging.models import Outbox
from app.messaging.outbox import drop_waiting
from app.tasks.models import Task
from app.windows import read_windows
from tests.cast import NOW
from tests.messaging.steps import forget, stored, work

LATER = NOW + timedelta(hours=1)
ACTS = [holding.hold_text, holding.release_text, holding.send_now, holding.stop_text]


def do(act, row_id: int, at=NOW) -> None:
    transact(lambda: act(db.session.get_one(Outbox, row_id), by="staff:7", at=at))


def audited() -> list[tuple[str, str, dict[str, object]]]:
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.tag, entry.by, entry.detail) for entry in entries]


def test_what_is_held_does_not_go_until_it_is_released(app, queue):
    row_id = queue(1)
    do(holding.hold_text, row_id)
    work()
    row = stored(row_id)
    assert (row.state, row.reason) == ("held", "A member of staff holds it back.")
    do(holding.release_text, row_id)
    work()
    assert (stored(row_id).state, stored(row_id).reason) == ("accepted", None)
    assert audited() == [
        ("text:held", "staff:7", {"purpose": "booked"}),
        ("text:released", "staff:7", {"purpose": "booked"}),
    ]


def test_what_is_stopped_never_goes_and_nobody_is_asked_to_ring(app, queue):
    row_id = queue(1)
    do(holding.stop_text, row_id)
    work(LATER)
    row = stored(row_id)
    assert (row.state, row.reason) == ("cancelled", "A member of staff stopped it.")
    assert db.session.scalars(select(Task)).all() == []


def test_now_goes_before_its_time_in_quiet_hours_and_soon_after_another(app, queue):
    queue(1)
    work()
    evening = NOW + timedelta(hours=9, minutes=30)
    reminder = queue(1, "reminder", due_at=LATER + timedelta(days=1), expires_at=NOW + timedelta(3))
    work(evening)
    do(holding.send_now, reminder, evening)
    work(evening)
    assert stored(reminder).state == "accepted"
    assert stored(reminder).sent_at == evening


def test_now_still_asks_whether_texting_is_safe_and_when(app, people, queue):
    people.change("carer", 1, refusal="Not safe.")
    people.change("carer", 2, safe_times=read_windows("Mon-Fri 13:00-15:00"))
    unsafe, not_yet = queue(1, due_at=LATER), queue(2, due_at=LATER)
    for row_id in (unsafe, not_yet):
        do(holding.send_now, row_id)
    work()
    assert stored(unsafe).state == "suppressed"
    assert (stored(not_yet).state, stored(not_yet).due_at.hour) == ("ready", 13)


def test_now_lets_a_held_one_go(app, queue):
    row_id = queue(1)
    do(holding.hold_text, row_id)
    do(holding.send_now, row_id)
    work()
    assert stored(row_id).state == "accepted"


def test_what_is_too_late_is_not_sent_now(app, queue):
    row_id = queue(1, expires_at=LATER)
    with pytest.raises(Conflict, match="too late"):
        do(holding.send_now, row_id, LATER)


@pytest.mark.parametrize("act", ACTS)
def test_a_page_of_some_minutes_ago_is_told_that_it_has_gone(app, queue, act):
    row_id = queue(1)
    old = db.session.get_one(Outbox, row_id)
    assert old.state == "ready"
    db.session.commit()
    with db.engine.begin() as other:
        other.execute(update(Outbox).where(Outbox.id == row_id).values(state="accepted"))
    with pytest.raises(Conflict, match="gone already"):
        transact(lambda: act(old, by="staff:7", at=NOW))
    assert stored(row_id).state == "accepted"


@pytest.mark.parametrize("act", ACTS)
def test_what_is_on_its_way_or_dropped_is_said(app, queue, act):
    going, dropped = queue(1), queue(2)
    claim_next("worker", at=NOW)
    transact(lambda: drop_waiting(("appointment", 2), reason="It was moved.", at=NOW))
    forget()
    with pytest.raises(Conflict, match="may have gone"):
        do(act, going)
    with pytest.raises(Conflict, match=r"not sent any more\. It was moved\."):
        do(act, dropped)


def test_twice_held_or_released_is_said(app, queue):
    row_id = queue(1)
    with pytest.raises(Conflict, match="Nobody holds"):
        do(holding.release_text, row_id)
    do(holding.hold_text, row_id)
    with pytest.raises(Conflict, match="already"):
        do(holding.hold_text, row_id)


@pytest.mark.parametrize("act", [holding.hold_text, holding.stop_text])
def test_an_alarm_is_not_held_back(app, queue, act):
    row_id = queue(1, "alarm", to=("staff", 1))
    with pytest.raises(Conflict, match="alarm"):
        do(act, row_id)


def test_what_is_held_past_its_use_expires_and_somebody_rings_unless_it_reminds(app, queue):
    told, reminder = queue(1, expires_at=LATER), queue(2, "reminder", expires_at=LATER)
    for row_id in (told, reminder):
        do(holding.hold_text, row_id)
    assert not send.expire_held_next(at=LATER - timedelta(seconds=1))
    while send.expire_held_next(at=LATER):
        forget()
    reason = "It was too late to be of use. A member of staff held it back."
    assert {(stored(i).state, stored(i).reason) for i in (told, reminder)} == {("expired", reason)}
    assert db.session.scalars(select(Task.about_id)).all() == [1]


def test_what_is_held_about_a_thing_goes_with_it(app, queue):
    row_id = queue(1)
    do(holding.hold_text, row_id)
    assert transact(lambda: drop_waiting(("appointment", 1), reason="Moved.", at=NOW)) == 1
    assert stored(row_id).state == "cancelled"
