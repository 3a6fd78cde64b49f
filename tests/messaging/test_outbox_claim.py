from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import send
from app.messaging.blocks import block_number
from app.messaging.claim import claim_next
from app.messaging.models import Outbox
from app.messaging.transports import Outcome
from app.messaging.wordings import NoWording
from app.tasks.models import Task
from app.windows import read_windows
from tests.cast import NOW
from tests.messaging.steps import arrive, read_all, stored, work

EVENING = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 11, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


def tasks() -> list[tuple[str, str]]:
    return [(t.kind, t.words) for t in db.session.scalars(select(Task).order_by(Task.id))]


def test_a_due_text_goes_once_with_its_body_as_sent(app, queue):
    row_id = queue(1)
    assert work() == 1
    row = stored(row_id)
    assert (row.state, row.body, row.to_address) == ("accepted", "booked 1", "+447700900001")
    assert (row.attempt, row.segments, row.provider_id) == (1, 1, "SIM1")
    assert work(NOW + timedelta(hours=1)) == 0


def test_nothing_goes_before_it_is_due(app, queue):
    queue(1, due_at=NOW + timedelta(minutes=1))
    assert work() == 0
    assert work(NOW + timedelta(minutes=1)) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"refusal": "Nobody has asked whether texting is safe."}, "Nobody has asked"),
        ({"number": None}, "There is no mobile number."),
    ],
)
def test_who_may_not_be_texted_is_rung(app, people, queue, change, reason):
    row_id = queue(1)
    people.change("carer", 1, **change)
    work()
    row = stored(row_id)
    assert row.state == "suppressed"
    assert row.reason.startswith(reason)
    assert row.final_at == NOW
    assert [kind for kind, _ in tasks()] == ["not_sent"]
    assert "Ring Carer 1: a text did not go (booking)." in tasks()[0][1]


def test_somebody_with_another_safe_way_is_not_rung(app, people, queue):
    people.change("carer", 1, refusal="Not safe.", email="a@example.org", email_refusal=None)
    queue(1)
    work()
    assert tasks() == []


def test_somebodys_own_words_go_by_no_other_way_so_they_are_rung(app, people, queue):
    people.change("carer", 1, refusal="Not safe.", email="a@example.org", email_refusal=None)
    queue(1, about=("carer", 1))
    work()
    assert [kind for kind, _ in tasks()] == ["not_sent"]


def test_nobody_is_asked_twice_to_ring_about_one_thing(app, people, queue):
    people.change("carer", 1, refusal="Not safe.")
    queue(1)
    queue(1, "reminder")
    work()
    assert len(tasks()) == 1


def test_staff_are_never_rung_by_a_task(app, people, queue):
    people.change("staff", 1, number=None)
    queue(1, to=("staff", 1))
    work()
    assert tasks() == []


def test_a_changed_number_is_used_and_the_old_one_hears_nothing(app, people, queue):
    row_id = queue(1)
    people.change("carer", 1, number="+447700900555")
    work()
    assert stored(row_id).to_address == "+447700900555"


def test_somebody_who_is_gone_gets_nothing(app, people, queue):
    row_id = queue(1)
    people.gone.add(("carer", 1))
    work()
    assert stored(row_id).reason == "This person is not on record any more."


def test_what_is_not_wanted_any_more_is_not_sent(app, people, queue):
    row_id = queue(1)
    people.unwanted["appointment", 1] = "The appointment was cancelled."
    work()
    assert (stored(row_id).state, stored(row_id).reason) == (
        "cancelled",
        "The appointment was cancelled.",
    )
    assert tasks() == []


@pytest.mark.parametrize("kind", ["stop", "quarantine", "twilio"])
def test_a_blocked_number_gets_nothing(app, queue, kind):
    row_id = queue(1)
    block_number("+447700900001", kind, "a test", by="test", at=NOW)
    db.session.commit()
    work()
    assert stored(row_id).state == "suppressed"
    assert stored(row_id).reason.endswith(".")


@pytest.mark.parametrize(("kind", "state"), [("stop", "accepted"), ("quarantine", "suppressed")])
def test_an_alarm_goes_to_a_phone_that_said_stop_but_never_to_a_stranger(app, queue, kind, state):
    row_id = queue(1, "alarm", to=("staff", 1))
    block_number("+447700900001", kind, "a test", by="test", at=NOW)
    db.session.commit()
    work()
    assert stored(row_id).state == state


def test_late_is_not_sent(app, queue):
    booked, reminder = queue(1), queue(2, "reminder")
    work(NOW + timedelta(days=2))
    assert stored(booked).reason == "It was too late to be of use."
    assert stored(reminder).state == "expired"
    assert len(tasks()) == 1  # nobody is rung for a reminder that has passed


