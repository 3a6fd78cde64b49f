"""What waits: referrals, families to ask, and those to ask again on their day."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from app.enquiries.receive_referral import receive_referral
from app.enquiries.record_choice import record_choice
from app.enquiries.settle_referral import decline_referral
from app.enquiries.waiting import waiting
from app.tasks.waiting import Item
from tests.cast import NOW, Cast
from tests.enquiries.letters import answers


def waits(kind: str, at: datetime = NOW) -> list[Item]:
    return [item for item in waiting(at) if item.kind == kind]


def test_a_new_referral_is_due_in_two_working_days(app: Flask, cast: Cast) -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    receive_referral(answers(), at=friday)

    (item,) = waits("referral")

    assert (item.about, item.due_at) == ("Ana Kelly", datetime(2026, 11, 24, 17, 0, tzinfo=UTC))


def test_a_referral_that_is_settled_waits_no_more(app: Flask, cast: Cast) -> None:
    referral = receive_referral(answers(), at=NOW)
    decline_referral(referral, "area", by=cast.jago, at=NOW)

    assert waits("referral") == []


def test_a_family_that_said_nothing_yet_is_to_be_asked(app: Flask, cast: Cast) -> None:
    record_choice(cast.hannah, "thinking", on=date(2026, 11, 2), how="phone", by=cast.jago, at=NOW)

    (item,) = waits("to_ask")

    assert (item.family_id, item.owner_id) == (cast.jodie.id, cast.kerensa.id)


def test_not_now_comes_back_on_its_day(app: Flask, cast: Cast) -> None:
    record_choice(
        cast.hannah, "not_now", on=date(2026, 11, 2), ask_again_on=date(2027, 1, 4), how="phone",
        by=cast.jago, at=NOW,
    )  # fmt: skip

    assert waits("ask_again", datetime(2027, 1, 3, 12, 0, tzinfo=UTC)) == []
    (item,) = waits("ask_again", datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    assert item.family_id == cast.hannah.id


def test_an_answer_after_not_now_ends_the_wait(app: Flask, cast: Cast) -> None:
    for step, on in (("not_now", date(2026, 10, 1)), ("no", date(2026, 11, 20))):
        record_choice(
            cast.hannah, step, on=on, ask_again_on=on + timedelta(days=7), how="phone",
            by=cast.jago, at=NOW,
        )  # fmt: skip

    assert waits("ask_again", NOW) == []
