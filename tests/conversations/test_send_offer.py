"""Sending an offer: what it shows, who may be chosen against which rule, one open at a time."""

from datetime import date, time, timedelta

import pytest

from app.clock import at_london
from app.conversations.models import Offer
from app.conversations.send_offer import ready_next, send_offer
from app.db import db, transact
from app.errors import DomainError
from app.peers.exclusions import exclude
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, SECOND, said, sent, tasks, texts


def test_is_open_with_its_times_and_an_answer_by_on_a_working_noon(asking: Cast) -> None:
    made = sent(asking)

    assert (made.state, made.open_peer, made.open_family) == (
        "sent", asking.chloe.id, asking.hannah.id,
    )  # fmt: skip
    assert made.times == [FIRST.isoformat(), SECOND.isoformat()]
    assert made.answer_by == at_london(date(2026, 11, 26), time(12))
    assert made.sent_by == "Jago Penrose"


def test_shows_the_peer_only_the_allow_list(asking: Cast) -> None:
    assert sent(asking).shown == {
        "child_ages": ["aged 1 to 2"],
        "may_tell": ["adoption"],
        "ways": ["phone", "video"],
        "times": None,
        "interpreter": False,
        "minutes": 30,
    }


def test_texts_the_peer_and_tells_the_family_nothing(asking: Cast) -> None:
    sent(asking)

    assert [(t.purpose, t.recipient_kind) for t in texts()] == [("offer", "peer")]


@pytest.mark.parametrize("safe", ["no", "not_asked"])
def test_a_peer_who_may_not_be_texted_is_rung(asking: Cast, safe: str) -> None:
    asking.chloe.safe_to_text = safe
    db.session.commit()

    sent(asking)

    assert texts() == []
    assert [t.about_kind for t in tasks("ring")] == ["offer"]


def test_a_second_offer_for_the_family_says_who_sent_whom_one_when(asking: Cast) -> None:
    sent(asking)

    with pytest.raises(DomainError, match="Jago sent Chloe an offer at 10:00"):
        sent(asking, peer=asking.yusuf, by=asking.morwenna)


def test_a_peer_with_an_open_offer_gets_no_second_one_even_with_a_reason(asking: Cast) -> None:
    said(asking, "wants_to_talk", asking.jodie)
    sent(asking)

    with pytest.raises(DomainError, match="has an open offer"):
        sent(asking, family=asking.jodie, reason="She is the best match by far")


def test_a_closed_rule_is_impossible_for_everybody(asking: Cast) -> None:
    asking.chloe.checks_until = date(2026, 11, 1)
    db.session.commit()

    with pytest.raises(DomainError, match="cannot be chosen"):
        sent(asking, by=asking.morwenna, reason="I know her checks are under way")


def test_a_family_that_did_not_ask_is_offered_to_nobody(cast: Cast) -> None:
    with pytest.raises(DomainError, match="not asked to talk"):
        sent(cast, reason="They would like it", by=cast.morwenna)


@pytest.mark.parametrize("step", ["not_now", "no", "withdrew"])
def test_a_family_that_said_no_since_is_offered_to_nobody(asking: Cast, step: str) -> None:
    said(asking, step, on=date(2026, 11, 22))

    with pytest.raises(DomainError, match="not asked to talk"):
        sent(asking)


def test_a_pair_kept_apart_needs_a_managers_long_reason(asking: Cast) -> None:
    exclude(asking.chloe, asking.hannah, "former neighbours, long dispute",
            by=asking.jago, at=NOW)  # fmt: skip
    db.session.commit()

    with pytest.raises(DomainError, match="Only a manager") as refused:
        sent(asking, reason="They would suit each other well")
    assert "apart" not in refused.value.message
    with pytest.raises(DomainError, match="10 characters"):
        sent(asking, reason="fine", by=asking.morwenna)
    made = sent(asking, reason="Both asked for it in person", by=asking.morwenna)
    assert made.overridden == ["exclusion"]
    assert made.override_reason == "Both asked for it in person"


def test_a_practical_rule_needs_a_coordinators_reason(asking: Cast) -> None:
    asking.chloe.monthly_limit = 0
    db.session.commit()

    with pytest.raises(DomainError, match="Write down why"):
        sent(asking)
    assert sent(asking, reason="She offered").overridden == ["full_this_month"]


def test_practitioners_choose_for_nobody(asking: Cast) -> None:
    with pytest.raises(DomainError, match="coordinator or a manager"):
        sent(asking, by=asking.tamsin)


def test_a_time_that_has_passed_is_not_offered(asking: Cast) -> None:
    with pytest.raises(DomainError, match="has passed"):
        sent(asking, times=[NOW - timedelta(hours=1)])


def test_a_draft_becomes_the_offer_that_is_sent(asking: Cast) -> None:
    draft = transact(lambda: ready_next(asking.hannah.id, host_id=None, by="the service", at=NOW))
    assert draft is not None
    assert (draft.state, draft.open_peer, texts()) == ("draft", None, [])

    made = sent(asking, peer=draft.peer_id and db.session.get(type(asking.chloe), draft.peer_id))

    assert made.id == draft.id
    assert db.session.query(Offer).count() == 1


def test_an_offer_to_another_removes_the_draft(asking: Cast) -> None:
    draft = transact(lambda: ready_next(asking.hannah.id, host_id=None, by="the service", at=NOW))
    assert draft is not None
    other = asking.yusuf if draft.peer_id == asking.chloe.id else asking.chloe

    sent(asking, peer=other)

    assert [o.state for o in db.session.query(Offer)] == ["sent"]


def test_after_the_most_conversations_nobody_is_asked_again(asking: Cast) -> None:
    from app.conversations.models import Conversation

    db.session.add_all(
        Conversation(
            family_id=asking.hannah.id, peer_id=asking.yusuf.id, outcome="held",
            held_on=date(2026, 10, n), closed_at=NOW, created_at=NOW,
        )
        for n in (1, 8, 15)
    )  # fmt: skip
    db.session.commit()

    with pytest.raises(DomainError, match="3 conversations"):
        sent(asking)


def test_a_form_may_not_name_a_peer_who_is_not_there(asking: Cast) -> None:
    with pytest.raises(DomainError, match="not on record"):
        transact(
            lambda: send_offer(
                asking.hannah.id, 9999, times=[], host_id=asking.jago.id, by=asking.jago, at=NOW
            )
        )
