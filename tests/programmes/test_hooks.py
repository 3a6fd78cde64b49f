"""What follows in programmes when a family decides, and when two records become one."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, transact
from app.enquiries import hooks as enquiries
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.merge import merge_families
from app.families.models import Carer
from app.messaging.models import Outbox
from app.programmes.consents import record_consent, standing
from app.programmes.models import Consent, Programme
from app.programmes.queries import open_programme
from app.programmes.start import start_programme
from app.scheduling.book import book
from app.scheduling.models import Reservation
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import (
    TODAY,
    agreed,
    at,
    one,
    paired,
    people,
    says,
    started,
    wanted,
)


def ready_texts() -> list[str]:
    rows = select(Outbox.purpose).where(Outbox.channel == "text", Outbox.state == "ready")
    return list(db.session.scalars(rows))


@pytest.mark.parametrize("step", ["no", "withdrew"])
def test_stopping_cancels_what_is_booked_and_ends_the_programme_without_a_text(
    app: Flask, cast: Cast, step: str
) -> None:
    programme = started(cast)
    booked = paired(cast, programme)

    says(cast, step)

    assert {one(i).status for i in booked} == {"cancelled"}
    assert all(one(i).settled_at for i in booked)
    assert programme.ending == "family_chose"
    assert ready_texts() == []
    assert db.session.scalars(select(Reservation)).all() == []


@pytest.mark.parametrize("step", ["not_now", "no", "withdrew"])
def test_a_follow_up_is_cancelled_too_and_no_text_about_it_goes(
    app: Flask, cast: Cast, step: str
) -> None:
    says(cast)
    visit = transact(
        lambda: book(wanted(cast, "follow_up", at(date(2026, 12, 10), 10)), by=cast.jago, at=NOW)
    )

    says(cast, step)

    assert one(visit.id).status == "cancelled"
    assert ready_texts() == []


def test_not_now_cancels_and_the_programme_waits(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    booked = paired(cast, programme)

    says(cast, "not_now")

    assert {one(i).status for i in booked} == {"cancelled"}
    assert open_programme(cast.hannah.id).id == programme.id


def test_a_visit_before_any_programme_is_cancelled_too(app: Flask, cast: Cast) -> None:
    says(cast)
    visit = transact(
        lambda: book(wanted(cast, "goals_visit", at(date(2026, 12, 1), 10)), by=cast.jago, at=NOW)
    )

    says(cast, "no")

    assert one(visit.id).status == "cancelled"


def test_thinking_again_is_a_question_for_a_person(app: Flask, cast: Cast) -> None:
    booked = paired(cast, started(cast))

    says(cast, "thinking")

    assert [one(i).status for i in booked] == ["booked", "provisional"]
    tasks = db.session.scalars(select(Task).where(Task.kind == "to_check")).all()
    assert sorted(task.about_id for task in tasks) == sorted(booked)


def test_what_a_worker_passed_on_is_told_by_a_person(app: Flask, cast: Cast) -> None:
    paired(cast, started(cast))

    says(cast, "no", how="worker")

    task = db.session.scalars(select(Task).where(Task.kind == "ring")).one()
    assert "nobody will come on Tue 1 Dec 10:00" in task.words


def test_says_before_saving_what_stopping_would_cancel(app: Flask, cast: Cast) -> None:
    paired(cast, started(cast))

    assert enquiries.stops["programmes"](cast.hannah, NOW) == [
        "The video session on Tue 1 Dec 10:00 with Tamsin Nance is cancelled.",
        "The shared review on Tue 8 Dec 10:00 with Tamsin Nance is cancelled.",
        "The family gets no more texts about these.",
        "On “no” or “stopped” the programme ends before a cycle was reviewed; on “not now” it "
        "waits.",
    ]
    assert enquiries.stops["programmes"](cast.jodie, NOW) == []


def test_a_merged_duplicate_brings_its_programme_and_consents(app: Flask, cast: Cast) -> None:
    programme = started(cast)
    agreed(cast)

    transact(lambda: merge_families(cast.hannah, cast.jodie, by=cast.jago, at=NOW))

    assert open_programme(cast.jodie.id).id == programme.id
    families = {c.family_id for c in db.session.scalars(select(Consent))}
    assert families == {cast.jodie.id}


def test_two_running_programmes_are_not_joined(app: Flask, cast: Cast) -> None:
    started(cast)
    record_choice(cast.jodie, "yes", on=TODAY, how="phone", by=cast.jago, at=NOW)
    start_programme(cast.jodie, cast.kerensa.id, 3, on=TODAY, by=cast.jago, at=NOW)
    db.session.commit()

    with pytest.raises(DomainError, match="End one of them first"):
        transact(lambda: merge_families(cast.hannah, cast.jodie, by=cast.jago, at=NOW))

    assert len(db.session.scalars(select(Programme)).all()) == 2


@pytest.mark.parametrize(
    ("theirs", "kept", "stands"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, False)],
)
def test_a_carer_known_twice_has_one_answer_and_a_no_holds(
    app: Flask, cast: Cast, theirs: bool, kept: bool | None, stands: bool
) -> None:
    same = Carer(
        family_id=cast.jodie.id, position=2, first_name="Hannah", surname="Rowe",
        mobile="+447700900142", phone_owner="own", safe_to_text="yes", wording="full",
    )  # fmt: skip
    db.session.add(same)
    db.session.commit()
    hannah, kept_hannah = people(cast.hannah)[0], ("carer", same.id)
    for family, person, given in (
        (cast.hannah, hannah, theirs),
        (cast.jodie, kept_hannah, kept),
    ):
        if given is not None:
            record_consent(
                family, person, "film_session", given, given_by="Hannah", method="paper",
                on=TODAY, by=cast.jago, at=NOW,
            )  # fmt: skip
    db.session.commit()

    transact(lambda: merge_families(cast.hannah, cast.jodie, by=cast.jago, at=NOW))

    answer = standing(kept_hannah, "film_session")
    assert answer.given is stands
    assert standing(hannah, "film_session") is None
