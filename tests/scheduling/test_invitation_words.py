"""What a family's calendar invitation says, wherever the mail is read: nothing of what it is."""

import email
import re
from collections.abc import Iterator
from email.policy import default

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.families.models import Carer
from app.messaging.models import Outbox
from app.messaging.registry import recipient
from app.scheduling.invitations.inviting import invite
from app.scheduling.invitations.mail import make
from app.scheduling.models import Appointment
from app.settings.store import current
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
TELLING = r"\b(vig|video|council|leo|bolitho|tamsin|nance|goals|example street|tr15|f1042)\b"


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hannah(app: Flask, cast: Cast) -> Carer:
    carer = db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()
    carer.email, carer.wants_invitations = "hannah@example.org", True
    return carer


def mail_to(cast: Cast, carer: Carer, kind: str, status: str) -> str:
    """Every header and every part of what the carer is sent, in plain letters."""
    row = Appointment(
        kind=kind, family_id=cast.hannah.id, staff_id=cast.tamsin.id, carer_id=carer.id,
        peer_id=cast.yusuf.id if kind == "conversation" else None, how="in_person",
        place_id=cast.hannah.home_id, starts_at=NOW.replace(day=27), status=status, tell=True,
        ends_at=NOW.replace(day=27, hour=11), uid="u1", booked_by="test", created_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    invite(row, at=NOW)
    person = recipient("carer", carer.id)
    queued = db.session.scalars(select(Outbox).where(Outbox.recipient_kind == "carer")).one()
    assert person
    made = make(queued, person, NOW)
    message = email.message_from_bytes(made.email or b"", policy=default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    words = [p.decode() if isinstance(p, bytes) else str(p) for p in parts]
    unfolded = "\n".join(words).replace("\r\n ", "")
    return f"{made.body}\n{message.items()}\n{unfolded}".casefold()


@pytest.mark.parametrize("wording", ["full", "neutral", "strict"])
@pytest.mark.parametrize("kind", ["goals_visit", "video_session", "conversation"])
def test_an_invitation_tells_a_stranger_nothing(
    cast: Cast, hannah: Carer, wording: str, kind: str
) -> None:
    hannah.wording = wording

    said = mail_to(cast, hannah, kind, "booked")

    assert "appointment" in said
    assert set(re.findall(TELLING, said)) == set()
    assert ("at your home" in said) is (wording == "full")


@pytest.mark.parametrize(
    ("wording", "named"), [("full", True), ("neutral", True), ("strict", False)]
)
def test_strict_wording_names_nobody(cast: Cast, hannah: Carer, wording: str, named: bool) -> None:
    hannah.wording = wording

    said = mail_to(cast, hannah, "goals_visit", "booked")

    for words in (current().neutral_name, current().service_phone):
        assert (words.casefold() in said) is named
