"""Video and review booked in one go: both or neither, the review provisional until its clips."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.messaging import inbound
from app.messaging.models import Outbox, Reply
from app.programmes.booking import book_pair, join_cycle, repeat_video
from app.programmes.cycles import state_of
from app.programmes.queries import facts_of
from app.scheduling.answer import confirm, keep
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment, Reservation
from app.scheduling.move import Change, move
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_VIDEO,
    VIDEO_DAY,
    agreed,
    at,
    chosen,
    cycle,
    filmed,
    one,
    paired,
    review,
    says,
    started,
    video,
)


def number_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def texts(appointment_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Outbox.purpose).where(
                Outbox.about_id == appointment_id, Outbox.channel == "text",
                Outbox.state == "ready",
            ).order_by(Outbox.due_at)
        )
    )  # fmt: skip


def test_books_both_and_the_family_hears_only_of_the_video(app: Flask, cast: Cast) -> None:
    filming, reviewing = paired(cast, started(cast))

    assert (one(filming).status, one(reviewing).status) == ("booked", "provisional")
    assert [code for code, _ in one(reviewing).reasons] == ["not_filmed"]
    assert texts(filming) == ["booked", "reminder_early", "reminder"]
    assert texts(reviewing) == []
    assert number_of(Reservation) == 4


def test_where_the_review_cannot_be_booked_neither_is(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    sunday = replace(review(cast), starts_at=at(date(2026, 12, 6), 10))

    with pytest.raises(DomainError):
        transact(lambda: book_pair(cycle(programme), video(cast), sunday, by=cast.jago, at=NOW))

    assert number_of(Appointment) == number_of(Reservation) == number_of(Outbox) == 0


@pytest.mark.parametrize(
    ("review_at", "words"),
    [
        (at(VIDEO_DAY, 9), "1 working day after"),
        (at(VIDEO_DAY, 14), "1 working day after"),
        (at(date(2026, 11, 30), 10), "1 working day after"),
    ],
)
def test_a_review_comes_at_least_a_working_day_after_its_video(
    app: Flask, cast: Cast, review_at, words: str
) -> None:
    programme = started(cast)
    soon = replace(review(cast), starts_at=review_at)

    with pytest.raises(DomainError, match=words):
        book_pair(cycle(programme), video(cast), soon, by=cast.jago, at=NOW)


def test_the_same_form_sent_twice_makes_one_pair(app: Flask, cast: Cast) -> None:
    programme = started(cast)

    pairs = [
        transact(
            lambda: book_pair(
                cycle(programme), video(cast, once="form-1"), review(cast), by=cast.jago, at=NOW
            )
        )
        for _ in range(2)
    ]

    assert [a.id for a in pairs[0]] == [a.id for a in pairs[1]]
    assert number_of(Appointment) == 2


def test_no_pair_before_the_familys_yes(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    says(cast, "not_now")

    with pytest.raises(DomainError, match="has not said yes"):
        book_pair(cycle(programme), video(cast), review(cast), by=cast.jago, at=NOW)


def test_another_familys_cycle_is_refused_whichever_act_is_used(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    theirs = replace(
        video(cast), family_id=cast.jodie.id, staff_id=cast.kerensa.id, place_id=cast.jodie.home_id
    )

    with pytest.raises(DomainError, match="cycle of this family"):
        book_pair(cycle(programme), theirs, review(cast), by=cast.jago, at=NOW)


def test_a_hand_made_booking_into_another_familys_cycle_is_refused(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    record_choice(cast.jodie, "yes", on=NOW.date(), how="phone", by=cast.jago, at=NOW)
    theirs = replace(
        video(cast), family_id=cast.jodie.id, staff_id=cast.kerensa.id,
        place_id=cast.jodie.home_id, cycle_id=cycle(programme).id, starts_at=at(VIDEO_DAY, 12),
    )  # fmt: skip

    with pytest.raises(DomainError, match="Choose a cycle of this family"):
        transact(lambda: book(theirs, by=cast.jago, at=NOW))
    assert number_of(Appointment) == 0


def test_a_cycle_has_one_video_and_one_review_to_come(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    paired(cast, programme)
    again = video(cast, date(2026, 12, 3), cycle_id=cycle(programme).id)
    once_more = review(cast, date(2026, 12, 10), cycle_id=cycle(programme).id)

    for wanted in (again, once_more):
        with pytest.raises(DomainError, match="Cycle 1 has a"):
            transact(lambda wanted=wanted: book(wanted, by=cast.jago, at=NOW))


def test_a_review_without_clips_cannot_be_confirmed(app: Flask, cast: Cast) -> None:
    _, reviewing = paired(cast, started(cast))

    with pytest.raises(DomainError, match="provisional"):
        transact(lambda: confirm(one(reviewing), by=cast.tamsin, at=NOW, how="phone"))
    said = transact(lambda: keep(one(reviewing), by="carer:1", at=NOW, how="text"))

    assert one(reviewing).status == "provisional"
    assert "cannot be confirmed yet" in said


def test_a_review_that_lost_its_clips_cannot_be_confirmed(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    filming, reviewing = paired(cast, programme)
    filmed(cast, filming)
    chosen(cast, programme)
    agreed(cast)
    assert one(reviewing).status == "booked"
    one(reviewing).reasons = []
    for clip in cycle(programme).clips:
        db.session.delete(clip)
    db.session.commit()

    with pytest.raises(DomainError, match="clips are not chosen"):
        transact(lambda: confirm(one(reviewing), by=cast.tamsin, at=AFTER_VIDEO, how="phone"))


def test_a_reply_of_1_does_not_confirm_a_provisional_review(app: Flask, cast: Cast) -> None:
    _, reviewing = paired(cast, started(cast))
    db.session.add(
        Reply(
            provider_id="SM1", from_number="+447700900142", to_number="+447700900000", body="1",
            received_at=at(date(2026, 12, 4), 9),
        )
    )  # fmt: skip
    db.session.commit()

    transact(lambda: inbound.read_next(at=at(date(2026, 12, 4), 9)))

    assert one(reviewing).status == "provisional"


def test_the_review_follows_what_happens_to_its_video(app: Flask, cast: Cast) -> None:
    filming, reviewing = paired(cast, started(cast))
    later = Change(starts_at=at(date(2026, 12, 8), 12))

    transact(lambda: move(one(filming), later, by=cast.jago, at=NOW))
    assert [code for code, _ in one(reviewing).reasons] == ["not_filmed", "before_video"]

    transact(lambda: cancel(one(filming), "child_ill", by=cast.jago, at=NOW))
    assert [code for code, _ in one(reviewing).reasons] == ["no_video"]


def test_a_repeat_is_the_same_cycle_and_puts_the_clips_aside(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    agreed(cast)
    filming, reviewing = paired(cast, programme)
    filmed(cast, filming)
    chosen(cast, programme)
    assert one(reviewing).status == "booked"

    again = transact(
        lambda: repeat_video(
            cycle(programme), video(cast, date(2026, 12, 4)), by=cast.jago, at=AFTER_VIDEO
        )
    )

    assert again.cycle_id == cycle(programme).id
    assert cycle(programme).clips == []
    assert one(reviewing).status == "provisional"
    assert state_of(facts_of([cycle(programme)])[cycle(programme).id]) == "video_booked"


def test_a_video_to_come_is_moved_not_repeated(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    paired(cast, programme)

    with pytest.raises(DomainError, match="Move that one"):
        repeat_video(cycle(programme), video(cast, date(2026, 12, 4)), by=cast.jago, at=NOW)


def test_an_appointment_entered_without_a_cycle_is_given_one(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    alone = transact(lambda: book(review(cast), by=cast.jago, at=NOW))
    assert [code for code, _ in alone.reasons] == ["no_cycle"]

    transact(lambda: join_cycle(one(alone.id), cycle(programme), by=cast.jago, at=NOW))

    assert [code for code, _ in one(alone.id).reasons] == ["no_video"]
    other = transact(lambda: book(review(cast, date(2026, 12, 10)), by=cast.jago, at=NOW))
    with pytest.raises(DomainError, match="Cycle 1 has a shared review"):
        transact(lambda: join_cycle(other, cycle(programme), by=cast.jago, at=NOW))
