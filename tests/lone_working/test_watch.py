"""The watch over one day, with the clock passed in: opened, raised, texted, closed."""

import pytest
from sqlalchemy import select

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import db, transact
from app.errors import DomainError
from app.lone_working import alarms, check_ins, stand_down
from app.lone_working import watch as the_watch
from app.lone_working import watches as opening
from app.lone_working.models import Alarm, Watch
from app.messaging.models import Outbox
from app.risk.models import Duty
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from tests.cast import NOW
from tests.lone_working.conftest import steps, texted, wall, watches
from tests.messaging.steps import work


def look(hour: int, minute: int = 0) -> None:
    the_watch.look(wall(hour, minute))


def act(function, *words, at, by, **more):
    """One act on the only watch, committed."""
    return transact(lambda: function(watches()[0], *words, by=by, at=at, **more))


def test_a_visit_is_watched_once_however_often_it_is_looked_at(visit, cast):
    visit(second_id=cast.kerensa.id)
    for _ in range(3):
        look(10)

    assert [(w.staff_id, w.due_in, w.due_out, w.level) for w in watches()] == [
        (cast.tamsin.id, wall(11), wall(12), "standard"),
        (cast.kerensa.id, wall(11), wall(12), "standard"),
    ]


@pytest.mark.parametrize(
    "change",
    [{"how": "phone", "place_id": None}, {"status": "cancelled"}, {"starts_at": wall(35)}],
)
def test_no_watch_without_a_visit_today(visit, change):
    change = {**change, "starts_at": change.get("starts_at", wall(11))}
    visit(**change)
    look(10)

    assert watches() == []


def test_an_overdue_visit_turns_red_and_texts_the_duty_manager(visit, cast):
    visit()
    look(10, 55)
    act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(10, 58))
    for hour, minute in [(11, 15), (12, 0), (12, 15), (12, 30), (12, 45)]:
        look(hour, minute)
        look(hour, minute)

    assert steps() == ["remind_out", "buddy", "manager", "all_managers"]
    assert texted() == [
        ("check_out_reminder", cast.tamsin.id),
        ("overdue_buddy", cast.jago.id),
        ("overdue_manager", cast.morwenna.id),
        ("overdue_all", cast.morwenna.id),
    ]


def test_the_alarm_goes_to_the_manager_s_phone_with_no_name_and_no_address(visit, cast):
    visit()
    look(12, 31)
    work(wall(12, 31))

    row = db.session.scalars(select(Outbox).where(Outbox.purpose == "overdue_manager")).one()
    assert (row.state, row.to_address) == ("accepted", "+447700900998")
    assert row.body.startswith("OVERDUE: Tamsin was due out of F1042 at 12:00.")
    assert "Hannah" not in row.body
    assert "Example Street" not in row.body


def test_who_did_not_check_in_is_asked_and_the_buddy_is_told(visit, cast):
    visit()
    look(11, 15)

    assert texted() == [("check_in_asked", cast.tamsin.id), ("check_in_missed", cast.jago.id)]


def test_after_the_service_stood_still_every_missed_step_is_raised_at_once(visit, cast):
    visit()
    look(13)

    assert sorted(steps()) == ["all_managers", "buddy", "manager", "not_in", "remind_out"]


def test_a_check_out_ends_it_and_those_alarmed_hear_so(visit, cast):
    visit()
    tamsin, alarmed = cast.tamsin.id, sorted([cast.jago.id, cast.morwenna.id])
    look(12, 30)
    work(wall(12, 30))
    act(check_ins.check_out, how="button", by=db.session.get(Staff, tamsin), at=wall(12, 33))
    look(13)

    assert watches()[0].closed_by == f"staff:{tamsin}"
    assert "all_managers" not in steps()
    assert sorted(who for purpose, who in texted() if purpose == "stood_down") == alarmed


def test_a_text_that_still_waits_does_not_go_after_the_check_out(visit, cast):
    visit()
    look(12, 30)
    act(check_ins.check_out, how="button", by=cast.tamsin, at=wall(12, 31))

    rows = db.session.execute(
        select(Outbox.state, Outbox.reason).where(Outbox.purpose == "overdue_manager")
    ).all()
    assert [tuple(row) for row in rows] == [("cancelled", "They are known to be safe.")]


