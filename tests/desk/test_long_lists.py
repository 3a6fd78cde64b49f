"""Long lists: fifty a page, found by what was typed, in the order asked for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.enquiries.models import Referral
from app.lone_working.models import Watch
from app.messaging.models import Outbox
from app.paging import PAGE, Asked, placed, slice_of
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


def test_a_page_after_the_last_is_the_last() -> None:
    assert placed(9, 51) == (2, 2)
    assert placed(0, 0) == (1, 1)
    part = slice_of(list(range(120)), 3)
    assert (list(part.rows), part.pages, part.total) == (list(range(100, 120)), 3, 120)


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        ({"page": "2", "q": " row ", "sort": "-who"}, Asked("row", "-who", 2)),
        ({"page": "-1"}, Asked()),
        ({"page": "²"}, Asked()),
        ({"q": "x" * 101 + "\0"}, Asked("x" * 100)),
    ],
)
def test_an_address_made_by_hand_asks_for_nothing_odd(args: dict[str, str], asked: Asked) -> None:
    assert Asked.of(args) == asked


@pytest.fixture
def referrals(app: Flask, cast: Cast) -> None:
    for n in range(PAGE + 1):
        db.session.add(
            Referral(
                reference=f"R-{n:05}", received_at=NOW + timedelta(minutes=n),
                referrer_name=f"Anita Roæne {n:02}" if n else "Åsa Bolitho",
                referrer_role="Health visitor",
                answers={"first_name": "Siân" if n == 7 else "Ann", "surname": f"Number{n:02}"},
            )
        )  # fmt: skip
    db.session.commit()


def test_referrals(cast: Cast, referrals: None, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    first, second = jago.get("/referrals").text, jago.get("/referrals?page=2").text
    assert ("R-00000" in first, "R-00050" in first, "R-00050" in second) == (True, False, True)
    assert "/referrals?page=2" in first
    found = jago.get("/referrals?q=sian").text
    assert ("R-00007" in found, "R-00008" in found) == (True, False)
    assert "R-00000" in jago.get("/referrals?q=asa+bolitho").text
    turned = jago.get("/referrals?sort=-since").text
    assert turned.index("R-00050") < turned.index("R-00049")
    assert "No referral here has this" in jago.get("/referrals?q=nobody").text


@pytest.fixture
def texts(app: Flask, cast: Cast) -> None:
    """One text each to Hannah, Yusuf and Chloe, in this order, and 51 to Hannah that failed."""
    people = [("carer", 1), *(("peer", cast.chloe.id if n else cast.yusuf.id) for n in (0, 1))]
    for n, (kind, person_id) in enumerate(people):
        db.session.add(text(n, kind, person_id, state="delivered"))
    for n in range(PAGE + 1):
        db.session.add(text(100 + n, "carer", 1, state="failed"))
    db.session.commit()


def text(n: int, kind: str, person_id: int, *, state: str) -> Outbox:
    sent_at = NOW + timedelta(minutes=n)
    return Outbox(
        channel="text", purpose="words", recipient_kind=kind, recipient_id=person_id,
        about_kind=kind, about_id=person_id, state=state, body=f"Text {n}", due_at=sent_at,
        expires_at=sent_at, created_at=sent_at, dedupe=f"t{n}",
        sent_at=sent_at if state == "delivered" else None, final_at=sent_at,
    )  # fmt: skip


def test_texts(cast: Cast, texts: None, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    everybody = jago.get("/texts?show=all").text
    assert everybody.index("Chloe") < everybody.index("Yusuf") < everybody.index("Hannah")
    oldest = jago.get("/texts?show=all&sort=at").text
    assert oldest.index("Hannah") < oldest.index("Yusuf") < oldest.index("Chloe")
    for words in ("hannah row", "900142", "07700 900 142"):
        found = jago.get("/texts", query_string={"show": "all", "q": words}).text
        assert ("Hannah" in found, "Chloe" in found) == (True, False)
    assert "Nobody with this name" in jago.get("/texts?show=all&q=zzz").text


def test_texts_that_were_not_sent(cast: Cast, texts: None, sign_in: SignIn) -> None:

    with time_machine.travel(NOW + timedelta(hours=6), tick=False):
        jago = sign_in(cast.jago)
        first, second = (jago.get(f"/texts?show=not-sent&page={n}").text for n in (1, 2))

    assert first.count('data-label="Why"') == PAGE
    assert second.count('data-label="Why"') == 1
    assert "Not sent (51)" in first


@pytest.fixture
def visits(app: Flask, cast: Cast) -> None:
    for n in range(PAGE + 1):
        jodie = n == PAGE
        starts_at = NOW - timedelta(days=PAGE + 1 - n)
        visit = Appointment(
            kind="video_session", family_id=(cast.jodie if jodie else cast.hannah).id,
            staff_id=(cast.kerensa if jodie else cast.tamsin).id, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1), status="done", uid=f"u{n}", booked_by="staff:1",
            created_at=NOW,
        )  # fmt: skip
        db.session.add(visit)
        db.session.flush()
        db.session.add(
            Watch(
                appointment_id=visit.id, staff_id=visit.staff_id, level="standard",
                due_in=starts_at, due_out=visit.ends_at, closed_at=visit.ends_at,
            )
        )  # fmt: skip
    db.session.commit()


def test_past_visits(cast: Cast, visits: None, sign_in: SignIn) -> None:
    jago, rows = sign_in(cast.jago), 'data-label="Alarms"'

    assert jago.get("/lone-working/past").text.count(rows) == PAGE
    assert jago.get("/lone-working/past?page=2").text.count(rows) == 1
    assert "Kerensa" in jago.get("/lone-working/past").text
    assert "Kerensa" not in jago.get("/lone-working/past?sort=when").text
    for words in ("kerensa", "f1031"):
        assert jago.get(f"/lone-working/past?q={words}").text.count(rows) == 1
    assert jago.get("/lone-working/past?q=nobody").text.count(rows) == 0
    assert sign_in(cast.kerensa).get("/lone-working/past").text.count(rows) == 1
