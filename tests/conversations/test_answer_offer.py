"""Answering an offer: yes with times, not this time, too late; by link, text and phone."""

from datetime import timedelta

import pytest

from app.conversations.answer_offer import accept_offer, decline_offer
from app.conversations.end_offer import expire_next, take_back
from app.conversations.models import Conversation, Offer
from app.db import db, transact
from app.errors import DomainError, Stale
from app.messaging.models import Reply
from app.messaging.registry import Reading
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, SECOND, offer, sent, tasks, texts

LATER = NOW + timedelta(days=4)


def yes(made: Offer, *times, at=NOW, how="link"):
    chosen = times or (FIRST,)
    return transact(lambda: accept_offer(made, chosen, by="peer:1", at=at, how=how))


def no(made: Offer, at=NOW):
    transact(lambda: decline_offer(made, by="peer:1", at=at, how="link"))


def test_a_yes_keeps_the_times_and_opens_a_conversation(asking: Cast) -> None:
    made = sent(asking)

    conversation = yes(made, SECOND)

    assert (made.state, made.open_peer, made.open_family) == ("accepted", None, asking.hannah.id)
    assert made.chosen_times == [SECOND.isoformat()]
    assert (conversation.peer_id, conversation.number, conversation.host_id) == (
        asking.chloe.id,
        1,
        asking.jago.id,
    )


def test_a_yes_asks_the_family_which_time_suits_where_a_link_is_safe(asking: Cast) -> None:
    yes(sent(asking))

    assert [t.recipient_kind for t in texts("choose_time")] == ["carer"]


@pytest.mark.parametrize(
    "change",
    [{"wording": "neutral"}, {"wording": "strict"}, {"link_ok": False}, {"safe_to_text": "no"}],
)
def test_no_link_goes_to_a_family_that_did_not_allow_it(asking: Cast, change: dict) -> None:
    from app.conversations.family_texts import carer_of

    for name, value in change.items():
        setattr(carer_of(asking.hannah.id), name, value)
    db.session.commit()

    yes(sent(asking))

    assert texts("choose_time") == []


def test_a_second_yes_is_the_same_yes(asking: Cast) -> None:
    made = sent(asking)

    assert yes(made).id == yes(made).id
    assert db.session.query(Conversation).count() == 1


@pytest.mark.parametrize("times", [[], [FIRST + timedelta(hours=1)]])
def test_a_yes_without_one_of_the_times_is_asked_to_tick_one(asking: Cast, times: list) -> None:
    made = sent(asking)

    with pytest.raises(DomainError) as refused:
        transact(lambda: accept_offer(made, times, by="peer:1", at=NOW, how="link"))
    assert refused.value.family == "Tick at least one time, or ring us and say when you can."


def test_a_no_makes_the_next_peer_stand_ready_and_tells_nobody(asking: Cast) -> None:
    no(sent(asking))

    ready = db.session.query(Offer).filter_by(state="draft").one()
    assert ready.peer_id == asking.yusuf.id
    assert [t.purpose for t in texts(state="ready")] == []
    assert tasks() == []


def test_who_said_no_is_not_ranked_for_this_family_again(asking: Cast) -> None:
    no(sent(asking))

    with pytest.raises(DomainError, match="Write down why"):
        sent(asking)


def test_two_without_a_yes_ask_a_person_to_think_again(asking: Cast) -> None:
    no(sent(asking))
    no(sent(asking, peer=asking.yusuf))

    (task,) = tasks("unanswered_offer")
    assert "2 in a row" in task.words
    assert "Nobody else can be asked now" in task.words


def test_nobody_answers_after_the_answer_by(asking: Cast) -> None:
    made = sent(asking)

    with pytest.raises(DomainError) as refused:
        yes(made, at=LATER)
    assert refused.value.family == "The time to answer has passed. Thank you."


def test_the_job_ends_what_ran_out_once_and_says_who_is_next(asking: Cast) -> None:
    made = sent(asking)

    assert not expire_next(at=NOW)
    assert expire_next(at=LATER)
    assert not expire_next(at=LATER)

    assert offer(made.id).state == "expired"
    (task,) = tasks("unanswered_offer")
    assert task.words == "Chloe U did not answer in time. Yusuf B stands ready: check and send."
    assert [t.state for t in texts("offer")] == ["cancelled"]


def test_the_next_offer_sent_closes_the_task(asking: Cast) -> None:
    sent(asking)
    expire_next(at=LATER)
    later = [NOW + timedelta(days=7)]

    sent(asking, peer=asking.yusuf, at=LATER, times=later)

    assert tasks("unanswered_offer") == []


def test_an_offer_taken_back_before_its_text_went_sends_nothing(asking: Cast) -> None:
    made = sent(asking)

    transact(lambda: take_back(made, by=asking.jago, at=NOW))

    assert offer(made.id).open_family is None
    assert [(t.purpose, t.state) for t in texts()] == [("offer", "cancelled")]


def test_an_offer_taken_back_after_its_text_went_thanks_the_peer(asking: Cast) -> None:
    made = sent(asking)
    texts("offer")[0].state = "delivered"
    db.session.commit()

    transact(lambda: take_back(made, by=asking.jago, at=NOW))

    assert [t.purpose for t in texts(state="ready")] == ["offer_taken_back"]


def test_a_peer_whose_checks_lapsed_meanwhile_is_told_only_that_something_changed(
    asking: Cast,
) -> None:
    made = sent(asking)
    asking.chloe.checks_until = NOW.date() - timedelta(days=1)
    db.session.commit()

    with pytest.raises(DomainError) as refused:
        yes(made)
    assert refused.value.family == "Something has changed since we asked you. We will ring you."
    assert offer(made.id).state == "sent"


def test_a_form_of_an_older_version_is_refused(asking: Cast) -> None:
    made = sent(asking)

    with pytest.raises(Stale):
        transact(lambda: decline_offer(made, by=asking.jago, at=NOW, how="phone", opened_at=1))


def answered(body: str, received_at=NOW) -> Reading | None:
    from app.conversations.reply_reader import read_offer_answer

    reply = Reply(
        provider_id=body, from_number="+447700900447", to_number="+447700900000", body=body,
        received_at=received_at,
    )  # fmt: skip
    db.session.add(reply)
    return transact(lambda: read_offer_answer(reply, NOW))


@pytest.mark.parametrize("body", ["1", "Yes", "ok thanks"])
def test_a_reply_of_1_is_yes_to_every_time(asking: Cast, body: str) -> None:
    made = sent(asking)

    assert answered(body) is not None

    assert offer(made.id).state == "accepted"
    assert offer(made.id).chosen_times == made.times


@pytest.mark.parametrize("body", ["2", "No thanks", "No"])
def test_a_reply_of_2_or_a_plain_no_is_not_this_time(asking: Cast, body: str) -> None:
    made = sent(asking)

    assert answered(body) is not None

    assert offer(made.id).state == "declined"


@pytest.mark.parametrize("body", ["who is it?", "maybe next week"])
def test_anything_else_is_for_a_person(asking: Cast, body: str) -> None:
    made = sent(asking)

    assert answered(body) is None
    assert offer(made.id).state == "sent"


def test_a_reply_counts_as_of_when_it_came(asking: Cast) -> None:
    made = sent(asking)

    reading = answered("1", received_at=LATER)

    assert reading is not None
    assert "time to answer" in reading.outcome
    assert offer(made.id).state == "sent"
    assert [t.about_kind for t in tasks("to_check")] == ["offer"]


def test_without_an_open_offer_the_reply_is_for_others(asking: Cast) -> None:
    assert answered("1") is None