def test_one_extension_puts_the_ladder_off_and_a_second_is_refused(visit, cast):
    visit()
    look(11)
    act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(11))
    act(check_ins.extend, how="button", by=cast.tamsin, at=wall(12, 16))
    look(12, 29)
    assert steps() == []
    look(12, 45)
    assert steps() == ["remind_out", "buddy"]
    with pytest.raises(DomainError, match="longer once already"):
        act(check_ins.extend, how="button", by=cast.tamsin, at=wall(12, 46))


def test_an_extension_after_an_alarm_lets_the_same_step_be_raised_again(visit, cast):
    visit()
    act_in_time(cast)
    look(12, 15)
    act(check_ins.extend, how="text", by=cast.tamsin, at=wall(12, 20))
    look(12, 45)

    assert steps() == ["remind_out", "buddy", "remind_out", "buddy"]


def act_in_time(cast):
    look(10, 55)
    act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(10, 55))


@pytest.mark.parametrize("minutes", [0, 31, -5])
def test_nobody_stays_longer_than_the_rule_allows(visit, cast, minutes):
    visit()
    act_in_time(cast)
    with pytest.raises(DomainError, match="up to 30 minutes"):
        act(check_ins.extend, how="text", by=cast.tamsin, at=wall(11, 50), minutes=minutes)


def test_a_check_in_long_before_the_start_is_refused(visit, cast):
    visit()
    look(9)
    with pytest.raises(DomainError, match="Check in from 10:00"):
        act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(9, 59))


def test_pressing_twice_does_it_once(visit, cast):
    visit()
    look(11)
    for _ in range(2):
        act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(11))
    for minute in (58, 59):
        act(check_ins.check_out, how="button", by=cast.tamsin, at=wall(11, minute))

    entries = select(AuditEntry.tag).where(AuditEntry.tag.like("watch:%")).order_by(AuditEntry.id)
    tags = db.session.scalars(entries).all()
    assert tags == ["watch:checked_in", "watch:checked_out"]
    assert watches()[0].checked_out_at == wall(11, 58)


def test_who_takes_an_alarm_stands_beside_it_and_it_still_escalates(visit, cast):
    visit()
    look(12, 15)
    act(alarms.acknowledge_alarm, by=cast.jago, at=wall(12, 18))
    look(12, 30)

    rows = db.session.execute(
        select(Alarm.step, Alarm.acknowledged_by_id).where(Alarm.step.in_(("buddy", "manager")))
    ).all()
    assert sorted(tuple(row) for row in rows) == [("buddy", cast.jago.id), ("manager", None)]


def test_nobody_takes_or_closes_their_own_alarm(visit, cast):
    visit()
    look(12, 30)
    for refused in (
        lambda: act(alarms.acknowledge_alarm, by=cast.tamsin, at=wall(12, 31)),
        lambda: act(stand_down.close_watch, "spoke", None, by=cast.tamsin, at=wall(12, 31)),
    ):
        with pytest.raises(DomainError, match="It is about you"):
            refused()


def test_a_visit_without_an_alarm_cannot_be_taken(visit, cast):
    visit()
    look(11, 5)
    with pytest.raises(DomainError, match="no alarm about this visit"):
        act(alarms.acknowledge_alarm, by=cast.jago, at=wall(11, 5))


@pytest.mark.parametrize(
    ("confirmed", "words", "refusal"),
    [("", None, "Choose how"), ("guess", None, "Choose how"), ("help_came", " ", "Write what")],
)
def test_an_alarm_is_closed_only_by_saying_how_they_are_known_to_be_safe(
    visit, cast, confirmed, words, refusal
):
    visit()
    look(12, 30)
    with pytest.raises(DomainError, match=refusal):
        act(stand_down.close_watch, confirmed, words, by=cast.jago, at=wall(12, 31))
    assert watches()[0].closed_at is None


def test_all_managers_are_texted_again_until_somebody_takes_it(visit, cast):
    visit()
    for minute in (45, 54, 55, 59):
        look(12, minute)
    assert texted().count(("overdue_all", cast.morwenna.id)) == 2
    act(alarms.acknowledge_alarm, by=cast.morwenna, at=wall(13))
    look(13, 30)
    assert texted().count(("overdue_all", cast.morwenna.id)) == 2


def test_without_anybody_on_duty_all_managers_are_told_at_once(visit, cast, app):
    db.session.query(Duty).delete()
    cast.morwenna.role, cast.jago.role = "manager", "manager"
    db.session.commit()
    visit(wall(17), 60)
    look(18, 30)  # the default cover has ended at 18:00

    told = {who for purpose, who in texted() if purpose == "overdue_manager"}
    assert told == {cast.morwenna.id, cast.jago.id}


