"""What must not be sent is told from what may, whoever wrote it."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.calendars.checks import Broken, check
from app.calendars.invitations import Entry, feed, one_line, single_event
from tests.calendars.made import STAMP, TEN, invited

GOOD = invited()
EVENT = b"SUMMARY:Appointment\r\n"
WHOLE_EVENT = GOOD[GOOD.index(b"BEGIN:VEVENT") : GOOD.index(b"END:VCALENDAR")]


def published():
    return feed([Entry("7", 0, TEN, TEN + timedelta(hours=1), "Visit", STAMP)], "D", "V", "v@x.org")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_what_we_make_is_fit(method):
    check(invited(method=method), method)


@pytest.mark.parametrize(
    "more",
    [{"tentative": True}, {"rsvp": True}, {"location": "Hub; room 2", "description": "a\nb"}],
)
def test_what_else_we_make_is_fit(more):
    check(invited(**more), "REQUEST")


def test_feeds_and_single_files_are_fit():
    check(published(), "PUBLISH")
    check(feed([], "Diary", "VIG", "vig@example.org"), "PUBLISH")
    check(single_event(Entry("7", 0, TEN, TEN + timedelta(hours=1), "Visit", STAMP)), None)


BROKEN = {
    "CR and LF": (b"\r\nSTATUS", b"\nSTATUS"),
    "longer than 75": (EVENT, b"SUMMARY:" + b"a" * 68 + b"\r\n"),
    "does not end": (b"END:VCALENDAR\r\n", b"END:VCALENDAR"),
    "NAME:value": (EVENT, EVENT + b"no colon\r\n"),
    "not UTF-8": (EVENT, b"SUMMARY:\xff\r\n"),
    "not one VCALENDAR": (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nBEGIN:VCARD\r\nEND:VCARD\r\n"),
    "do not end where": (b"END:VEVENT", b"END:VTODO"),
    "METHOD is not REQUEST": (b"METHOD:REQUEST", b"METHOD:PUBLISH"),
    "0 of PRODID": (b"PRODID:-//Appointments//Calendar//EN\r\n", b""),
    "VERSION is not": (b"VERSION:2.0", b"VERSION:1.0"),
    "does not define": (b"DTSTART;TZID=Europe/London", b"DTSTART;TZID=Europe/Paris"),
    "has no time zone": (b"DTEND;TZID=Europe/London", b"DTEND"),
    "DTSTAMP is not in UTC": (b"T112000Z", b"T112000"),
    "0 of DTSTAMP": (b"DTSTAMP:20260316T112000Z\r\n", b""),
    "0 of UID": (b"UID:7-carer-12@example.org\r\n", b""),
    "2 of UID": (EVENT, EVENT + b"UID:8\r\n"),
    "0 of SEQUENCE": (b"SEQUENCE:3\r\n", b""),
    "SEQUENCE is not a number": (b"SEQUENCE:3", b"SEQUENCE:-3"),
    "SUMMARY is empty": (EVENT, b"SUMMARY:\r\n"),
    "no PARTSTAT": (b"PARTSTAT=NEEDS-ACTION;", b""),
    "0 of ORGANIZER": (b'ORGANIZER;CN="Jo at the family office":mailto:jo@example.org\r\n', b""),
    "2 of ORGANIZER": (EVENT, EVENT + b"ORGANIZER:mailto:x@example.org\r\n"),
    "2 of ATTENDEE": (EVENT, EVENT + b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:x@example.org\r\n"),
    "ATTENDEE is its ORGANIZER": (b":mailto:hannah@", b":mailto:Jo@"),
    "ORGANIZER is not one mailto": (b":mailto:jo@example.org", b":mailto:jo"),
    "STATUS does not fit": (b"STATUS:CONFIRMED", b"STATUS:CANCELLED"),
    "lists its changes": (b"TZNAME:BST\r\n", b"TZNAME:BST\r\nRDATE:20260329T010000\r\n"),
    "0 of RRULE": (b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n", b""),
    "one event, and this has 0": (WHOLE_EVENT, b""),
}  # fmt: skip


@pytest.mark.parametrize("words", BROKEN)
def test_what_others_would_read_wrong_is_unfit(words):
    was, now = BROKEN[words]
    assert was in GOOD

    with pytest.raises(Broken, match=words):
        check(GOOD.replace(was, now, 1), "REQUEST")


def test_two_events_or_two_of_one_uid_are_unfit():
    event = WHOLE_EVENT
    twice = GOOD.replace(event, event + event.replace(b"UID:7", b"UID:8"))
    with pytest.raises(Broken, match="one event"):
        check(twice, "REQUEST")
    with pytest.raises(Broken, match="one UID"):
        check(GOOD.replace(event, event + event), "REQUEST")


def test_a_feed_that_names_whom_it_is_for_or_a_bare_duration_is_unfit():
    with pytest.raises(Broken, match="ATTENDEE"):
        check(published().replace(b"TRANSP:OPAQUE\r\n", b"ATTENDEE:mailto:x@y.org\r\n"), "PUBLISH")
    with pytest.raises(Broken, match="DURATION"):
        check(published().replace(b";VALUE=DURATION", b""), "PUBLISH")


HARD = [
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d",
    "مرحبا بكم في مركز الأسرة",
    "a" * 300,
    'Łódź; \\n, "x"',
    "x\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT",
    "\u202etxet",
    "=?utf-8?q?x?=",
    ":;,^n^'",
]
WORDS = st.text(max_size=300) | st.sampled_from(HARD)
SECOND_HOUR = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))


@settings(max_examples=150, deadline=None)
@given(name=WORDS, place=WORDS, summary=WORDS, why=WORDS, starts_at=TIMES, stamp=TIMES,
       minutes=st.integers(1, 24 * 60), sequence=st.integers(0, 10_000),
       method=st.sampled_from(["REQUEST", "CANCEL"]))  # fmt: skip
@example(name="Zoë", place="Hub", summary="x", why="", starts_at=SECOND_HOUR,
         stamp=STAMP, minutes=60, sequence=1, method="REQUEST")  # fmt: skip
def test_whatever_comes_in_is_fit_and_read_back_as_it_was(
    name, place, summary, why, starts_at, stamp, minutes, sequence, method
):
    starts_at, stamp = starts_at.replace(microsecond=0), stamp.replace(microsecond=0)
    summary = f"Appointment {summary}"
    ics = invited(
        attendee_name=name, organiser_name=name, location=place, summary=summary, description=why,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), stamp=stamp,
        sequence=sequence, method=method,
    )  # fmt: skip

    check(ics, method)

    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event["DTEND"].dt.astimezone(UTC) == starts_at + timedelta(minutes=minutes)
    assert (event["DTSTAMP"].dt, event["SEQUENCE"]) == (stamp, sequence)
    assert event["SUMMARY"] == one_line(summary)
    assert event.get("LOCATION", "") == one_line(place)
    assert event["ATTENDEE"].params.get("CN", "") == one_line(name).replace('"', "'")

    other = vobject.readOne(ics.decode()).vevent
    assert other.dtstart.value.astimezone(UTC) == starts_at
    assert other.dtend.value.astimezone(UTC) == starts_at + timedelta(minutes=minutes)
    assert other.summary.value == one_line(summary)
    assert getattr(getattr(other, "location", None), "value", "") == one_line(place)
    assert other.attendee.value == "mailto:hannah@example.org"
