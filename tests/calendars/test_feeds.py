from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations

import pytest
import recurring_ical_events
from icalendar import Calendar

from app import clock
from app.calendars.invitations import Entry, feed

STAMP = datetime(2026, 3, 16, 11, 20, tzinfo=UTC)
DAYS = [date(2026, 3, 27), date(2026, 3, 30), date(2026, 10, 23), date(2026, 10, 26)]


def visit(day, number=1, **more):
    starts_at = clock.at_london(day, time(10))
    return Entry(
        uid=f"{number}-staff-2@example.org",
        sequence=1,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        summary="Visit F1042",
        stamp=STAMP,
        **more,
    )


VISITS = [visit(day, number) for number, day in enumerate(DAYS)]


def published(entries):
    return feed(entries, "Diary", "VIG service", "vig@example.org")


def test_the_head_says_how_often_to_read_it():
    head = published([]).split(b"BEGIN:VTIMEZONE")[0].decode().split("\r\n")

    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Appointments//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Diary",
        "X-WR-CALNAME:Diary",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "",
    ]


def test_ten_o_clock_stays_ten_o_clock_across_the_clock_changes():
    read = recurring_ical_events.of(Calendar.from_ical(published(VISITS))).between(
        date(2026, 1, 1), date(2027, 1, 1)
    )

    starts = sorted(event["DTSTART"].dt.astimezone(UTC) for event in read)
    assert [start.date() for start in starts] == DAYS
    assert [start.hour for start in starts] == [10, 9, 9, 10]


def test_its_zone_is_the_one_that_outlook_reads_right():
    zones = Calendar.from_ical(published(VISITS)).timezones

    assert [zone.tz_name for zone in zones] == ["Europe/London"]
    assert b"RDATE" not in published(VISITS)
    zone = zones[0].to_tz(lookup_tzid=False)
    for year in (2026, 2030, 2045):
        for day in range(0, 366, 5):
            at = datetime(year, 1, 1, 12) + timedelta(days=day)
            assert zone.utcoffset(at) == clock.LONDON.utcoffset(at)


def test_the_same_rows_make_the_same_bytes():
    assert len({published(order) for order in permutations(VISITS)}) == 1


def test_a_change_makes_other_bytes():
    moved = visit(DAYS[0], 0, location="Truro")

    assert published([moved, *VISITS[1:]]) != published(VISITS)


def test_nobody_is_invited_and_everything_is_private():
    ics = published(VISITS)

    assert b"ATTENDEE" not in ics
    assert ics.count(b"CLASS:PRIVATE") == len(VISITS)
    assert ics.count(b"ORGANIZER") == len(VISITS)
    assert ics.count(b"UID:") == len(VISITS)  # none of the calendar's own: it would be random


def test_a_cancelled_visit_stays_and_takes_no_time():
    (event,) = Calendar.from_ical(published([visit(DAYS[0], cancelled=True)])).walk("VEVENT")

    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


def test_a_visit_without_a_zone_is_refused():
    naive = datetime(2026, 3, 27, 10)

    with pytest.raises(ValueError, match="zone"):
        published([Entry("1@example.org", 0, naive, naive + timedelta(hours=1), "Visit", STAMP)])