def test_a_failing_text_stops_neither_the_alarm_nor_the_other_texts(visit, cast, monkeypatch):
    visit()
    queue = alarms.queue_text
    broken = True

    def fails(purpose, **more):
        if broken and purpose == "overdue_manager":
            raise OSError("no outbox")
        return queue(purpose, **more)

    monkeypatch.setattr(alarms, "queue_text", fails)
    look(12, 31)
    assert "manager" in steps()
    assert ("overdue_buddy", cast.jago.id) in texted()
    assert ("overdue_manager", cast.morwenna.id) not in texted()
    broken = False
    look(12, 32)
    assert ("overdue_manager", cast.morwenna.id) in texted()


def test_one_watch_that_cannot_be_raised_holds_up_no_other_and_the_look_says_so(
    visit, cast, monkeypatch
):
    visit()
    visit(wall(11), 60, staff_id=cast.kerensa.id, family_id=cast.jodie.id,
          place_id=cast.jodie.home_id)  # fmt: skip
    look(10)
    first = watches()[0].id
    raise_steps = alarms.raise_steps

    def fails(number, *, at):
        if number == first:
            raise RuntimeError("broken")
        return raise_steps(number, at=at)

    monkeypatch.setattr(alarms, "raise_steps", fails)
    with pytest.raises(RuntimeError):
        look(12, 31)
    assert ("overdue_manager", cast.morwenna.id) in texted()


def test_alarms_are_raised_even_where_appointments_cannot_be_read(visit, cast, monkeypatch):
    visit()
    look(11)

    def fails(at):
        raise RuntimeError("broken")

    monkeypatch.setattr(opening, "visits_near", fails)
    with pytest.raises(RuntimeError):
        look(12, 31)
    assert ("overdue_manager", cast.morwenna.id) in texted()


def test_before_its_start_a_watch_follows_its_appointment(visit, cast):
    booked = visit()
    look(10)
    row = db.session.get(Appointment, booked.id)
    transact(lambda: cancel(row, "weather", by=cast.jago, at=NOW))
    look(10, 1)

    assert [w.closed_words for w in watches()] == ["The visit is not theirs today any more."]


@pytest.mark.parametrize("came", [True, False])
def test_a_visit_that_has_begun_is_looked_for_even_if_it_is_cancelled_then(visit, cast, came):
    booked = visit()
    look(11)
    if came:
        act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(11))
    row = db.session.get(Appointment, booked.id)
    transact(lambda: cancel(row, "other", by=cast.jago, at=wall(11, 5)))
    look(12, 31)

    assert "manager" in steps()


@pytest.mark.parametrize(
    ("come", "moved_at", "open_from"),
    [
        (False, wall(10, 30), [wall(13)]),  # before the start: it moves
        (False, wall(11, 5), [wall(11), wall(13)]),  # begun: somebody must say where they are
        (True, wall(10, 50), [wall(11)]),  # they are there already
    ],
)
def test_a_moved_visit_moves_only_what_has_not_begun(visit, cast, come, moved_at, open_from):
    booked = visit()
    look(10)
    if come:
        act(check_ins.check_in, how="button", by=cast.tamsin, at=wall(10, 45))
    row = db.session.get(Appointment, booked.id)
    row.starts_at, row.ends_at = wall(13), wall(14)
    db.session.commit()
    the_watch.look(moved_at)

    assert [w.due_in for w in watches() if w.closed_at is None] == open_from


def test_given_to_somebody_else_and_back_it_is_watched_again(visit, cast):
    booked = visit()
    look(10)
    for staff_id in (cast.kerensa.id, cast.tamsin.id):
        db.session.get(Appointment, booked.id).staff_id = staff_id
        db.session.commit()
        look(10, 1)

    assert [w.staff_id for w in watches() if w.closed_at is None] == [cast.tamsin.id]


def test_a_watch_opened_by_a_check_in_is_the_one_that_the_job_finds(visit, cast):
    booked = visit()
    own = transact(lambda: opening.watch_for(booked, cast.tamsin.id, wall(10, 50)))
    look(10, 51)

    assert [w.id for w in watches()] == [own.id]
    assert db.session.scalars(select(Watch)).all()[0].closed_at is None
