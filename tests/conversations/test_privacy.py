"""Neither side learns more than it may: every page and text is read for words that must not be
there."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.conversations.answer_offer import decline_offer
from app.conversations.book_conversation import pick_time
from app.conversations.family_texts import carer_of
from app.db import db, transact
from app.links.tokens import make_link
from app.messaging import registry
from app.messaging.models import Outbox
from app.messaging.registry import Recipient
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, agreed, sent

pytestmark = pytest.mark.one_database
ABOUT_THE_FAMILY = (
    "SurnameOfFamily", "Sentinel Street", "TR15", "ChildOfFamily", "F1042", "+447700900142",
    "0142", "HouseholdSecret",
)  # fmt: skip
ABOUT_THE_PEER = (
    "SurnameOfPeer", "PL25", "+447700900447", "0447", "PeerSecret", "SchoolOfPeer",
)  # fmt: skip


@pytest.fixture
def sentinels(asking: Cast) -> Cast:
    carer = carer_of(asking.hannah.id)
    carer.surname, carer.contact_note = "SurnameOfFamily", "HouseholdSecret"
    asking.hannah.circumstances = ["adoption", "HouseholdSecret"]
    db.session.refresh(asking.hannah, ["home", "children"])
    asking.hannah.home.address = "1 Sentinel Street"
    asking.hannah.children[0].first_name = "ChildOfFamily"
    asking.chloe.surname, asking.chloe.notes = "SurnameOfPeer", "PeerSecret"
    asking.chloe.school = "SchoolOfPeer"
    asking.chloe.circumstances = ["adoption", "PeerSecret"]
    asking.chloe.introduction = "I am Chloe and I adopted too."
    db.session.commit()
    return asking


def page(client: FlaskClient, purpose: str, subject: int, kind: str, person: int) -> str:
    token = transact(
        lambda: make_link(
            purpose, subject, kind, person, expires_at=NOW + timedelta(days=60), at=NOW
        )
    )
    text = client.get(f"/{purpose}/{token}").text
    assert found(("VIG", "Penhallow", "council", "social"), text) == []  # pages name no service
    return text


def bodies(kind: str) -> str:
    """Every text to the peers or the carers, in its words, whether or not it would go."""
    said = []
    for row in db.session.query(Outbox).filter_by(channel="text", recipient_kind=kind):
        person: Recipient | None = registry.recipient(kind, row.recipient_id)
        assert person is not None
        said.append(registry.purposes[row.purpose].make(row, person, NOW).body)
    return "\n".join(said)


def found(words: tuple[str, ...], text: str) -> list[str]:
    return [word for word in words if word in text]


def test_before_both_agreed_the_peer_reads_no_name_place_or_reference(
    sentinels: Cast, client: FlaskClient
) -> None:
    made = sent(sentinels)

    text = page(client, "o", made.id, "peer", made.peer_id) + bodies("peer")

    assert "Could you talk to a parent?" in text
    assert found((*ABOUT_THE_FAMILY, "Hannah"), text) == []


def test_after_a_yes_the_peer_still_reads_no_name(sentinels: Cast, client: FlaskClient) -> None:
    conversation = agreed(sentinels)

    text = page(client, "o", conversation.offer_id, "peer", conversation.peer_id) + bodies("peer")

    assert found((*ABOUT_THE_FAMILY, "Hannah"), text) == []


def test_before_both_agreed_the_family_reads_no_name_of_the_peer(
    sentinels: Cast, client: FlaskClient
) -> None:
    conversation = agreed(sentinels)

    text = page(
        client, "f", conversation.id, "carer", carer_of(conversation.family_id).id
    ) + bodies("carer")

    assert "When do you want to talk?" in text
    assert found((*ABOUT_THE_PEER, "Chloe"), text) == []


def test_after_both_agreed_each_reads_the_first_name_only(
    sentinels: Cast, client: FlaskClient
) -> None:
    conversation = agreed(sentinels)
    transact(lambda: pick_time(conversation, FIRST, by="carer:1", at=NOW))

    peers = page(client, "o", conversation.offer_id, "peer", conversation.peer_id) + bodies("peer")
    familys = page(
        client, "f", conversation.id, "carer", carer_of(conversation.family_id).id
    ) + bodies("carer")

    assert "Hannah" in peers
    assert "Chloe" in familys
    assert found(ABOUT_THE_FAMILY, peers) == []
    assert found(ABOUT_THE_PEER, familys) == []


def test_a_no_is_shown_to_nobody_on_the_other_side(sentinels: Cast, client: FlaskClient) -> None:
    made = sent(sentinels)
    transact(lambda: decline_offer(made, by="peer:1", at=NOW, how="link"))
    sent(sentinels, peer=sentinels.yusuf)

    assert bodies("carer") == ""
    assert "Chloe" not in bodies("peer")
    assert made.override_reason is None
