"""A family's thread: everything said with all its carers, in order; whose it is; its pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.desk.family_texts import PAGE
from app.families.models import Carer
from app.messaging.models import Call, Outbox, Reply
from tests.cast import NOW, Cast
from tests.sessions import signed_in
from tests.statements import statements

pytestmark = pytest.mark.one_database
PATH = "/families/F1042/texts"


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ben(cast: Cast) -> Carer:
    """Hannah's partner, with a phone of his own."""
    carer = Carer(
        family_id=cast.hannah.id, position=2, first_name="Ben", surname="Rowe",
        mobile="+447700900155", phone_owner="own", safe_to_text="yes", wording="full",
    )  # fmt: skip
    db.session.add(carer)
    db.session.commit()
    return carer


@pytest.fixture
def jago(app: Flask, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.jago)


def hannah(cast: Cast) -> Carer:
    return db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).first()


def message(carer: Carer, minutes: int, body: str, **more: object) -> Outbox:
    at = NOW + timedelta(minutes=minutes)
    given = {
        "channel": "text", "purpose": "reminder", "about_kind": "appointment", "about_id": 1,
        "recipient_kind": "carer", "recipient_id": carer.id, "dedupe": f"{carer.id}:{minutes}",
        "state": "delivered", "due_at": at, "expires_at": at + timedelta(days=1),
        "created_at": at, "sent_at": at, "body": body or None, **more,
    }  # fmt: skip
    row = Outbox(**given)
    db.session.add(row)
    return row


def answer(carer: Carer, minutes: int, body: str) -> None:
    db.session.add(
        Reply(
            provider_id=f"SM{carer.id}x{minutes}",
            from_number=carer.mobile,
            to_number="+447700900000",
            body=body,
            received_at=NOW + timedelta(minutes=minutes),
            read_at=NOW,
            outcome="confirmed",
            person_kind="carer",
            person_id=carer.id,
        )  # fmt: skip
    )


def call(carer: Carer, minutes: int, words: str) -> None:
    db.session.add(
        Call(
            person_kind="carer",
            person_id=carer.id,
            family_id=carer.family_id,
            by="Jago Penrose",
            at=NOW + timedelta(minutes=minutes),
            outcome="spoke",
            words=words,
        )  # fmt: skip
    )


def everything(cast: Cast, ben: Carer) -> None:
    message(hannah(cast), -50, "Visit tomorrow.")
    answer(hannah(cast), -40, "1 from hannah")
    message(ben, -30, "A mail to Ben.", channel="email", purpose="invitation", state="sent")
    call(ben, -20, "Ben will be late")
    message(
        hannah(cast), -10, "", state="failed", sent_at=None,
        final_at=NOW - timedelta(minutes=10), reason="Nobody has this number.",
    )  # fmt: skip
    db.session.commit()


def test_all_that_was_said_stands_in_order_with_whose_it_is(jago, cast, ben) -> None:
    everything(cast, ben)

    page = jago.get(PATH).text

    said = [
        "09:10 to Hannah, reminder, delivered", "Hannah, 09:20, confirmed",
        "09:30 to Ben, e-mail, ", "09:40 call with Ben, Jago Penrose: Spoke to them",
        "Failed at 09:50 to Hannah:", "Nobody has this number.",
    ]  # fmt: skip
    places = [page.index(words) for words in said]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("show=texts", ["Visit tomorrow.", "1 from hannah"], ["A mail", "will be late"]),
        ("show=emails", ["A mail to Ben."], ["Visit tomorrow.", "1 from hannah", "will be late"]),
        ("show=calls", ["Ben will be late"], ["Visit tomorrow.", "A mail"]),
        ("show=not-sent", ["Nobody has this number."], ["Visit tomorrow.", "1 from hannah"]),
    ],
)
def test_each_filter_shows_its_kind_alone(jago, cast, ben, asked, shown, hidden) -> None:
    everything(cast, ben)

    page = jago.get(f"{PATH}?{asked}").text

    assert all(words in page for words in shown)
    assert not any(words in page for words in hidden)


