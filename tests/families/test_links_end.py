"""A phone that turns out to be somebody else's opens nothing of the family any more."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.families.models import Carer
from app.links.tokens import live_link, make_link
from app.messaging.blocks import block_number
from tests.cast import NOW, Cast

LATER = NOW + timedelta(days=3)


@pytest.fixture
def hannah(app: Flask, cast: Cast) -> Carer:
    return db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()


def opens(purpose: str, token: str) -> bool:
    return live_link(purpose, token, at=NOW) is not None


@pytest.mark.parametrize(
    ("kind", "still"), [("quarantine", False), ("stop", True), ("twilio", True)]
)
def test_links_end_with_a_quarantine_alone(
    cast: Cast, hannah: Carer, kind: str, still: bool
) -> None:
    first = make_link("a", 1, "carer", hannah.id, expires_at=LATER, at=NOW)
    second = make_link("f", 2, "carer", hannah.id, expires_at=LATER, at=NOW)
    of_a_peer = make_link("o", 1, "peer", cast.chloe.id, expires_at=LATER, at=NOW)

    block_number(hannah.mobile, kind, "said so", by="test", at=NOW)

    assert (opens("a", first), opens("f", second)) == (still, still)
    assert opens("o", of_a_peer)


def test_a_peer_parents_links_end_too_and_staff_keep_their_feed(cast: Cast) -> None:
    own = make_link("p", cast.chloe.id, "peer", cast.chloe.id, expires_at=LATER, at=NOW)
    feed = make_link("feed", cast.tamsin.id, "staff", cast.tamsin.id, expires_at=LATER, at=NOW)

    for number in (cast.chloe.mobile, cast.tamsin.mobile):
        block_number(number, "quarantine", "said so", by="test", at=NOW)

    assert not opens("p", own)
    assert opens("feed", feed)
