"""The pages on which staff choose a peer parent, send an offer and record its answer."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.conversations.book_conversation import ConversationTime, book_conversation
from app.conversations.drop_out import peer_drops_out
from app.conversations.models import Conversation, Offer
from app.db import db, transact
from app.peers.exclusions import exclude
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, agreed, said, sent

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
MATCH, CHECK = "/families/F1042/match", "/families/F1042/offer/{}"


def text_of(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.text[:2000]
    return " ".join(answer.text.split())


def test_ranks_those_who_can_be_asked_with_the_printed_sum(asking: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(asking.jago), MATCH)

    assert "Can be offered this now: 2 of 2" in page
    assert "1. Chloe U" in page
    assert "of 20</span>" in page
    assert "Offer to Chloe U" in page


def test_says_honestly_that_nobody_can_talk_now_and_what_to_tell(
    asking: Cast, sign_in: SignIn
) -> None:
    for peer in (asking.chloe, asking.yusuf):
        peer.status = "paused"
    db.session.commit()

    page = text_of(sign_in(asking.jago), MATCH)

    assert "Nobody can talk to them now." in page
    assert "We have not found the right parent yet." in page


def test_a_pair_kept_apart_is_one_row_without_name_or_reason(asking: Cast, sign_in: SignIn) -> None:
    exclude(asking.chloe, asking.hannah, "a dispute over a hedge", by=asking.morwenna, at=NOW)
    db.session.commit()

    page = text_of(sign_in(asking.jago), MATCH)

    assert "Safety, or a limit of their own" in page
    assert "Chloe" not in page
    assert "hedge" not in page


@pytest.mark.parametrize("address", [MATCH, CHECK.format(1)])
def test_practitioners_find_no_such_page(asking: Cast, sign_in: SignIn, address: str) -> None:
    assert sign_in(asking.tamsin).get(address).status_code == 404


def test_a_closed_record_is_matched_by_nobody_but_managers(asking: Cast, sign_in: SignIn) -> None:
    asking.hannah.closed_to_matchers = True
    db.session.commit()

    assert sign_in(asking.jago).get(MATCH).status_code == 404


def test_shows_word_for_word_what_the_peer_will_read(asking: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(asking.jago), CHECK.format(asking.chloe.id))

    assert "A parent with a child aged 1 to 2. They say we may tell you: adoption." in page
    assert "By phone or by video call, about 30 minutes. We connect the call." in page
    assert "Thursday 26 November, 12 noon" in page


def test_sends_the_offer_with_the_times_that_were_ticked(asking: Cast, sign_in: SignIn) -> None:
    browser = sign_in(asking.jago)

    answer = browser.post(
        CHECK.format(asking.chloe.id),
        data={"times": [FIRST.isoformat()], "host_id": str(asking.jago.id)},
        follow_redirects=True,
    )

    assert "Offer sent to Chloe U. Answer by Thu 26 Nov 12:00." in answer.text
    made = db.session.query(Offer).one()
    assert (made.state, made.times) == ("sent", [FIRST.isoformat()])


def test_the_second_coordinator_reads_who_sent_whom_an_offer(asking: Cast, sign_in: SignIn) -> None:
    sent(asking)

    answer = sign_in(asking.morwenna).post(
        CHECK.format(asking.yusuf.id),
        data={"times": [FIRST.isoformat()], "host_id": str(asking.jago.id)},
    )

    assert answer.status_code == 422
    assert "Jago sent Chloe an offer at 10:00." in answer.text
    assert db.session.query(Offer).count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"times": ["nonsense"], "host_id": "1"},
        {"times": ["2026-11-26T14:00:00"], "host_id": "2"},
        {"host_id": "9999"},
        {"host_id": "2", "day": ["31", "2", "2027"], "wall": "10:00"},
        {"host_id": "2", "wall": "25:00"},
        {"host_id": "2", "day": ["1", "12", "2026"]},
    ],
)
def test_a_hand_made_form_sends_nothing_and_says_what_is_wrong(
    asking: Cast, sign_in: SignIn, data: dict
) -> None:
    answer = sign_in(asking.jago).post(CHECK.format(asking.chloe.id), data=data)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert db.session.query(Offer).count() == 0


def test_a_yes_by_phone_is_recorded_on_the_offers_page(asking: Cast, sign_in: SignIn) -> None:
    made = sent(asking)
    browser = sign_in(asking.jago)
    assert "They answered by phone" in text_of(browser, f"/offers/{made.id}")

    answer = browser.post(
        f"/offers/{made.id}/yes",
        data={"time": FIRST.isoformat(), "version": made.version},
        follow_redirects=True,
    )

    assert "They said yes. Agree a time with the family." in answer.text
    assert db.session.query(Conversation).one().peer_id == asking.chloe.id


def test_a_stale_answer_by_phone_changes_nothing(asking: Cast, sign_in: SignIn) -> None:
    made = sent(asking)

    answer = sign_in(asking.jago).post(
        f"/offers/{made.id}/no", data={"version": 1}, follow_redirects=True
    )

    assert "was changed by somebody else" in answer.text
    assert db.session.query(Offer).one().state == "sent"


def test_a_conversation_is_booked_from_its_page(asking: Cast, sign_in: SignIn) -> None:
    conversation = agreed(asking)
    browser = sign_in(asking.jago)
    assert "Date to agree" in text_of(browser, f"/conversations/{conversation.id}")
    assert "the peer parent said yes to it" in text_of(
        browser, f"/conversations/{conversation.id}/book"
    )

    answer = browser.post(
        f"/conversations/{conversation.id}/book",
        data={"start": FIRST.isoformat(), "how": "phone", "host_id": str(asking.jago.id)},
        follow_redirects=True,
    )

    assert "Booked for Thu 26 Nov 14:00." in answer.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose how they talk"),
        ({"how": "phone", "host_id": "2"}, "Choose a time, or enter a day and a time."),
        (
            {"how": "phone", "host_id": "2", "start": "nonsense"},
            "Choose one of the answers shown",
        ),
        (
            {"how": "in_person", "host_id": "2", "start": FIRST.isoformat()},
            "Choose where it takes place.",
        ),
    ],
)
def test_a_time_without_what_it_needs_is_refused_beside_the_field(
    asking: Cast, sign_in: SignIn, data: dict, sentence: str
) -> None:
    conversation = agreed(asking)

    answer = sign_in(asking.jago).post(f"/conversations/{conversation.id}/book", data=data)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_way_from_held_to_debriefed_through_the_pages(
    asking: Cast, sign_in: SignIn, a_monday
) -> None:
    conversation = agreed(asking)
    browser = sign_in(asking.jago)
    browser.post(
        f"/conversations/{conversation.id}/book",
        data={"start": FIRST.isoformat(), "how": "phone", "host_id": str(asking.jago.id)},
    )
    a_monday.move_to(FIRST.replace(hour=16))
    browser = sign_in(asking.jago)

    held = browser.post(
        f"/conversations/{conversation.id}/outcome",
        data={"outcome": "held", "decided": "thinking", "said_how": "phone",
              "version": conversation.version},
        follow_redirects=True,
    )  # fmt: skip
    debriefed = browser.post(
        f"/conversations/{conversation.id}/debrief",
        data={
            "worried": "no",
            "rest": "no",
            "how_peer": "It went well",
            "version": conversation.version,
        },
        follow_redirects=True,
    )

    assert "They talked on Thu 26 Nov" in " ".join(held.text.split())
    assert "It went well" in debriefed.text


def test_a_peer_who_cannot_come_asks_for_a_call_on_the_page(asking: Cast, sign_in: SignIn) -> None:
    conversation = agreed(asking)
    browser = sign_in(asking.jago)
    browser.post(
        f"/conversations/{conversation.id}/book",
        data={"start": FIRST.isoformat(), "how": "phone", "host_id": str(asking.jago.id)},
    )

    page = browser.post(f"/conversations/{conversation.id}/drop", follow_redirects=True).text

    assert "Ring Hannah." in page
    assert "Do not text." in page
    assert (
        "Recorded: the family was rung."
        in browser.post(f"/conversations/{conversation.id}/told", follow_redirects=True).text
    )


def test_nothing_changes_by_opening_a_page(asking: Cast, sign_in: SignIn) -> None:
    conversation = agreed(asking)
    browser = sign_in(asking.jago)

    for path in ("", "/book", "/outcome", "/debrief"):
        browser.get(f"/conversations/{conversation.id}{path}")
    for path in ("/drop", "/told", "/ask", "/link"):
        assert browser.get(f"/conversations/{conversation.id}{path}").status_code == 405

    db.session.expire_all()
    assert (conversation.version, conversation.closed_at) == (1, None)


@pytest.mark.parametrize(("again", "there"), [(False, True), (True, False)])
def test_after_a_conversation_another_is_for_the_family_to_ask(
    asking: Cast, sign_in: SignIn, again: bool, there: bool
) -> None:
    conversation = agreed(asking)
    conversation.outcome, conversation.held_on, conversation.closed_at = "held", FIRST.date(), NOW
    conversation.wants_another = again
    db.session.commit()

    page = text_of(sign_in(asking.jago), MATCH)

    assert ("They talked with Chloe U on Thu 26 Nov." in page) is there


def test_what_is_to_be_asked_of_all_is_said_once(asking: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(asking.jago), MATCH)

    assert "2. Yusuf B" in page
    assert page.count("A school is not known") == 1


def test_an_open_offer_shows_the_number_to_ring(asking: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(asking.jago), f"/offers/{sent(asking).id}")

    assert "07700 900 447" in page
    assert f"/texts/peer/{asking.chloe.id}/call" in page


def test_whom_to_ring_after_a_peer_dropped_out_and_on_which_number(
    asking: Cast, sign_in: SignIn
) -> None:
    conversation = agreed(asking)
    transact(
        lambda: book_conversation(conversation, ConversationTime(FIRST), by=asking.jago, at=NOW)
    )
    transact(lambda: peer_drops_out(conversation, by=asking.jago, at=NOW))

    page = text_of(sign_in(asking.jago), f"/conversations/{conversation.id}")

    assert "Ring Hannah." in page
    assert "07700 900 142" in page
    assert "If nobody answers, leave:" in page
    assert "/texts/carer/1/call" in page


def test_nobody_is_told_of_a_search_that_nobody_asked_for(asking: Cast, sign_in: SignIn) -> None:
    said(asking, "not_now")

    page = text_of(sign_in(asking.jago), MATCH)

    assert "has not asked to talk to a parent" in page
    assert "Nobody is ranked until the family has said" in page
    assert "Tell the family" not in page
