from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from app import clock
from app.calendars.invitations import Entry, feed, single_event
from tests.calendars.made import STAMP, TEN, invited

ZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
X-LIC-LOCATION:Europe/London
BEGIN:DAYLIGHT
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""
REQUEST = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Appointments//Calendar//EN
CALSCALE:GREGORIAN
METHOD:REQUEST
{ZONE}BEGIN:VEVENT
SUMMARY:Appointment
DTSTART;TZID=Europe/London:20260330T100000
DTEND;TZID=Europe/London:20260330T110000
DTSTAMP:20260316T112000Z
UID:7-carer-12@example.org
SEQUENCE:3
ATTENDEE;CN="Hannah Rowe";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ
 -PARTICIPANT;RSVP=FALSE:mailto:hannah@example.org
CLASS:PRIVATE
ORGANIZER;CN="Jo at the family office":mailto:jo@example.org
STATUS:CONFIRMED
TRANSP:OPAQUE
X-MICROSOFT-DISALLOW-COUNTER:TRUE
END:VEVENT
END:VCALENDAR
"""


def event_of(ics):
    return next(iter(Calendar.from_ical(ics).walk("VEVENT")))


def entry(**changes):
    facts = {
        "uid": "7-staff-2@example.org",
        "sequence": 0,
        "starts_at": TEN,
        "ends_at": TEN + timedelta(hours=1),
        "summary": "Visit F1042",
        "stamp": STAMP,
    }
    return Entry(**{**facts, **changes})


def test_an_invitation_is_exactly_this():
    assert invited() == REQUEST.replace("\n", "\r\n").encode()


def test_a_cancellation_says_so_twice():
    ics = invited(method="CANCEL", sequence=4)

    assert Calendar.from_ical(ics)["METHOD"] == "CANCEL"
    assert event_of(ics)["STATUS"] == "CANCELLED"
    assert event_of(ics)["SEQUENCE"] == 4
    assert event_of(ics)["UID"] == event_of(invited())["UID"]


def test_an_invitation_read_back_is_at_the_same_instant():
    read = event_of(invited())

    assert read["DTSTART"].dt.astimezone(UTC) == datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert read["DTEND"].dt - read["DTSTART"].dt == timedelta(hours=1)


def test_nobody_but_the_one_attendee_is_named():
    assert invited().count(b"mailto:") == 2


def test_where_and_why_are_said_only_when_given():
    ics = invited(location="Truro Family Hub; room 2", description="Bring nothing.\r\nRing us, 1–2")

    assert event_of(ics)["LOCATION"] == "Truro Family Hub; room 2"
    assert event_of(ics)["DESCRIPTION"] == "Bring nothing.\nRing us, 1–2"
    assert b"\nLOCATION" not in invited()
    assert b"DESCRIPTION" not in invited()


@pytest.mark.parametrize("field", ["summary", "organiser_name", "attendee_name", "location", "uid"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x00"])
def test_no_text_begins_a_line_of_its_own(field, end):
    ics = invited(**{field: f"Jo{end}ATTENDEE:mailto:x@example.org"})

    assert ics.count(b"\r\nATTENDEE") == 1
    assert len(Calendar.from_ical(ics).walk("VEVENT")) == 1


def test_a_description_cannot_begin_a_property():
    ics = invited(description="Hello\r\nATTENDEE:mailto:x@example.org\rSUMMARY:y\nEND:VEVENT")

    assert ics.count(b"\r\nATTENDEE") == 1
    assert ics.count(b"\r\nSUMMARY") == 1
    assert ics.count(b"\r\nEND:VEVENT") == 1


@pytest.mark.parametrize(
    "name", ['Zoë "Zo" Łuczak; Jr, 1:2', "Ángela O’Neil", "a" * 200, "=?utf-8?q?x?="]
)
def test_any_name_comes_back(name):
    read = event_of(invited(attendee_name=name))

    assert read["ATTENDEE"].params["CN"] == name.replace('"', "'")


def test_lines_are_at_most_75_octets_and_end_in_crlf():
    ics = invited(summary="Łódź " * 60, description="žluťoučký\n" * 40)

    assert max(len(line) for line in ics.split(b"\r\n")) <= 75
    assert b"\n" not in ics.replace(b"\r\n", b"")


@pytest.mark.parametrize("field", ["starts_at", "ends_at", "stamp"])
def test_a_time_without_its_zone_is_refused(field):
    with pytest.raises(ValueError, match="zone"):
        invited(**{field: datetime(2026, 3, 30, 10)})


@pytest.mark.parametrize("minutes", [0, -15])
def test_an_event_that_does_not_end_after_it_starts_is_refused(minutes):
    with pytest.raises(ValueError, match="ends after"):
        invited(ends_at=TEN + timedelta(minutes=minutes))


@pytest.mark.parametrize("field", ["attendee_email", "organiser_email"])
@pytest.mark.parametrize(
    "email",
    [
        "",
        "hannah",
        "a@b@c",
        "a@example.org, b@example.org",
        "a b@example.org",
        "a@example.org\r\nX:1",
    ],
)
def test_what_is_not_one_address_is_refused(field, email):
    with pytest.raises(ValueError, match="e-mail"):
        invited(**{field: email})


def test_the_second_of_autumns_hours_is_written_in_utc():
    second = clock.at_london(date(2026, 10, 25), time(1, 30), fold=1)
    ics = invited(starts_at=second, ends_at=second + timedelta(hours=1))

    assert b"DTSTART:20261025T013000Z" in ics
    assert event_of(ics)["DTSTART"].dt.astimezone(UTC) == second


def test_a_single_event_names_nobody_unless_told_to():
    alone = single_event(entry())

    assert b"mailto:" not in alone
    assert b"METHOD" not in alone
    assert event_of(alone)["SUMMARY"] == "Visit F1042"


def test_a_single_event_with_an_organiser_is_published():
    ics = single_event(entry(), "VIG service", "vig@example.org")

    assert Calendar.from_ical(ics)["METHOD"] == "PUBLISH"
    assert event_of(ics)["ORGANIZER"].email == "vig@example.org"
    assert b"ATTENDEE" not in ics


def test_a_feed_of_nothing_is_a_calendar():
    assert Calendar.from_ical(feed([], "Diary", "VIG", "vig@example.org")).walk("VEVENT") == []
