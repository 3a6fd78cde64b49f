"""A referral arrives: kept as sent, never guessed, limited, once."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, transact
from app.enquiries.models import Referral
from app.enquiries.receive_referral import TooManyReferrals, receive_referral
from app.errors import DomainError
from tests.cast import NOW
from tests.enquiries.letters import answers


def test_it_ends_with_a_reference_that_can_be_read_aloud(app: Flask) -> None:
    referral = receive_referral(answers(), at=NOW)

    assert re.fullmatch(r"R-[2-9A-HJKMNP-Z]{5}", referral.reference)
    assert (referral.state, referral.referrer_name) == ("new", "Dee Angove")


@pytest.mark.parametrize("said", [None, "", "maybe", "Yes", "not_asked", "unsure", ["yes"], True])
def test_without_a_clear_answer_texting_is_not_asked(app: Flask, said: object) -> None:
    assert (
        receive_referral(answers(safe_to_text=said), at=NOW).answers["safe_to_text"] == "not_asked"
    )


@pytest.mark.parametrize("said", ["yes", "no"])
def test_a_clear_answer_is_kept(app: Flask, said: str) -> None:
    assert receive_referral(answers(safe_to_text=said), at=NOW).answers["safe_to_text"] == said


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"referrer_name": ""}, "referrer_name"),
        ({"referrer_role": None}, "referrer_role"),
        ({"referrer_email": "", "referrer_phone": ""}, "referrer_email"),
        ({"first_name": " "}, "first_name"),
        ({"first_name": "x" * 81}, "first_name"),
        ({"postcode": "somewhere"}, "postcode"),
        ({"mobile": "07700 900"}, "mobile"),
        ({"mobile": ""}, "mobile"),  # a yes to texting without a number to text
        ({"phone_owner": "child"}, "phone_owner"),
        ({"phone_owner": "child", "safe_to_text": "no"}, "phone_owner"),
        ({"goals_words": "x" * 2001}, "goals_words"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(app: Flask, changed, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        receive_referral(answers(**changed), at=NOW)

    assert refused.value.field == field


def test_only_known_answers_are_kept(app: Flask) -> None:
    kept = receive_referral(answers(role="manager", carer_type="king"), at=NOW).answers

    assert "role" not in kept
    assert "carer_type" not in kept


def test_sent_twice_it_is_one(app: Flask) -> None:
    first = receive_referral(answers(), once="abc", at=NOW)
    second = receive_referral(answers(first_name="Other"), once="abc", at=NOW)

    assert first.id == second.id


def test_sent_by_four_processes_at_once_it_is_one_and_nobody_is_refused(app: Flask) -> None:
    together, made = Barrier(4), []

    def send() -> None:
        with app.app_context():
            db.session.scalar(select(1))  # connected, so that all are as fast
            db.session.rollback()
            together.wait()
            made.append(transact(lambda: receive_referral(answers(), once="abc", at=NOW).reference))
            db.session.remove()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 4
    assert len(set(made)) == 1


def test_one_address_sends_ten_an_hour(app: Flask) -> None:
    for _ in range(10):
        receive_referral(answers(), address_digest="ab12cd34", at=NOW)

    with pytest.raises(TooManyReferrals):
        receive_referral(answers(), address_digest="ab12cd34", at=NOW)
    receive_referral(answers(), address_digest="ffffffff", at=NOW)
    receive_referral(answers(), address_digest="ab12cd34", at=NOW + timedelta(minutes=61))
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 12
