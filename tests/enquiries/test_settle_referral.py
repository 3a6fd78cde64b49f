"""Referrals become families, join one, or are not taken up; once."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.enquiries.models import Referral
from app.enquiries.queries import choices_of, has_said_yes
from app.enquiries.receive_referral import receive_referral
from app.enquiries.record_choice import record_choice
from app.enquiries.settle_referral import decline_referral, take_up_referral
from app.errors import DomainError
from app.families.models import Carer, Child, Family
from app.families.queries import notes_of
from app.families.recipient import carer_recipient
from app.places.models import Place
from tests.cast import NOW, Cast
from tests.enquiries.letters import answers


def arrived(**changed) -> Referral:
    return receive_referral(answers(**changed), at=NOW)


def carers(family: Family) -> list[Carer]:
    return list(
        db.session.scalars(
            select(Carer).where(Carer.family_id == family.id).order_by(Carer.position)
        )
    )


def steps(family: Family) -> list[str]:
    return [choice.step for choice in reversed(choices_of(family.id))]


def test_a_family_is_made_with_its_people_and_home(app: Flask, cast: Cast) -> None:
    family = take_up_referral(arrived(), by=cast.jago, at=NOW, practitioner_id=cast.tamsin.id)

    ana, rui = carers(family)
    assert (ana.name, ana.wording, rui.first_name, rui.mobile) == (
        "Ana Kelly", "neutral", "Rui", None,
    )  # fmt: skip
    children = db.session.scalars(select(Child).where(Child.family_id == family.id)).all()
    assert [(c.born_on, c.expected_on) for c in children] == [
        (date(2024, 2, 1), None),
        (None, date(2027, 2, 1)),
    ]
    assert db.session.get(Place, family.home_id).postcode == "TR1 3AY"
    assert family.practitioner_id == cast.tamsin.id


def test_what_the_referrer_said_of_the_choice_is_recorded_and_is_no_yes(
    app: Flask, cast: Cast
) -> None:
    family = take_up_referral(arrived(), by=cast.jago, at=NOW)

    assert steps(family) == ["told_by_referrer", "willing", "wants_to_talk"]
    assert not has_said_yes(family.id)


@pytest.mark.parametrize("answer", ["no", "not_yet", None])
def test_only_a_clear_yes_becomes_a_step(app: Flask, cast: Cast, answer: str | None) -> None:
    referral = arrived(choice_explained=answer, willing=answer, wants_to_talk=answer)

    assert steps(take_up_referral(referral, by=cast.jago, at=NOW)) == []


@pytest.mark.parametrize(("said", "stored"), [("yes", "yes"), ("no", "no"), (None, "not_asked")])
def test_texting_is_safe_only_on_a_clear_yes(
    app: Flask, cast: Cast, said: str | None, stored: str
) -> None:
    family = take_up_referral(arrived(safe_to_text=said), by=cast.jago, at=NOW)

    ana, rui = carers(family)
    assert (ana.safe_to_text, rui.safe_to_text) == (stored, "not_asked")
    recipient = carer_recipient(ana.id)
    assert (recipient.refusal is None) is (said == "yes")


def test_who_asked_about_texting_was_the_referrer(app: Flask, cast: Cast) -> None:
    ana = carers(take_up_referral(arrived(), by=cast.jago, at=NOW))[0]

    assert (ana.checked_by, ana.checked_on) == ("Dee Angove (referrer)", date(2026, 11, 23))


def test_words_about_safety_stay_readable(app: Flask, cast: Cast) -> None:
    family = take_up_referral(arrived(), by=cast.jago, at=NOW)

    assert ["large dog" in note.words for note in notes_of(family.id)] == [True]


def joined(cast: Cast, **changed) -> Family:
    referral = arrived(first_name="Hannah", surname="Rowe", second_first_name="", **changed)
    return take_up_referral(referral, join=cast.hannah, by=cast.jago, at=NOW)


def test_a_family_that_is_joined_keeps_its_own_answers(app: Flask, cast: Cast) -> None:
    joined(cast, safe_to_text="yes", wording="full")

    (hannah,) = carers(cast.hannah)
    assert (hannah.mobile, hannah.wording, hannah.checked_by) == (
        "+447700900142", "full", "Jago Penrose",
    )  # fmt: skip
    assert any("07700 900 321" in note.words for note in notes_of(cast.hannah.id))


def test_a_no_to_texting_is_taken_over_by_who_is_joined(app: Flask, cast: Cast) -> None:
    joined(cast, safe_to_text="no")

    assert carers(cast.hannah)[0].safe_to_text == "no"


def test_joining_adds_children_who_are_not_there(app: Flask, cast: Cast) -> None:
    joined(cast, children=[{"first_name": "Leo"}, {"first_name": "Isla"}])

    names = db.session.scalars(select(Child.first_name).where(Child.family_id == cast.hannah.id))
    assert sorted(names) == ["Isla", "Leo"]


def test_what_the_family_said_stands_above_a_later_referral(app: Flask, cast: Cast) -> None:
    record_choice(cast.hannah, "yes", on=date(2026, 11, 2), how="phone", by=cast.jago, at=NOW)

    joined(cast)

    assert steps(cast.hannah) == ["yes"]


def test_a_family_that_said_no_may_come_back(app: Flask, cast: Cast) -> None:
    record_choice(cast.hannah, "no", on=date(2026, 11, 2), how="phone", by=cast.jago, at=NOW)
    cast.hannah.ended_on = date(2026, 11, 2)

    joined(cast)

    assert steps(cast.hannah)[-1] == "wants_to_talk"
    assert cast.hannah.ended_on is None


def test_a_referral_is_settled_once(app: Flask, cast: Cast) -> None:
    referral = arrived()
    take_up_referral(referral, by=cast.jago, at=NOW)

    with pytest.raises(DomainError, match="Jago Penrose"):
        take_up_referral(referral, by=cast.morwenna, at=NOW)
    with pytest.raises(DomainError):
        decline_referral(referral, "area", by=cast.morwenna, at=NOW)


def test_not_taken_up_has_a_reason(app: Flask, cast: Cast) -> None:
    referral = arrived()

    for reason, words, field in (("", None, "reason"), ("other", " ", "words")):
        with pytest.raises(DomainError) as refused:
            decline_referral(referral, reason, words=words, by=cast.jago, at=NOW)
        assert refused.value.field == field
    decline_referral(referral, "area", by=cast.jago, at=NOW)
    assert (referral.state, referral.reason, referral.settled_by) == (
        "not_taken_up", "area", "Jago Penrose",
    )  # fmt: skip


def test_nobody_who_makes_no_visits_is_given_the_family(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError):
        take_up_referral(arrived(), practitioner_id=cast.jago.id, by=cast.jago, at=NOW)
