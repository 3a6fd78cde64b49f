"""The busy times of a calendar as a table: its events, and when somebody is busy."""

from datetime import UTC, datetime

import pytest

from app import clock
from app.calendars.addresses import Unreadable
from app.calendars.busy import busy_times

FIRST, UNTIL = datetime(2026, 11, 23, tzinfo=UTC), datetime(2027, 4, 5, tzinfo=UTC)
TEN = "DTSTART:20261201T100000Z|DTEND:20261201T110000Z"
OURS = "0b8ad9d0-7a3c-4c9a-9a43-2c1a7f9e1f11"


def calendar(*events: str, more: str = "") -> bytes:
    """Events as their lines with | between, each with a UID of its own unless it has one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *more.split("|")]
    for number, event in enumerate(events):
        own = [] if "UID:" in event else [f"UID:{number}@example.org"]
        lines += ["BEGIN:VEVENT", *own, *event.split("|"), "END:VEVENT"]
    return "\r\n".join([line for line in lines if line] + ["END:VCALENDAR", ""]).encode()


def busy(*events: str, more: str = "") -> str:
    """'Tue 1 Dec 10:00-11:00' in London wall time for each busy time."""
    return ", ".join(
        f"{clock.london(one.starts_at):%a %-d %b %H:%M}-{clock.london(one.ends_at):%H:%M}"
        for one in busy_times(calendar(*events, more=more), FIRST, UNTIL)
    )


LONDON_RULES = (
    "BEGIN:VTIMEZONE|TZID:Own/Zone|BEGIN:STANDARD|TZOFFSETFROM:-0500|TZOFFSETTO:-0500|"
    "DTSTART:19700101T000000|END:STANDARD|END:VTIMEZONE"
)
MONTHLY = "RRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=3"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        # how a time is said
        (TEN, "Tue 1 Dec 10:00-11:00"),
        ("DTSTART:20261201T100000Z|DURATION:PT90M", "Tue 1 Dec 10:00-11:30"),
        (
            "DTSTART;TZID=Europe/London:20270401T100000|DTEND;TZID=Europe/London:20270401T110000",
            "Thu 1 Apr 10:00-11:00",
        ),
        (
            "DTSTART;TZID=GMT Standard Time:20270401T100000|DURATION:PT1H",
            "Thu 1 Apr 10:00-11:00",
        ),
        ("DTSTART;TZID=America/New_York:20261201T100000|DURATION:PT1H", "Tue 1 Dec 15:00-16:00"),
        # without a zone it is the reader's own time, and a zone that nobody knows is none
        ("DTSTART:20270401T100000|DTEND:20270401T110000", "Thu 1 Apr 10:00-11:00"),
        ("DTSTART;TZID=Somewhere:20270401T100000|DURATION:PT1H", "Thu 1 Apr 10:00-11:00"),
        # whole days are London's, from midnight to midnight
        ("DTSTART;VALUE=DATE:20261201", "Tue 1 Dec 00:00-00:00"),
        ("DTSTART;VALUE=DATE:20261201|DTEND;VALUE=DATE:20261203", "Tue 1 Dec 00:00-00:00"),
        ("DTSTART;VALUE=DATE:20270328|DTEND;VALUE=DATE:20270329", "Sun 28 Mar 00:00-00:00"),
        # no length, no time
        ("DTSTART:20261201T100000Z", ""),
        ("DTSTART:20261201T100000Z|DTEND:20261201T100000Z", ""),
        # what makes busy
        (f"{TEN}|TRANSP:OPAQUE", "Tue 1 Dec 10:00-11:00"),
        (f"{TEN}|TRANSP:TRANSPARENT", ""),
        (f"{TEN}|STATUS:CANCELLED", ""),
        (f"{TEN}|STATUS:TENTATIVE", "Tue 1 Dec 10:00-11:00"),
        (f"{TEN}|X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "Tue 1 Dec 10:00-11:00"),
        (f"{TEN}|X-MICROSOFT-CDO-BUSYSTATUS:OOF", "Tue 1 Dec 10:00-11:00"),
        (f"{TEN}|X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "Tue 1 Dec 10:00-11:00"),
        (f"{TEN}|X-MICROSOFT-CDO-BUSYSTATUS:FREE", ""),
        (f"{TEN}|X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", ""),
        # what repeats, across the clock change of 28 March by the wall
        (
            "DTSTART;TZID=Europe/London:20270315T090000|DURATION:PT1H|"
            "RRULE:FREQ=WEEKLY;UNTIL=20270401T000000Z",
            "Mon 15 Mar 09:00-10:00, Mon 22 Mar 09:00-10:00, Mon 29 Mar 09:00-10:00",
        ),
        (
            "DTSTART:20270326T090000|DURATION:PT1H|RRULE:FREQ=DAILY;INTERVAL=2;COUNT=3",
            "Fri 26 Mar 09:00-10:00, Sun 28 Mar 09:00-10:00, Tue 30 Mar 09:00-10:00",
        ),
        (
            f"{TEN}|{MONTHLY}",
            "Tue 1 Dec 10:00-11:00, Tue 5 Jan 10:00-11:00, Tue 2 Feb 10:00-11:00",
        ),
        (f"{TEN}|{MONTHLY}|EXDATE:20270105T100000Z",
         "Tue 1 Dec 10:00-11:00, Tue 2 Feb 10:00-11:00"),
        # a rule that ends on a date holds on that date
        (f"{TEN}|RRULE:FREQ=DAILY;UNTIL=20261202", "Tue 1 Dec 10:00-11:00, Wed 2 Dec 10:00-11:00"),
        (
            "DTSTART;TZID=Europe/London:20261201T100000|DURATION:PT1H|"
            "RRULE:FREQ=DAILY;UNTIL=20261202",
            "Tue 1 Dec 10:00-11:00, Wed 2 Dec 10:00-11:00",
        ),
        (f"{TEN}|RDATE:20261203T100000Z", "Tue 1 Dec 10:00-11:00, Thu 3 Dec 10:00-11:00"),
        # began long ago, and goes on
        (
            "DTSTART:20100105T100000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5",
            "Tue 5 Jan 10:00-11:00",
        ),
        # over before, begins after, and cut at both ends
        ("DTSTART:20261122T100000Z|DURATION:PT1H", ""),
        ("DTSTART:20270405T000000Z|DURATION:PT1H", ""),
        ("DTSTART:20200101T000000Z|DTEND:20300101T000000Z", "Mon 23 Nov 00:00-01:00"),
    ],
)  # fmt: skip
def test_when_somebody_is_busy(event: str, expected: str) -> None:
    assert busy(event) == expected


def test_a_zone_of_the_calendars_own() -> None:
    event = "DTSTART;TZID=Own/Zone:20261201T100000|DURATION:PT1H"

    assert busy(event, more=LONDON_RULES) == "Tue 1 Dec 15:00-16:00"


OUTLOOK = (
    "BEGIN:VTIMEZONE|TZID:GMT Standard Time|BEGIN:STANDARD|DTSTART:16010101T020000|"
    "TZOFFSETFROM:+0100|TZOFFSETTO:+0000|RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10|"
    "END:STANDARD|BEGIN:DAYLIGHT|DTSTART:16010101T010000|TZOFFSETFROM:+0000|TZOFFSETTO:+0100|"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3|END:DAYLIGHT|END:VTIMEZONE"
)


def test_a_series_as_outlook_publishes_it() -> None:
    zone = "TZID=GMT Standard Time"
    series = (
        "RRULE:FREQ=WEEKLY;UNTIL=20270405T080000Z;INTERVAL=1;BYDAY=MO;WKST=MO|"
        f"EXDATE;{zone}:20270322T090000,20261130T090000|SUMMARY;LANGUAGE=en-GB:Busy|"
        f"DTSTART;{zone}:20261109T090000|DTEND;{zone}:20261109T093000|CLASS:PUBLIC|PRIORITY:5|"
        "DTSTAMP:20261101T000000Z|TRANSP:OPAQUE|STATUS:CONFIRMED|SEQUENCE:0|"
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0|X-MICROSOFT-CDO-BUSYSTATUS:BUSY|"
        "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE|X-MICROSOFT-DISALLOW-COUNTER:FALSE"
    )
    found = busy(f"UID:s|{series}", more=OUTLOOK).split(", ")

    assert found[:2] == ["Mon 23 Nov 09:00-09:30", "Mon 7 Dec 09:00-09:30"]
    assert found[-2:] == ["Mon 15 Mar 09:00-09:30", "Mon 29 Mar 09:00-09:30"]
    assert len(found) == 17


def test_a_series_as_google_publishes_it() -> None:
    lunch = (
        "DTSTART:20261123T120000Z|DTEND:20261123T123000Z|"
        "RRULE:FREQ=WEEKLY;UNTIL=20270404T225959Z;BYDAY=MO|SUMMARY:Busy|STATUS:CONFIRMED"
    )
    found = busy(lunch, more="X-WR-CALNAME:Tamsin|X-WR-TIMEZONE:Europe/London").split(", ")

    assert found[-1] == "Mon 29 Mar 12:00-12:30"


def test_the_repeated_hour_is_as_long_as_it_is() -> None:
    # 31 October 2027 has 25 hours; the event spans the hour that clocks show twice.
    body = calendar("DTSTART;TZID=Europe/London:20271031T003000|"
                    "DTEND;TZID=Europe/London:20271031T023000")  # fmt: skip
    (one,) = busy_times(body, FIRST, datetime(2027, 12, 1, tzinfo=UTC))

    assert (one.ends_at - one.starts_at).total_seconds() == 3 * 3600


def test_one_of_a_series_is_moved_another_cancelled() -> None:
    series = f"UID:s|{TEN}|RRULE:FREQ=DAILY;COUNT=4"
    moved = "UID:s|RECURRENCE-ID:20261202T100000Z|DTSTART:20261202T140000Z|DTEND:20261202T150000Z"
    gone = (
        "UID:s|RECURRENCE-ID:20261203T100000Z|DTSTART:20261203T100000Z|"
        "DTEND:20261203T110000Z|STATUS:CANCELLED"
    )

    assert busy(series, moved, gone) == (
        "Tue 1 Dec 10:00-11:00, Wed 2 Dec 14:00-15:00, Fri 4 Dec 10:00-11:00"
    )


def test_two_events_under_one_uid_are_both_busy_unless_one_is_newer() -> None:
    first, second = f"UID:s|{TEN}", "UID:s|DTSTART:20261202T100000Z|DURATION:PT1H"

    assert busy(first, second) == "Tue 1 Dec 10:00-11:00, Wed 2 Dec 10:00-11:00"
    assert busy(first, f"{second}|SEQUENCE:1") == "Wed 2 Dec 10:00-11:00"


def test_a_calendar_of_free_and_busy_alone() -> None:
    more = (
        "BEGIN:VFREEBUSY|UID:f|FREEBUSY;FBTYPE=BUSY:20261201T100000Z/PT1H,20261202T100000Z/"
        "20261202T120000Z|FREEBUSY;FBTYPE=FREE:20261203T100000Z/PT1H|FREEBUSY:20261204T100000Z/PT1H"
        "|END:VFREEBUSY"
    )

    assert busy(more=more) == (
        "Tue 1 Dec 10:00-11:00, Wed 2 Dec 10:00-12:00, Fri 4 Dec 10:00-11:00"
    )


def test_the_same_time_counts_once() -> None:
    assert busy(TEN, TEN) == "Tue 1 Dec 10:00-11:00"


def test_an_event_that_came_from_here_says_of_which_appointment() -> None:
    wrapped = (
        b"\x04\x00\x00\x00\x82\x00\xe0\x00t\xc5\xb7\x10\x1a\x82\xe0\x08" + b"\0" * 20
        + b"\x30\0\0\0vCal-Uid\x01\0\0\0" + f"{OURS}-s3".encode() + b"\0"
    ).hex()  # fmt: skip
    uids = [f"{OURS}-s3", wrapped.upper(), OURS, f"{OURS}-c3", "040000008200E00074C5B7101A82E0080"]
    events = [
        f"UID:{uid}|DTSTART:2026120{n}T100000Z|DURATION:PT1H" for n, uid in enumerate(uids, start=1)
    ]

    found = busy_times(calendar(*events), FIRST, UNTIL)

    assert [one.ours for one in found] == [f"{OURS}-s3", f"{OURS}-s3", None, None, None]


def test_a_mark_before_the_first_letter_is_no_matter() -> None:
    assert len(busy_times(b"\xef\xbb\xbf\n" + calendar(TEN), FIRST, UNTIL)) == 1


ENDLESS = [
    "RRULE:FREQ=SECONDLY",
    "RRULE:FREQ=MINUTELY;COUNT=3",
    "RRULE:FREQ=HOURLY;INTERVAL=24",
    "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=DAILY;INTERVAL=0",
    "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2;BYSECOND=1,2",
    "RRULE:INTERVAL=1",
    "EXRULE:FREQ=SECONDLY",
]


@pytest.mark.parametrize("rule", ENDLESS)
def test_what_repeats_more_than_daily_is_refused_before_it_repeats(rule: str) -> None:
    with pytest.raises(Unreadable, match="more often than once a day"):
        busy(f"{TEN}|{rule}")


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("SUMMARY:no time at all", "cannot be made out"),
        ("DTSTART:rubbish|DTEND:20261201T110000Z", "cannot be made out"),
        (f"{TEN}|RRULE:FREQ=DAILY;UNTIL=rubbish", "cannot be made out"),
        (f"{TEN}|RRULE:FREQ=DAILY;BYDAY=XX", "cannot be made out"),
        ("DTSTART:00010101T000000Z|DTEND:99991231T000000Z", "cannot be made out"),
        (f"{TEN}|RDATE:{','.join(['20261203T100000Z'] * 5001)}", "more than 5000"),
    ],
)
def test_half_a_calendar_is_never_read_as_free(event: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        busy("DTSTART:20261202T100000Z|DURATION:PT1H", event)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not a calendar"),
        (b"<!DOCTYPE html><title>Calendar</title>", "not a calendar"),
        (b"BEGIN:VCALENDARS\nEND:VCALENDAR", "not a calendar"),
        (b"/etc/passwd", "not a calendar"),
        (calendar(TEN)[:-20], "breaks off"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR", "not a calendar"),
        (calendar(TEN).replace(b"END:VEVENT\r\n", b""), "not a calendar"),
        (calendar(TEN).replace(b"END:VEVENT\r\n", b"") + calendar(TEN), "not a calendar"),
        (calendar(TEN, more="BEGIN:VTIMEZONE|TZID:a|TZID:b|END:VTIMEZONE"), "not a calendar"),
        (calendar(*[TEN] * 5001), "more than 5000"),
        (calendar(*[f"{TEN}|RRULE:FREQ=DAILY"] * 60), ""),
    ],
    ids=["empty", "page", "almost", "path", "half", "crooked", "open", "two", "zone", "many",
         "daily"],
)  # fmt: skip
def test_what_is_not_a_calendar_or_too_much_of_one(body: bytes, why: str) -> None:
    if not why:
        assert len(busy_times(body, FIRST, UNTIL)) == 125
        return
    with pytest.raises(Unreadable, match=why):
        busy_times(body, FIRST, UNTIL)


def test_more_occurrences_than_can_be_kept_are_refused() -> None:
    each = [
        f"DTSTART:20261123T{n // 60:02}{n % 60:02}00Z|DURATION:PT1M|RRULE:FREQ=DAILY"
        for n in range(45)
    ]
    with pytest.raises(Unreadable, match="more than 5000"):
        busy(*each)


def test_deep_nesting_does_no_harm() -> None:
    deep = "|".join(["BEGIN:VEVENT", TEN] * 300 + ["END:VEVENT"] * 300)
    busy_times(calendar(more=deep), FIRST, UNTIL)
