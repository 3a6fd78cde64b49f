"""The very bytes that calendars are sent, for an appointment's whole life, as files beside this.

What differs from a file is looked at by a person: read the difference, and where it is meant, store
what the failing test prints. Two readers that share no line read them back.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
import vobject
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from app.calendars.checks import check
from app.db import db, transact
from app.families.models import Carer
from app.messaging.models import Outbox
from app.scheduling.book import book
from app.scheduling.feed_views import renew
from app.scheduling.invitations.models import Invitation
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, says, wanted
from tests.scheduling.test_invitations import (
    HANNAH,
    TAMSIN,
    calendar_part,
    cancelled,
    changed,
    sent,
)

GOLDEN = Path(__file__).parent / "golden"
UID = "0b0c5a52-6f0e-4d6a-9a53-1f2d3c4b5a69"
TUESDAY_TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
# File -> its METHOD, and SEQUENCE, STATUS and start of each event.
SAID = {
    "request": ("REQUEST", [(0, "CONFIRMED", TUESDAY_TEN)]),
    "family": ("REQUEST", [(0, "CONFIRMED", TUESDAY_TEN)]),
    "move": ("REQUEST", [(1, "CONFIRMED", TUESDAY_TEN + timedelta(hours=3))]),
    "withdrawal": ("CANCEL", [(2, "CANCELLED", TUESDAY_TEN + timedelta(hours=3))]),
    "cancel": ("CANCEL", [(3, "CANCELLED", TUESDAY_TEN + timedelta(days=1))]),
    "feed": (
        "PUBLISH",
        [
            (3, "CANCELLED", TUESDAY_TEN + timedelta(days=1)),
            (0, "CONFIRMED", datetime(2027, 3, 30, 9, tzinfo=UTC)),
        ],
    ),
}


def test_the_service_makes_exactly_these(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False):
        made = a_life(cast, client)

    for name, said in made.items():
        assert said.decode() == (GOLDEN / f"{name}.ics").read_bytes().decode(), name
    assert set(made) == set(SAID)


def a_life(cast: Cast, client: FlaskClient) -> dict[str, bytes]:
    hannah = db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()
    hannah.email, hannah.wants_invitations = HANNAH, True
    says(cast)
    visit = transact(lambda: named(book(wanted(cast, "goals_visit", at(VIDEO_DAY, 10)),
                                        by=cast.jago, at=NOW), UID)).id  # fmt: skip
    made = {"request": last(TAMSIN), "family": last(HANNAH)}
    changed(visit, cast, NOW + timedelta(hours=1), starts_at=at(VIDEO_DAY, 13))
    made["move"] = last(TAMSIN)
    wednesday = at(VIDEO_DAY + timedelta(1), 10)
    changed(visit, cast, NOW + timedelta(hours=2), starts_at=wednesday, staff_id=cast.kerensa.id)
    made["withdrawal"] = last(TAMSIN)
    last(HANNAH)
    cancelled(visit, cast, NOW + timedelta(hours=3))
    made["cancel"] = last(HANNAH)
    far = at(VIDEO_DAY + timedelta(119), 10)  # in summer time
    later = transact(lambda: named(book(wanted(cast, "follow_up", at(VIDEO_DAY, 14)),
                                        by=cast.jago, at=NOW), UID.replace("b", "c")))  # fmt: skip
    later.staff_id, later.starts_at, later.ends_at = (
        cast.kerensa.id, far, far + timedelta(minutes=30)
    )  # fmt: skip
    later.place_id = cast.hub.id
    db.session.commit()
    token = transact(lambda: renew(cast.kerensa, NOW, make=True))
    made["feed"] = client.get(f"/feeds/{token}.ics").data
    return made


def named(appointment, uid):
    """The one thing that is random, replaced before anything was sent."""
    own = db.session.scalars(
        select(Invitation).where(Invitation.appointment_id == appointment.id)
    ).all()
    for row in own:
        was, row.uid = row.uid, row.uid.replace(appointment.uid, uid)
        for mail in db.session.scalars(select(Outbox).where(Outbox.purpose == "invitation")):
            if mail.payload["uid"] == was:
                mail.payload = {**mail.payload, "uid": row.uid}
    appointment.uid = uid
    return appointment


def last(address: str) -> bytes:
    mails = [m for m in sent(NOW + timedelta(hours=4)) if f"<{address}>".encode() in m[:500]]
    return calendar_part(mails[-1])


@pytest.mark.parametrize("name", SAID)
def test_they_are_fit_to_be_sent(name: str) -> None:
    check((GOLDEN / f"{name}.ics").read_bytes(), SAID[name][0])


@pytest.mark.parametrize("name", SAID)
def test_icalendar_reads_what_is_meant(name: str) -> None:
    calendar = Calendar.from_ical((GOLDEN / f"{name}.ics").read_bytes())

    assert str(calendar["METHOD"]) == SAID[name][0]
    events = calendar.walk("VEVENT")
    assert [
        (event["SEQUENCE"], str(event["STATUS"]), event["DTSTART"].dt.astimezone(UTC))
        for event in events
    ] == SAID[name][1]


@pytest.mark.parametrize("name", SAID)
def test_vobject_reads_the_same(name: str) -> None:
    calendar = vobject.readOne((GOLDEN / f"{name}.ics").read_bytes().decode())

    assert calendar.method.value == SAID[name][0]
    assert [
        (int(event.sequence.value), event.status.value, event.dtstart.value.astimezone(UTC))
        for event in calendar.vevent_list
    ] == SAID[name][1]
    assert [zone.tzid.value for zone in calendar.vtimezone_list] == ["Europe/London"]


@pytest.mark.parametrize("name", ["family", "cancel"])
def test_a_familys_says_nothing_of_what_it_is(name: str) -> None:
    words = (GOLDEN / f"{name}.ics").read_text().lower()

    assert "summary:appointment" in words
    for telling in ("vig", "goals", "f1042", "tamsin", "example street", "leo"):
        assert telling not in words
