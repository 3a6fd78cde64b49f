"""Consent to film: each person's own, and what follows when it is taken back."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, transact
from app.errors import DomainError
from app.families.models import Child
from app.programmes.consents import plan_on_camera, record_consent, standing, withdraw_consent
from app.programmes.filmed import consents_of, on_camera
from app.programmes.models import Programme
from app.scheduling.answer import confirm
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import (
    AFTER_VIDEO,
    TODAY,
    agreed,
    chosen,
    cycle,
    days,
    filmed,
    one,
    paired,
    people,
    started,
)


@pytest.fixture
def course(app: Flask, cast: Cast) -> tuple[Programme, int, int]:
    programme = started(cast)
    return programme, *paired(cast, programme)


def kept(cast: Cast, appointment_id: int, now=NOW) -> str:
    transact(lambda: confirm(one(appointment_id), by=cast.tamsin, at=now, how="phone"))
    return one(appointment_id).status


def tasks() -> list[Task]:
    return list(db.session.scalars(select(Task).where(Task.closed_at.is_(None)).order_by(Task.id)))


def test_a_video_is_not_confirmed_before_everybody_on_camera_agreed(course, cast: Cast) -> None:
    _, filming, _ = course
    with pytest.raises(DomainError, match="Hannah and Leo"):
        kept(cast, filming)

    agreed(cast, who=0)
    with pytest.raises(DomainError, match="for Leo"):
        kept(cast, filming)

    agreed(cast, who=1, given=False)
    with pytest.raises(DomainError, match="for Leo"):
        kept(cast, filming)

    agreed(cast, who=1)
    assert kept(cast, filming) == "confirmed"


def test_only_those_planned_on_camera_are_asked(course, cast: Cast) -> None:
    _, filming, _ = course
    agreed(cast, who=0)
    hannah = people(cast.hannah)[0]

    transact(lambda: plan_on_camera(one(filming), [hannah, hannah], by=cast.tamsin, at=NOW))

    assert on_camera([one(filming)]) == {filming: [hannah]}
    assert kept(cast, filming) == "confirmed"


def test_somebody_more_on_camera_puts_a_confirmed_video_in_doubt(course, cast: Cast) -> None:
    _, filming, _ = course
    agreed(cast)
    kept(cast, filming)
    sibling = Child(family_id=cast.hannah.id, first_name="Mia", born_on=date(2022, 1, 1))
    db.session.add(sibling)
    db.session.commit()
    everybody = people(cast.hannah)

    transact(lambda: plan_on_camera(one(filming), everybody, by=cast.tamsin, at=NOW))

    assert one(filming).status == "booked"
    assert [task.words for task in tasks()] == [
        "In doubt: Consent to film is not on record for Mia. Ask for it first."
    ]


@pytest.mark.parametrize("who", [[], [("child", 2)], [("carer", 999)], [("peer", 1)]])
def test_nobody_and_strangers_cannot_be_planned(course, cast: Cast, who) -> None:
    _, filming, _ = course

    with pytest.raises(DomainError, match="Choose"):
        plan_on_camera(one(filming), who, by=cast.tamsin, at=NOW)


def test_who_was_filmed_is_settled_when_it_is_done(course, cast: Cast) -> None:
    programme, filming, reviewing = course
    agreed(cast)
    filmed(cast, filming)
    chosen(cast, programme)
    db.session.add(Child(family_id=cast.hannah.id, first_name="Mia", born_on=date(2022, 1, 1)))
    db.session.commit()

    assert on_camera([one(filming)]) == {filming: people(cast.hannah)[:2]}
    assert one(reviewing).status == "booked"
    with pytest.raises(DomainError, match="is over"):
        plan_on_camera(one(filming), people(cast.hannah), by=cast.tamsin, at=AFTER_VIDEO)


def test_taken_back_before_filming_the_video_is_in_doubt(course, cast: Cast) -> None:
    _, filming, _ = course
    agreed(cast)
    kept(cast, filming)
    leo = standing(people(cast.hannah)[1], "film_session")

    transact(lambda: withdraw_consent(leo, TODAY, by=cast.tamsin, at=NOW))

    assert one(filming).status == "booked"
    assert leo.withdrawn_on == TODAY
    assert [(task.kind, task.about_kind, task.owner_id) for task in tasks()] == [
        ("to_check", "consent", cast.tamsin.id),
        ("in_doubt", "appointment", cast.tamsin.id),
    ]
    assert not any(task.urgent for task in tasks())


def test_taken_back_after_filming_the_review_is_held_back(course, cast: Cast) -> None:
    programme, filming, reviewing = course
    agreed(cast)
    filmed(cast, filming)
    chosen(cast, programme)
    kept(cast, reviewing, AFTER_VIDEO)
    leo = standing(people(cast.hannah)[1], "film_session")

    transact(lambda: withdraw_consent(leo, AFTER_VIDEO.date(), by=cast.tamsin, at=AFTER_VIDEO))

    assert one(reviewing).status == "provisional"
    assert one(reviewing).reasons == [["consent", "Consent to film of Leo no longer stands."]]
    assert any(
        task.about_id == reviewing and task.words.startswith("The family was told of")
        for task in tasks()
    )
    assert cycle(programme).clips != []  # deleting is a person's decision


def test_a_no_after_a_yes_takes_it_back(course, cast: Cast) -> None:
    agreed(cast)
    agreed(cast, given=False, who=1)

    latest, first = [c for c in consents_of(cast.hannah.id) if c.person_kind == "child"]
    assert (latest.given, latest.live is None) == (False, False)
    assert (first.withdrawn_on, first.live) == (TODAY, None)
    assert [task.about_kind for task in tasks()] == ["consent"]


def test_the_same_answer_twice_is_one(course, cast: Cast) -> None:
    agreed(cast)
    agreed(cast)

    assert len(consents_of(cast.hannah.id)) == 2


def test_each_purpose_is_its_own_answer(course, cast: Cast) -> None:
    agreed(cast)
    agreed(cast, purpose="training", given=False)

    hannah = people(cast.hannah)[0]
    assert standing(hannah, "film_session").given
    assert not standing(hannah, "training").given
    assert standing(hannah, "keep_copy") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": "fun"}, "purpose"),
        ({"method": "guess"}, "method"),
        ({"given_by": "  "}, "given_by"),
        ({"given_by": "x" * 121}, "given_by"),
        ({"on": TODAY + days(1)}, "on"),
        ({"person": ("child", 2)}, "person"),  # Jodie's
        ({"person": ("carer", 999)}, "person"),
        ({"person": ("other", 1)}, "person"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_beside_its_field(
    course, cast: Cast, change, field: str
) -> None:
    answer = {
        "person": people(cast.hannah)[0], "purpose": "film_session", "given_by": "Hannah",
        "method": "paper", "on": TODAY, **change,
    }  # fmt: skip

    with pytest.raises(DomainError) as refused:
        record_consent(
            cast.hannah, answer.pop("person"), answer.pop("purpose"), True, **answer,
            by=cast.tamsin, at=NOW,
        )  # fmt: skip

    assert refused.value.field == field
    assert consents_of(cast.hannah.id) == []


def test_an_older_answer_does_not_replace_a_newer_one(course, cast: Cast) -> None:
    agreed(cast)

    with pytest.raises(DomainError, match="is on record"):
        agreed(cast, given=False, now=NOW - days(3))


def test_what_does_not_stand_cannot_be_taken_back(course, cast: Cast) -> None:
    agreed(cast)
    leo = standing(people(cast.hannah)[1], "film_session")
    with pytest.raises(DomainError, match="nor ahead"):
        withdraw_consent(leo, TODAY + days(1), by=cast.tamsin, at=NOW)
    transact(lambda: withdraw_consent(leo, TODAY, by=cast.tamsin, at=NOW))

    with pytest.raises(DomainError, match="does not stand"):
        withdraw_consent(leo, TODAY, by=cast.tamsin, at=NOW)