def test_one_carers_part_leaves_the_other_out(jago, cast, ben) -> None:
    everything(cast, ben)

    page = jago.get(f"{PATH}?carer={ben.id}").text

    assert "Ben will be late" in page
    assert "1 from hannah" not in page


def test_what_is_to_come_stands_under_the_newest(jago, cast, ben) -> None:
    due = NOW + timedelta(days=1)
    message(ben, 5, "", state="ready", sent_at=None, due_at=due)
    db.session.commit()

    page = jago.get(PATH).text

    assert page.index("Planned next") < page.index("Tue 24 Nov 10:00")


def test_another_practitioners_family_is_not_found(app, cast) -> None:
    tamsin = signed_in(app, cast.tamsin)

    assert tamsin.get(PATH).status_code == 200
    assert tamsin.get("/families/F1031/texts").status_code == 404
    assert tamsin.get("/families/F9999/texts").status_code == 404


def test_filters_nobody_offers_and_carers_of_others_are_not_found(jago, cast) -> None:
    other = db.session.scalars(select(Carer.id).where(Carer.family_id == cast.jodie.id)).one()

    for asked in ("show=nonsense", f"carer={other}", "carer=99999"):
        assert jago.get(f"{PATH}?{asked}").status_code == 404


def test_reading_is_recorded(jago, cast) -> None:
    jago.get(PATH)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "family:read")).one()
    assert (entry.family_id, entry.detail) == (cast.hannah.id, {"screen": "texts"})


def test_a_long_thread_has_its_newest_first_and_leads_to_the_earlier(jago, cast) -> None:
    for number in range(PAGE + 5):
        message(hannah(cast), -number, f"Words number {number}.")
    db.session.commit()

    newest, earlier = jago.get(PATH).text, jago.get(f"{PATH}?page=2").text

    assert "Words number 0." in newest
    assert f"Words number {PAGE}." not in newest
    assert "page=2" in newest
    assert f"Words number {PAGE + 4}." in earlier
    assert "Words number 0." not in earlier
    assert "Later" in earlier


def test_two_records_of_one_person_are_one_of_the_thread(jago, cast, ben) -> None:
    twin = Carer(
        family_id=cast.hannah.id, position=3, first_name="Benjamin", surname="Rowe",
        same_as_id=ben.id, left_on=NOW.date(),
    )  # fmt: skip
    db.session.add(twin)
    db.session.flush()
    message(twin, -10, "Sent to the old record.")
    db.session.commit()

    page = jago.get(f"{PATH}?carer={ben.id}").text

    assert "to Ben, reminder" in page
    assert "Benjamin" not in page


def test_carers_who_must_not_meet_are_said_so(jago, cast, ben) -> None:
    cast.hannah.carers_keep_apart = True
    db.session.commit()

    assert "Tell neither of them what the other said." in jago.get(PATH).text


def test_the_record_each_thread_and_the_familys_thread_lead_to_each_other(jago, cast) -> None:
    own = f"/texts/carer/{hannah(cast).id}"

    assert f'href="{PATH}"' in jago.get("/families/F1042").text
    assert f'href="{PATH}"' in jago.get(own).text
    assert f'href="{own}"' in jago.get(PATH).text


def test_a_long_thread_takes_no_more_statements_than_a_short_one(app, jago, cast, ben) -> None:
    def made() -> list[str]:
        db.session.remove()
        with statements() as seen:
            assert jago.get(PATH).status_code == 200
        return seen

    everything(cast, ben)
    few, ben = made(), db.session.scalars(select(Carer).where(Carer.first_name == "Ben")).one()
    for number in range(100):
        message(ben, -100 - number, "x")
        answer(ben, -300 - number, "y")
    db.session.commit()

    assert made() == few
    assert len(few) <= 12, few
