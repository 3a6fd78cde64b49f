"""Approving a line of a broken day's plan: every rule is looked at again, nothing goes before."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import Staff
from app.clock import midnight
from app.db import db, transact
from app.errors import DomainError, Stale
from app.families.models import Carer
from app.messaging.models import Outbox
from app.places.models import Place
from app.scheduling.absences.absence import remove_absence
from app.scheduling.models import Absence, Appointment, LetGo, Reservation
from app.scheduling.replan.approve import Choice, approve, ask_to_ring, call_off
from app.scheduling.replan.breaks import PLACE_CLOSED, WEATHER, Broken, affected
from app.scheduling.waiting import waiting
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import REVIEW_DAY, VIDEO_DAY, at, heard, one, paired, says, started
from tests.scheduling.breaking import DAY, TUESDAY, booked, elowen, ill, planned

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def near(cast: Cast, monday: time_machine.Traveller) -> Staff:
    """Elowen, who could go; the family has said yes."""
    says(cast)
    return elowen()


@pytest.fixture
def visit(cast: Cast, near: Staff) -> Appointment:
    return heard(booked(cast).id)


def taken_by(person: Staff, visit: Appointment, **more) -> Choice:
    return Choice(visit.starts_at, person.id, **more)


def approved(cast: Cast, visit: Appointment, choice: Choice, broken: Broken, now=NOW, **more):
    return transact(lambda: approve(one(visit.id), choice, broken, by=cast.jago, at=now, **more))


def refused(cast: Cast, visit: Appointment, choice: Choice, broken: Broken, **more) -> str:
    before = (one(visit.id).starts_at, one(visit.id).staff_id, one(visit.id).version)
    with pytest.raises(DomainError) as why:
        approved(cast, visit, choice, broken, **more)
    assert (one(visit.id).starts_at, one(visit.id).staff_id, one(visit.id).version) == before
    return why.value.message


def news(visit: Appointment) -> list[str]:
    rows = db.session.scalars(select(Outbox).where(Outbox.about_id == visit.id))
    return [row.purpose for row in rows if row.state == "ready" and row.channel == "text"]


def rung() -> list[str]:
    return list(db.session.scalars(select(Task.words).where(Task.kind == "ring")))


def test_somebody_else_takes_it_and_the_family_is_told(
    cast: Cast, visit: Appointment, near: Staff
) -> None:
    broken = ill(cast)
    before = news(visit)

    plan = planned(broken, one(visit.id))
    assert plan.chosen(0)[:4] == (visit.starts_at, visit.ends_at, near.id, None)
    assert news(visit) == before  # a plan sends nothing

    approved(cast, visit, taken_by(near, visit), broken)
    row = one(visit.id)
    assert (row.staff_id, row.starts_at, row.status) == (near.id, at(TUESDAY, 11), "booked")
    assert "moved" in news(visit)
    assert [item for item in waiting(NOW) if item.kind == "in_doubt"] == []
    assert affected(broken, cast.jago, at=NOW) == ([], 0)
    held = select(Reservation.subject_id).where(Reservation.kind == 1)
    assert list(db.session.scalars(held)) == [near.id]


def test_the_next_time_with_the_same_practitioner(cast: Cast, visit: Appointment) -> None:
    approved(cast, visit, Choice(at(WEDNESDAY, 11), cast.tamsin.id), ill(cast))

    row = one(visit.id)
    assert (row.staff_id, row.starts_at) == (cast.tamsin.id, at(WEDNESDAY, 11))


def test_a_visit_that_keeps_its_time_needs_no_notice(
    cast: Cast, visit: Appointment, near: Staff
) -> None:
    broken, early = ill(cast), at(TUESDAY, 8)

    approved(cast, visit, taken_by(near, visit), broken, now=early)

    row = one(visit.id)
    assert row.staff_id == near.id
    assert row.override_reason == "It keeps its time: Tamsin Nance is away."


def test_another_time_needs_its_notice(cast: Cast, visit: Appointment, near: Staff) -> None:
    choice = Choice(at(TUESDAY, 14), near.id)

    assert "24 hours" in refused(cast, visit, choice, ill(cast), now=at(TUESDAY, 8))


def test_whoever_takes_it_must_be_able_to_get_there(
    cast: Cast, near: Staff, monday: time_machine.Traveller
) -> None:
    visit = one(booked(cast, hour=10).id)

    why = refused(cast, visit, taken_by(cast.kerensa, visit), ill(cast), now=at(TUESDAY, 8))

    assert "Kerensa" in why


def test_two_families_are_not_given_one_time(cast: Cast, near: Staff) -> None:
    first, second = one(booked(cast).id), one(booked(cast, "follow_up", 13).id)
    broken = ill(cast)
    approved(cast, first, Choice(at(WEDNESDAY, 11), near.id), broken)

    why = refused(cast, second, Choice(at(WEDNESDAY, 11), near.id), broken)

    assert why
    assert one(first.id).starts_at == at(WEDNESDAY, 11)


def test_the_one_who_is_away_is_not_booked(cast: Cast, visit: Appointment) -> None:
    choice = Choice(at(TUESDAY, 13), cast.tamsin.id)

    assert "away" in refused(cast, visit, choice, ill(cast))


@pytest.mark.parametrize(
    ("wish", "gender", "says_why"),
    [("woman", "man", "rather talk to a woman"), ("woman", "woman", ""), ("woman", None, "")],
)
def test_the_gender_that_a_family_asked_for(
    cast: Cast, visit: Appointment, near: Staff, wish: str, gender: str | None, says_why: str
) -> None:
    cast.hannah.gender_wish, near.gender = wish, gender
    db.session.commit()
    broken = ill(cast)
    takers = {option.staff_id for option in planned(broken, one(visit.id)).options[0]}

    assert (near.id in takers) is not bool(says_why)
    if says_why:
        assert says_why in refused(cast, visit, taken_by(near, visit), broken)
    else:
        approved(cast, visit, taken_by(near, visit), broken)


def test_a_language_that_the_family_speaks(cast: Cast, visit: Appointment, near: Staff) -> None:
    cast.hannah.language, cast.hannah.other_languages = "Polish", []
    cast.tamsin.languages = ["English", "Polish"]
    db.session.commit()
    broken = ill(cast)

    assert refused(cast, visit, taken_by(near, visit), broken) == "Elowen does not speak Polish."
    near.languages = ["Polish"]
    db.session.commit()
    approved(cast, visit, taken_by(near, visit), broken)


def test_a_family_that_withdrew_is_not_moved(cast: Cast, visit: Appointment, near: Staff) -> None:
    broken = ill(cast)
    says(cast, "no")
    row = db.session.get_one(Appointment, visit.id)
    row.status = "booked"  # as if another had booked it at the same instant
    db.session.commit()

    assert "has not said yes" in refused(cast, visit, taken_by(near, visit), broken)


def test_an_old_form_is_refused(cast: Cast, visit: Appointment, near: Staff) -> None:
    broken, version = ill(cast), one(visit.id).version
    approved(cast, visit, Choice(at(TUESDAY, 11), near.id), broken, opened_at=version)
    transact(lambda: remove_absence(db.session.scalars(select(Absence)).one(), by="x", at=NOW))
    again = replace(broken, about=near.id)

    with pytest.raises(Stale):
        approved(cast, visit, Choice(at(WEDNESDAY, 11), near.id), again, opened_at=version)


def test_what_is_not_affected_is_left_alone(cast: Cast, visit: Appointment, near: Staff) -> None:
    another = ill(cast, DAY[1], DAY[1] + timedelta(days=1))

    assert "not affected any more" in refused(cast, visit, taken_by(near, visit), another)


@pytest.mark.parametrize("kind", [WEATHER, PLACE_CLOSED])
def test_a_place_that_cannot_be_used_then_is_not(
    cast: Cast, visit: Appointment, near: Staff, kind: str
) -> None:
    broken = Broken(kind, "Snow", *DAY, visit.place_id)

    assert "cannot be at that place" in refused(cast, visit, taken_by(near, visit), broken)
    approved(cast, visit, Choice(at(WEDNESDAY, 11), cast.tamsin.id), broken)


def test_a_closed_place_gives_way_to_another(cast: Cast, near: Staff) -> None:
    visit = one(booked(cast).id)
    hub = Place(kind="venue", name="Camborne Hub", postcode="TR14 8NS", created_at=NOW)
    db.session.add(hub)
    row = db.session.get_one(Appointment, visit.id)
    row.place_id = cast.hub.id
    db.session.commit()
    broken = Broken(PLACE_CLOSED, "Truro Family Hub is closed", *DAY, cast.hub.id)

    plan = planned(broken, one(visit.id))
    option = plan.chosen(0)
    assert option is not None
    assert (option.kind, option.place_id, option.away) == ("place", hub.id, 0)
    choice = Choice(option.starts_at, option.staff_id, None, option.place_id, option.room_id)
    approved(cast, visit, choice, broken)
    assert (one(visit.id).place_id, one(visit.id).starts_at) == (hub.id, at(TUESDAY, 11))


def test_a_video_session_stays_before_its_review(cast: Cast, near: Staff) -> None:
    programme = started(cast)
    video_id, review_id = paired(cast, programme)
    broken = ill(cast)
    after = Choice(at(REVIEW_DAY, 14), cast.tamsin.id)

    assert "order of this family" in refused(cast, one(video_id), after, broken)
    options = planned(broken, one(video_id)).options[0]
    assert options
    assert all(option.ends_at <= one(review_id).starts_at for option in options)


def test_both_of_a_cycle_move_on_in_their_order(cast: Cast, near: Staff) -> None:
    video_id, review_id = paired(cast, started(cast))
    until = midnight(REVIEW_DAY + timedelta(days=1))
    broken = ill(cast, midnight(VIDEO_DAY), until)

    plan = planned(broken, one(video_id), one(review_id))

    video, review = plan.chosen(0), plan.chosen(1)
    assert video is not None
    assert review is not None
    assert review.staff_id == cast.tamsin.id  # it waits: she has the clips
    assert video.ends_at < review.starts_at
    for row_id, option in ((review_id, review), (video_id, video)):
        choice = Choice(option.starts_at, option.staff_id)
        approved(cast, one(row_id), choice, broken)


def test_whose_texts_may_not_say_who_comes_is_rung(
    cast: Cast, visit: Appointment, near: Staff
) -> None:
    db.session.query(Carer).filter_by(family_id=cast.hannah.id).update({"wording": "strict"})
    db.session.commit()

    approved(cast, visit, taken_by(near, visit), ill(cast))

    assert "moved" not in news(visit)
    assert "reminder" in news(visit)
    assert rung() == [
        "Their texts may not say who comes or where. Tell Hannah Rowe that the appointment on "
        "Tue 1 Dec 11:00 stays, and that who comes or where has changed."
    ]


def test_a_second_worker_who_is_away_is_replaced(cast: Cast, near: Staff) -> None:
    visit = one(booked(cast, second_id=cast.kerensa.id).id)
    broken = ill(cast)
    broken = replace(broken, about=cast.kerensa.id)
    transact(lambda: remove_absence(db.session.scalars(select(Absence)).one(), by="x", at=NOW))
    db.session.add(
        Absence(staff_id=cast.kerensa.id, kind="leave", starts_at=DAY[0], ends_at=DAY[1],
                created_by="x", created_at=NOW)
    )  # fmt: skip
    db.session.commit()

    option = planned(broken, one(visit.id)).chosen(0)

    assert option is not None
    assert (option.kind, option.staff_id, option.second_id) == (
        "second", cast.tamsin.id, near.id,
    )  # fmt: skip
    approved(cast, visit, Choice(option.starts_at, option.staff_id, option.second_id), broken)
    assert one(visit.id).second_id == near.id


def test_somebody_is_asked_to_ring(cast: Cast, visit: Appointment) -> None:
    broken = ill(cast)
    transact(lambda: ask_to_ring(one(visit.id), broken, by=cast.jago, at=NOW))

    assert rung() == [
        "Goals visit on Tue 1 Dec 11:00: Tamsin Nance is away. "
        "Ring the family and agree what happens."
    ]
    assert one(visit.id).status == "booked"


def test_it_is_cancelled_for_the_reason_of_the_day(cast: Cast, visit: Appointment) -> None:
    broken = Broken(WEATHER, "Bad weather on Tue 1 Dec", *DAY)
    transact(lambda: call_off(one(visit.id), broken, by=cast.jago, at=NOW))

    row = one(visit.id)
    assert (row.status, row.cancel_reason) == ("cancelled", "weather")
    assert news(visit) == ["cancelled"]
    assert [item.kind for item in waiting(NOW)] == ["book_again"]


def test_a_plan_is_approved_in_any_order(cast: Cast, near: Staff) -> None:
    visits = [one(booked(cast, "follow_up", hour).id) for hour in (10, 11, 13)]
    broken = ill(cast)
    plan = planned(broken, *(one(visit.id) for visit in visits))
    options = [plan.chosen(number) for number in range(3)]
    assert plan.plan.exact
    assert plan.plan.cost.asked == 0

    for visit, option in reversed(list(zip(visits, options, strict=True))):
        assert option is not None
        approved(cast, visit, Choice(option.starts_at, option.staff_id), broken)

    assert [one(visit.id).staff_id for visit in visits] == [o.staff_id for o in options if o]


def test_the_times_of_a_snowed_in_day_are_offered_to_nobody(
    cast: Cast, visit: Appointment, near: Staff
) -> None:
    broken = Broken(WEATHER, "Bad weather on Tue 1 Dec", *DAY)
    choice = Choice(at(WEDNESDAY, 11), cast.tamsin.id)

    approved(cast, visit, choice, broken)

    times = db.session.scalars(select(LetGo)).all()
    assert times
    assert all(one.set_aside_at for one in times)
