"""The pages behind links: peers answer offers, families pick times and decide; nothing by
opening.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.conversations.after_conversation import record_conversation
from app.conversations.book_conversation import (
    ConversationTime,
    book_conversation,
    live_appointment,
)
from app.conversations.drop_out import peer_drops_out
from app.conversations.end_offer import take_back
from app.conversations.family_texts import carer_of
from app.db import db, transact
from app.enquiries.queries import latest_choice
from app.families.models import Carer
from app.links.tokens import make_link
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, SECOND, agreed, offer, sent, tasks

pytestmark = pytest.mark.one_database
ENDED = "This link does not open any more"


def token(purpose: str, subject: int, kind: str, person: int) -> str:
    return transact(
        lambda: make_link(
            purpose, subject, kind, person, expires_at=NOW + timedelta(days=60), at=NOW
        )
    )


def of_offer(made) -> str:
    return "/o/" + token("o", made.id, "peer", made.peer_id)


def of_conversation(conversation) -> str:
    return "/f/" + token("f", conversation.id, "carer", carer_of(conversation.family_id).id)


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@contextmanager
def counting_writes() -> Iterator[list[str]]:
    made: list[str] = []

    def note(_c, _cursor, statement, *_more) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", statement, re.I):
            made.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield made
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_peer_says_yes_with_the_times_they_ticked(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)
    here = of_offer(made)
    assert "Could you talk to a parent?" in words(client.get(here))

    answer = client.post(here, data={"do": "yes", "time": [SECOND.isoformat()]})

    assert answer.status_code == 303
    assert "We ask the parent to pick a time." in words(client.get(here))
    assert offer(made.id).chosen_times == [SECOND.isoformat()]


def test_yes_without_a_time_says_what_to_do(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)

    answer = client.post(of_offer(made), data={"do": "yes"})

    assert answer.status_code == 409
    assert "Tick at least one time, or ring us and say when you can." in words(answer)
    assert "<title>Error: " in answer.text or "Error: A question for you" in answer.text


def test_a_peer_says_not_this_time_and_is_asked_nothing(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)
    here = of_offer(made)

    client.post(here, data={"do": "no"})

    page = client.get(here)
    assert "That is fine" in words(page)
    assert "<textarea" not in page.text


def test_after_the_answer_by_the_page_thanks_and_takes_no_answer(
    asking: Cast, client: FlaskClient, a_monday
) -> None:
    made = sent(asking)
    here = of_offer(made)
    a_monday.move_to(NOW + timedelta(days=4))

    assert "The time to answer has passed" in words(client.get(here))
    assert client.post(here, data={"do": "no"}).status_code == 409
    assert offer(made.id).state == "sent"


def test_an_offer_taken_back_says_so_kindly(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)
    here = of_offer(made)
    transact(lambda: take_back(made, by=asking.jago, at=NOW))

    assert "We no longer need you for this one" in words(client.get(here))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"how_long": "say"}, "paused"),
        (
            {"how_long": "until", "until-day": "1", "until-month": "3", "until-year": "2027"},
            "active",
        ),
    ],
)
def test_a_break_from_the_offer_is_a_no_and_a_break(
    asking: Cast, client: FlaskClient, data: dict, status: str
) -> None:
    made = sent(asking)
    here = of_offer(made)
    assert "We do not ask why." in words(client.get(f"{here}/break"))

    client.post(f"{here}/break", data=data)

    assert "You are on a break. We will not ask." in words(client.get(here))
    db.session.refresh(asking.chloe)
    assert (asking.chloe.status, offer(made.id).state) == (status, "declined")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"how_long": "until"},
        {"how_long": "until", "until-day": "31", "until-month": "2", "until-year": "2027"},
        {"how_long": "until", "until-day": "1", "until-month": "3", "until-year": "2020"},
    ],
)
def test_a_break_without_how_long_is_asked_again(
    asking: Cast, client: FlaskClient, data: dict
) -> None:
    here = of_offer(sent(asking))

    answer = client.post(f"{here}/break", data=data)

    assert answer.status_code == 409
    assert "Choose how long" in words(answer)
    assert asking.chloe.status == "active"


def test_opening_the_pages_changes_nothing(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)
    conversation = agreed(asking, family=other_family(asking), peer=asking.yusuf)
    here = [of_offer(made), of_offer(made) + "/break", of_conversation(conversation)]

    with counting_writes() as writes:
        answers = [client.open(path, method=m) for path in here for m in ("GET", "HEAD")]

    assert {a.status_code for a in answers} == {200}
    assert writes == []
    assert not any("Set-Cookie" in a.headers for a in answers)
    assert {a.headers["Referrer-Policy"] for a in answers} == {"no-referrer"}


def other_family(cast: Cast):
    from tests.conversations.arranging import said

    said(cast, "wants_to_talk", cast.jodie)
    return cast.jodie


def test_every_dead_link_gets_the_same_bytes(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)
    other_purpose = token("f", made.id, "peer", made.peer_id)
    dead = ["x" * 22, "short", "!" * 22, other_purpose]
    answers = [client.get(f"/{kind}/{t}") for kind in "ofp" for t in dead]

    assert {a.status_code for a in answers} == {404}
    assert len({a.data for a in answers}) == 1
    assert ENDED in answers[0].text


def test_a_form_from_another_site_does_nothing(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)

    client.post(of_offer(made), data={"do": "no"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert offer(made.id).state == "sent"


def test_a_peer_who_left_has_no_page(asking: Cast, client: FlaskClient) -> None:
    made = sent(asking)
    here = of_offer(made)
    asking.chloe.status = "left"
    db.session.commit()

    assert client.get(here).status_code == 404


def test_the_family_picks_a_time_and_then_reads_the_first_name(
    asking: Cast, client: FlaskClient
) -> None:
    conversation = agreed(asking)
    here = of_conversation(conversation)
    before = words(client.get(here))
    assert "When do you want to talk?" in before
    assert "Chloe" not in before

    client.post(here, data={"time": FIRST.isoformat()})

    after = words(client.get(here))
    assert "Your talk with Chloe" in after
    assert "Thursday 26 November" in after
    assert live_appointment(conversation).starts_at == FIRST


def test_no_time_picked_says_so(asking: Cast, client: FlaskClient) -> None:
    answer = client.post(of_conversation(agreed(asking)), data={})

    assert answer.status_code == 409
    assert "Pick one of the times, or pick “None of these”." in words(answer)


def test_none_of_the_times_asks_somebody_to_ring(asking: Cast, client: FlaskClient) -> None:
    client.post(of_conversation(agreed(asking)), data={"time": "none"})

    assert [t.about_kind for t in tasks("ring")] == ["conversation"]


def test_a_parent_who_dropped_out_is_gone_without_a_name(asking: Cast, client: FlaskClient) -> None:
    conversation = agreed(asking)
    here = of_conversation(conversation)
    transact(lambda: peer_drops_out(conversation, by="peer:1", at=NOW))

    page = words(client.get(here))
    assert "That parent cannot talk after all" in page
    assert "Chloe" not in page


def held_conversation(cast: Cast):
    conversation = agreed(cast)
    transact(
        lambda: book_conversation(
            conversation, ConversationTime(starts_at=FIRST), by=cast.jago, at=NOW
        )
    )
    after = FIRST + timedelta(hours=2)
    transact(lambda: record_conversation(conversation, "held", by=cast.jago, at=after))
    return conversation


@pytest.mark.parametrize("said", ["yes", "not_now", "no", "wants_to_talk", "ring"])
def test_every_decision_gets_the_same_thanks(
    asking: Cast, client: FlaskClient, a_monday, said: str
) -> None:
    conversation = held_conversation(asking)
    here = of_conversation(conversation)
    a_monday.move_to(FIRST + timedelta(days=1))
    assert "What would you like to do now?" in words(client.get(here))

    answer = client.post(here, data={"answer": said})

    assert answer.headers["Location"].endswith("/f/thank-you")
    assert "Thank you for telling us" in words(client.get("/f/thank-you"))
    latest = latest_choice(asking.hannah.id)
    if said == "ring":
        assert [t.about_kind for t in tasks("ring")] == ["conversation"]
    else:
        assert (latest.step, latest.how) == (said, "link")


def test_the_peer_reads_the_name_of_the_parent_whom_the_appointment_is_with(
    asking: Cast, client: FlaskClient
) -> None:
    conversation = agreed(asking)
    transact(
        lambda: book_conversation(
            conversation, ConversationTime(starts_at=FIRST), by=asking.jago, at=NOW
        )
    )
    hannah = carer_of(asking.hannah.id)
    db.session.add(Carer(family_id=hannah.family_id, first_name="Denzil", position=2))
    hannah.left_on = NOW.date()
    db.session.commit()

    page = words(client.get(of_offer(offer(conversation.offer_id))))

    assert "Your talk with Hannah" in page
    assert "Denzil" not in page


def test_a_carer_who_now_wants_strict_wording_has_no_page(
    asking: Cast, client: FlaskClient
) -> None:
    conversation = agreed(asking)
    here = of_conversation(conversation)
    carer_of(asking.hannah.id).wording = "strict"
    db.session.commit()

    assert client.get(here).status_code == 404