@pytest.mark.parametrize(
    ("at", "goes_at"),
    [
        (EVENING, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        (SUNDAY, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        (CHRISTMAS, datetime(2026, 12, 29, 9, 0, tzinfo=UTC)),
        (SATURDAY, None),
    ],
)
def test_quiet_hours_sundays_and_bank_holidays_put_it_off(app, queue, at, goes_at):
    row_id = queue(1, due_at=at, expires_at=at + timedelta(days=7))
    work(at)
    row = stored(row_id)
    assert (row.state, row.due_at) == (("ready", goes_at) if goes_at else ("accepted", at))


def test_safe_times_put_it_off(app, people, queue):
    people.change("carer", 1, safe_times=read_windows("Mon-Fri 13:00-15:00"))
    row_id = queue(1)
    work()
    assert stored(row_id).due_at == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    work(datetime(2026, 11, 23, 13, 0, tzinfo=UTC))
    assert stored(row_id).state == "accepted"


def test_what_can_never_go_in_time_is_not_sent_and_somebody_rings(app, people, queue):
    people.change("carer", 1, safe_times=read_windows("Fri 13:00-15:00"))
    row_id = queue(1)
    work()
    assert stored(row_id).state == "expired"
    assert stored(row_id).reason == "No safe time for a text came before it was too late."
    assert [kind for kind, _ in tasks()] == ["not_sent"]


def test_a_persons_decision_goes_in_the_evening_but_not_outside_safe_times(app, people, queue):
    people.change("carer", 2, safe_times=read_windows("Mon-Fri 9:00-15:00"))
    more = {"due_at": EVENING, "expires_at": EVENING + timedelta(hours=4), "now": True}
    anybody, careful = queue(1, **more), queue(2, **more)
    work(EVENING)
    assert stored(anybody).state == "accepted"
    assert stored(careful).state == "expired"


def test_an_alarm_goes_at_any_hour_and_before_everything_else(app, queue):
    night = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    queue(1, due_at=night - timedelta(hours=1))
    alarm = queue(2, "alarm", to=("staff", 2), due_at=night, expires_at=night + timedelta(hours=1))
    claimed = claim_next("worker", at=night)
    assert claimed.row_id == alarm


def test_only_alarms_are_taken_where_asked(app, queue):
    queue(1)
    assert claim_next("watch", at=NOW, lanes=("alarm",)) is None


def test_a_reminder_is_held_back_within_twelve_hours_of_another_text(app, queue):
    queue(1)
    work()
    eleven = NOW + timedelta(hours=8)
    reminder = queue(1, "reminder", due_at=eleven, expires_at=NOW + timedelta(days=3))
    other = queue(2, "reminder", due_at=eleven, expires_at=NOW + timedelta(days=3))
    work(eleven)
    assert stored(reminder).reason == "Another text about this went less than 12 hours before."
    assert stored(other).state == "accepted"


def test_a_change_is_told_at_once_whatever_went_before(app, queue):
    queue(1)
    work()
    told = queue(1, dedupe="booked again")
    work(NOW + timedelta(minutes=1))
    assert stored(told).state == "accepted"


def test_no_text_goes_while_a_reply_of_that_phone_is_unread(app, queue):
    row_id = queue(1)
    arrive(1, "Stop texting me please")
    work()
    assert stored(row_id).state == "ready"
    read_all()
    work(NOW + timedelta(minutes=1))
    assert stored(row_id).state == "suppressed"
    assert stored(row_id).reason == "This phone asked for no more texts."


def test_a_text_that_cannot_be_written_is_set_aside_and_holds_up_nobody(app, queue):
    broken = queue(1, payload={"words": "broken"})
    fine = queue(2)
    work()
    assert stored(broken).state == "suppressed"
    assert "(RuntimeError)" in stored(broken).reason
    assert stored(fine).state == "accepted"
    assert [kind for kind, _ in tasks()] == ["not_sent"]


def test_nothing_is_said_where_the_wording_has_no_words(app, people, queue, monkeypatch):
    def silent(*_: object) -> None:
        raise NoWording

    from app.messaging import registry

    monkeypatch.setitem(
        registry.purposes._entries,
        "booked",
        registry.Purpose(unwanted=lambda *_: None, make=silent),
    )
    people.change("carer", 1, wording="strict")
    row_id = queue(1)
    work()
    assert stored(row_id).reason == "Nothing may be said about this in strict wording."


def test_two_workers_never_get_one_row(app, queue):
    queue(1)
    first = claim_next("one", at=NOW)
    assert first.owner == "one"
    assert claim_next("two", at=NOW) is None
    assert db.session.scalars(select(Outbox.lease_owner)).all() == ["one"]


def test_four_workers_at_once_send_every_row_once(app, queue):
    sent = []

    class Counted:
        paced = False

        def send(self, parcel):
            sent.append(parcel.row_id)
            return Outcome("accepted", sid=f"SM{parcel.row_id}")

    app.extensions["transports"] = {"text": Counted()}
    rows = [queue(n) for n in range(1, 31)]
    db.session.remove()

    def drain(name):
        more = True
        while more:
            with app.app_context():
                more = send.send_next(name, at=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(drain, "abcd"))
    del app.extensions["transports"]
    assert sorted(sent) == sorted(rows)
    assert {stored(row_id).state for row_id in rows} == {"accepted"}
