"""A programme's dates booked in one step, and moved after one that changed: all or none."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, transact
from app.errors import DomainError, Stale
from app.messaging.models import Outbox
from app.places.models import Place
from app.programmes.dates import Line, LineRefused, plan_dates
from app.programmes.ending import end_programme
from app.programmes.models import Programme
from app.programmes.queries import programme_by_id
from app.programmes.reviews import finish_review
from app.programmes.start import cycles_of
from app.risk.assess import record_assessment
from app.scheduling.book import Booking, book
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment, Reservation
from app.scheduling.move import Change, move
from app.scheduling.outcome import record_outcome
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_REVIEW,
    AFTER_VIDEO,
    agreed,
    at,
    chosen,
    cycle,
    days,
    filmed,
    heard,
    one,
    review,
    says,
    started,
    video,
)
from tests.programmes.test_booking_pairs import texts

FIRST = date(2026, 12, 1)


def weekly(cast: Cast, programme: Programme, number: int = 3, first: date = FIRST) -> list[Line]:
    """A video and a review for each cycle, a week from one to the next, but not at Christmas."""
    week = [first + days(7 * n) for n in range(2 * number)]
    lines = []
    for place, each in enumerate(cycles_of(programme)[:number]):
        filming, reviewing = week[2 * place : 2 * place + 2]
        lines.append(Line(each.id, video(cast, filming, once=f"form:{place}:v")))
        lines.append(Line(each.id, review(cast, reviewing, once=f"form:{place}:r")))
    return lines


def planned(cast: Cast, programme: Programme, lines: list[Line], **more) -> list[Appointment]:
    return transact(lambda: plan_dates(programme, lines, by=cast.jago, at=NOW, **more))


def moves(made: list[Appointment], by_days: int) -> list[Line]:
    """Lines that move these appointments by so many days."""
    return [
        Line(
            row.cycle_id or 0,
            booking_of(row, row.starts_at + timedelta(days=by_days)),
            moves=row.id,
            version=row.version,
        )
        for row in made
    ]


def booking_of(row: Appointment, starts_at: datetime) -> Booking:
    return Booking(
        kind=row.kind, family_id=row.family_id, staff_id=row.staff_id, starts_at=starts_at,
        minutes=row.minutes, place_id=row.place_id,
    )  # fmt: skip


def number_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_all_are_booked_and_only_the_first_is_told(app: Flask, cast: Cast) -> None:
    made = planned(cast, programme := started(cast), weekly(cast, programme))

    assert [row.status for row in made] == ["booked", *["provisional"] * 5]
    assert [code for row in made[1:] for code, _ in row.reasons] == [
        "not_filmed", "cycle_before", "not_filmed", "cycle_before", "not_filmed",
    ]  # fmt: skip
    assert texts(made[0].id) == ["booked", "reminder_early", "reminder"]
    assert [texts(row.id) for row in made[1:]] == [[]] * 5
    assert number_of(Reservation) == 12


def test_a_later_video_is_told_once_the_review_before_has_taken_place(
    app: Flask, cast: Cast
) -> None:
    programme = started(cast)
    made = planned(cast, programme, weekly(cast, programme))
    agreed(cast)
    filmed(cast, made[0].id)
    chosen(cast, programme)
    assert one(made[2].id).status == "provisional"

    transact(lambda: finish_review(cycle(programme), by=cast.tamsin, at=AFTER_REVIEW))

    assert (one(made[2].id).status, one(made[2].id).reasons) == ("booked", [])
    assert texts(made[2].id) == ["booked", "reminder_early", "reminder"]
    assert one(made[4].id).status == "provisional"


def test_a_review_recorded_as_done_alone_tells_of_the_next_video(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = planned(cast, programme, weekly(cast, programme))
    filmed(cast, made[0].id)

    transact(lambda: record_outcome(one(made[1].id), "done", by=cast.tamsin, at=AFTER_REVIEW))

    assert one(made[2].id).status == "booked"
    assert one(made[4].id).status == "provisional"


def test_a_video_that_was_told_is_not_taken_back(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    alone = transact(lambda: book(video(cast), by=cast.jago, at=NOW))
    assert alone.status == "booked"
    heard(alone.id)
    one(alone.id).cycle_id = cycle(programme, 2).id
    db.session.commit()

    change = Change(starts_at=at(date(2026, 12, 2), 10))
    transact(lambda: move(one(alone.id), change, by=cast.jago, at=NOW))

    assert one(alone.id).status == "booked"
    assert "moved" in texts(alone.id)


def test_where_one_is_taken_none_is_booked_and_the_line_is_named(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines = weekly(cast, programme)
    theirs = replace(lines[3].booking, kind="follow_up", minutes=30, once=None)
    transact(lambda: book(theirs, by=cast.jago, at=NOW))

    with pytest.raises(LineRefused, match="booked already|another appointment") as refused:
        planned(cast, programme, lines)

    assert (refused.value.cycle_id, refused.value.kind) == (lines[3].cycle_id, "shared_review")
    assert number_of(Appointment) == 1


def test_the_same_form_sent_twice_makes_one_of_each(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines = weekly(cast, programme)
    version = programme.version

    twice = [planned(cast, programme, lines, opened_at=version) for _ in range(2)]

    assert [row.id for row in twice[0]] == [row.id for row in twice[1]]
    assert number_of(Appointment) == 6


def test_a_programme_that_was_changed_meanwhile_is_refused(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines = weekly(cast, programme)
    planned(cast, programme, lines[:2], opened_at=1)

    with pytest.raises(Stale):
        planned(cast, programme, lines[2:], opened_at=1)


def test_no_dates_without_the_familys_yes(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    says(cast, "not_now")

    with pytest.raises(DomainError, match="has not said yes"):
        planned(cast, programme, weekly(cast, programme))
    assert number_of(Appointment) == 0


def test_no_dates_at_a_home_that_nobody_visits(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    transact(
        lambda: record_assessment(
            db.session.get(Place, cast.hannah.home_id), (), "no_home_visits", "Meet at the hub",
            NOW.date(), by=cast.morwenna, at=NOW,
        )
    )  # fmt: skip

    with pytest.raises(LineRefused, match="no visits to this home"):
        planned(cast, programme, weekly(cast, programme))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({3: at(date(2026, 12, 15), 14)}, "needs 1 working day after its video"),
        ({2: at(date(2026, 12, 8), 14)}, "after the review of cycle 1"),
        ({2: at(date(2026, 12, 7), 10)}, "after the review of cycle 1"),
        ({1: at(date(2026, 12, 25), 10)}, "after the review of cycle 1"),
        ({4: at(date(2026, 12, 26), 10)}, "Saturday|hours|holiday"),
        ({0: at(date(2026, 11, 23), 14)}, "24 hours away.*book it alone"),
    ],
)
def test_dates_that_break_a_rule_or_the_order_are_refused(
    app: Flask, cast: Cast, change, words: str
) -> None:
    programme = started(cast)
    lines = weekly(cast, programme)
    for place, starts_at in change.items():
        lines[place] = replace(
            lines[place], booking=replace(lines[place].booking, starts_at=starts_at)
        )

    with pytest.raises(LineRefused, match=words):
        planned(cast, programme, lines)
    assert number_of(Appointment) == number_of(Reservation) == 0


def test_lines_of_another_family_or_programme_are_refused(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    line = weekly(cast, programme)[0]
    others = replace(line.booking, family_id=cast.jodie.id)

    for wrong in (
        replace(line, cycle_id=line.cycle_id + 99),
        replace(line, booking=others),
        replace(line, booking=replace(line.booking, kind="goals_visit", minutes=60)),
    ):
        with pytest.raises(DomainError, match="of this family|video sessions and shared"):
            planned(cast, programme, [wrong])
    with pytest.raises(DomainError, match="each date once"):
        planned(cast, programme, [line, line])
    with pytest.raises(DomainError, match="at least one"):
        planned(cast, programme, [])


def test_another_practitioner_cannot_plan_for_this_family(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines = weekly(cast, programme)

    with pytest.raises(DomainError, match="not on record"):
        transact(lambda: plan_dates(programme, lines, by=cast.kerensa, at=NOW))
    later = moves(planned(cast, programme, lines)[4:], 7)
    with pytest.raises(DomainError, match="not on record"):
        transact(lambda: plan_dates(programme, later, by=cast.kerensa, at=NOW))


def test_those_after_one_that_moved_follow_into_each_others_times(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = planned(cast, programme, weekly(cast, programme))
    before = [row.starts_at for row in made]
    heard(made[0].id)

    # A week later each takes the very time of the next one.
    planned(
        cast, programme, moves([one(row.id) for row in made[:3]], 7)[::-1] + moves(made[3:], 14)
    )

    after = [one(row.id).starts_at for row in made]
    assert after[:3] == before[1:4]
    assert [row.status for row in made] == ["booked", *["provisional"] * 5]
    assert texts(made[0].id) == ["moved", "reminder_early", "reminder"]
    assert [texts(row.id) for row in made[1:]] == [[]] * 5
    assert number_of(Reservation) == 12


def test_a_move_of_one_that_changed_meanwhile_is_refused_with_all(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = planned(cast, programme, weekly(cast, programme))
    lines = moves(made[4:], 7)
    transact(lambda: cancel(one(made[5].id), "child_ill", by=cast.jago, at=NOW))
    before = one(made[4].id).starts_at

    with pytest.raises(LineRefused, match="changed by somebody else"):
        planned(cast, programme, lines)

    assert one(made[4].id).starts_at == before
    assert number_of(Reservation) == 10


def test_a_line_moves_only_the_appointment_of_its_own_cycle(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = planned(cast, programme, weekly(cast, programme))
    line = moves(made[4:5], 7)[0]

    for wrong in (made[2].id, made[5].id, 9999):
        with pytest.raises(DomainError, match="appointment of this programme"):
            planned(cast, programme, [replace(line, moves=wrong)])


def test_an_ended_programme_gets_no_dates(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    lines = weekly(cast, programme)
    transact(lambda: end_programme(programme, "family_chose", on=NOW.date(), by=cast.jago, at=NOW))

    with pytest.raises(DomainError, match="has ended"):
        planned(cast, programme_by_id(programme.id) or programme, lines)


def test_nothing_of_provisional_dates_waits_in_the_outbox(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    made = planned(cast, programme, weekly(cast, programme))
    told = set(db.session.scalars(select(Outbox.about_id).where(Outbox.recipient_kind == "carer")))

    assert told == {made[0].id}
    assert made[1].starts_at > AFTER_VIDEO
