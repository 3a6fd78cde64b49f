"""The family's choice: every answer is as good as another, and a yes is the family's own."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.enquiries import hooks
from app.enquiries.models import Choice
from app.enquiries.queries import choices_of, has_said_yes, latest_by_family, latest_choice
from app.enquiries.record_choice import record_choice
from app.enquiries.steps import check_step
from app.errors import DomainError
from tests.cast import NOW, Cast

TODAY = date(2026, 11, 23)
LATER = date(2027, 3, 1)


def say(cast: Cast, *steps: str, on: date = TODAY) -> list[Choice]:
    return [
        record_choice(
            cast.hannah, step, on=on, how="phone", by=cast.jago, at=NOW,
            ask_again_on=LATER if step == "not_now" else None,
        )
        for step in steps
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ((), False),
        (("told_by_referrer", "willing"), False),
        (("wants_to_talk", "thinking"), False),
        (("yes",), True),
        (("yes", "wants_to_talk"), True),  # another conversation does not undo it
        (("yes", "thinking"), False),
        (("yes", "not_now"), False),
        (("yes", "no"), False),
        (("yes", "withdrew"), False),
        (("no", "yes"), True),
        (("yes", "withdrew", "yes"), True),
    ],
)
def test_a_yes_stands_until_something_undoes_it(
    app: Flask, cast: Cast, steps, stands: bool
) -> None:
    say(cast, *steps)

    assert has_said_yes(cast.hannah.id) is stands
    assert has_said_yes(cast.jodie.id) is False


def test_the_last_thing_said_is_by_day_then_as_recorded(app: Flask, cast: Cast) -> None:
    say(cast, "thinking", on=TODAY - timedelta(days=3))
    say(cast, "wants_to_talk", "yes")

    assert latest_choice(cast.hannah.id).step == "yes"
    assert [choice.step for choice in choices_of(cast.hannah.id)] == [
        "yes",
        "wants_to_talk",
        "thinking",
    ]
    assert list(latest_by_family([cast.hannah.id, cast.jodie.id])) == [cast.hannah.id]


@pytest.mark.parametrize(
    ("latest", "step", "on", "how", "again", "field"),
    [
        (None, "maybe", TODAY, "phone", None, "step"),
        (None, "yes", TODAY, "pigeon", None, "how"),
        (None, "yes", TODAY + timedelta(days=1), "phone", None, "on"),
        (("no", TODAY), "yes", TODAY - timedelta(days=1), "phone", None, "on"),
        (None, "not_now", TODAY, "phone", None, "ask_again_on"),
        (None, "not_now", TODAY, "phone", TODAY, "ask_again_on"),
        (None, "yes", TODAY, "worker", None, "how"),
        (None, "yes", TODAY, "form", None, "how"),
        (None, "withdrew", TODAY, "phone", None, "step"),
        (("willing", TODAY), "withdrew", TODAY, "phone", None, "step"),
        (("no", TODAY), "withdrew", TODAY, "phone", None, "step"),
        (("thinking", TODAY), "told_by_referrer", TODAY, "form", None, "step"),
        (("yes", TODAY), "willing", TODAY, "form", None, "step"),
    ],
)
def test_what_cannot_be_recorded_is_refused_beside_its_field(
    latest, step: str, on: date, how: str, again: date | None, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        check_step(latest, step, on, how, again, today=TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "before", ["wants_to_talk", "thinking", "yes", "not_now", "no", "withdrew"]
)
@pytest.mark.parametrize("step", ["wants_to_talk", "thinking", "yes", "not_now", "no"])
def test_every_decision_may_follow_every_other(before: str, step: str) -> None:
    check_step((before, TODAY), step, TODAY, "phone", LATER, today=TODAY)


def test_pressed_twice_it_is_recorded_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        hooks.on_choice, "_entries", {"test": lambda f, choice, by, at: told.append(choice.step)}
    )

    first, second = say(cast, "no", "no")

    assert (first.id, told) == (second.id, ["no"])


def test_what_follows_elsewhere_is_in_the_same_transaction(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(family, choice, by, at) -> None:
        raise DomainError("not possible")

    monkeypatch.setattr(hooks.on_choice, "_entries", {"test": fail})
    with pytest.raises(DomainError):
        say(cast, "no")
    db.session.rollback()

    assert latest_choice(cast.hannah.id) is None


def test_who_recorded_it_stays_with_it_and_the_audit_has_no_words(app: Flask, cast: Cast) -> None:
    choice = record_choice(
        cast.hannah, "thinking", on=TODAY, how="phone", words="Let me ask my mum",
        by=cast.jago, at=NOW,
    )  # fmt: skip

    assert (choice.recorded_by, choice.words) == ("Jago Penrose", "Let me ask my mum")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "choice:recorded")).one()
    assert entry.detail == {"step": "thinking"}


def test_a_day_to_ask_again_belongs_to_not_now_alone(app: Flask, cast: Cast) -> None:
    choice = record_choice(
        cast.hannah, "no", on=TODAY, how="phone", ask_again_on=LATER, by=cast.jago, at=NOW
    )

    assert choice.ask_again_on is None
