"""Reading a calendar in a child process of its own: the whole way over TLS, and what stops it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from app.calendars.busy import Busy
from app.calendars.fetch import TOO_LONG
from app.calendars.reading import GAVE_UP, Job, Reading, read_calendar
from tests.standins.calendar_server import HOST, Page, Server, believing, says, serving

CHILD, MISFIT = "tests.standins.calendar_child", "tests.standins.calendar_misfit"
FIRST, UNTIL = datetime(2026, 11, 23, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)
BODY = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Dentist\r\nDTSTART:20261201T100000Z\r\n"
    "DTEND:20261201T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
TEN = Busy(datetime(2026, 12, 1, 10, tzinfo=UTC), datetime(2026, 12, 1, 11, tzinfo=UTC), None)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SSL_CERT_FILE", str(believing(tmp_path)))
    with serving({"/own.ics": says(BODY, ETag='"a"')}) as made:
        yield made


def job(server: Server, more: str = "", **changed: Any) -> Job:
    address = f"https://{HOST}/own.ics?port={server.port}{more}"
    return Job(address, frozenset({HOST}), FIRST, UNTIL, **changed)


def raw(*lines: str) -> Page:
    """An answer as it stands, headers and all."""
    return lambda handler: handler.wfile.write("\r\n".join([*lines, "", BODY]).encode("latin-1"))


def trying(what: str, seconds: float = 10) -> str | None:
    asked = Job(f"https://{HOST}/{what}", frozenset(), FIRST, UNTIL)
    return read_calendar(asked, program=MISFIT, seconds=seconds).failure


def test_the_busy_times_come_back_and_no_title(server: Server) -> None:
    reading = read_calendar(job(server), program=CHILD)

    assert reading == Reading(busy=(TEN,), etag='"a"')
    assert "Dentist" not in repr(reading)


def test_that_nothing_changed_comes_back(server: Server) -> None:
    server.pages["/own.ics"] = says(b"", 304)

    assert read_calendar(job(server, etag='"a"'), program=CHILD) == Reading()
    assert server.asked[0][1]["If-None-Match"] == '"a"'


@pytest.mark.parametrize(
    "etag",
    ['"a\0b"', '"\xe9"', '"a\r\n b"', f'"{"a" * 200}"'],
    ids=["nul", "latin", "folded", "long"],
)
def test_what_no_header_or_column_holds_is_not_kept(server: Server, etag: str) -> None:
    server.pages["/own.ics"] = raw("HTTP/1.1 200 OK", f"ETag: {etag}", "Last-Modified: \0")

    assert read_calendar(job(server), program=CHILD) == Reading(busy=(TEN,))


def test_why_not_comes_back_in_words(server: Server) -> None:
    server.pages["/own.ics"] = says("<html>", 200)

    failure = read_calendar(job(server), program=CHILD).failure
    assert failure is not None
    assert "Copy the ICS link" in failure


def test_the_child_of_the_service_never_reaches_this_machine(server: Server) -> None:
    inside = Job("https://localhost/own.ics", frozenset({"localhost"}), FIRST, UNTIL)

    failure = read_calendar(inside).failure
    assert failure is not None
    assert "not on the public internet" in failure
    assert server.names == []


def test_a_calendar_that_takes_too_much_to_work_out_is_given_up(server: Server) -> None:
    daily = "DTSTART:00010101T000000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
    events = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{daily}" for n in range(50))
    server.pages["/own.ics"] = says(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")

    reading = read_calendar(job(server, "&processor=1"), program=CHILD)

    assert reading == Reading(failure=GAVE_UP)


def hidden_drips(handler: BaseHTTPRequestHandler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_headers_without_an_end_are_given_up_with_the_time(server: Server) -> None:
    server.pages["/own.ics"] = hidden_drips

    assert read_calendar(job(server, "&seconds=0.4"), program=CHILD).failure == TOO_LONG
    assert read_calendar(job(server), program=CHILD, seconds=1).failure == GAVE_UP


@pytest.mark.parametrize(
    ("what", "expected"),
    [("memory", "no memory"), ("file", "no file"), ("chatter", GAVE_UP), ("odd", GAVE_UP),
     ("missing", GAVE_UP)],
)  # fmt: skip
def test_the_child_has_no_more_than_it_was_given(what: str, expected: str) -> None:
    assert trying(what) == expected


@pytest.mark.parametrize("what", ["backwards", "long-ago", "many", "unspeakable", "unnamed"])
def test_times_that_nobody_asked_for_are_no_answer(what: str) -> None:
    assert trying(what) == GAVE_UP


def test_the_child_is_never_waited_for_longer_than_its_time() -> None:
    assert trying("sleep", seconds=1) == GAVE_UP


def test_the_child_has_none_of_our_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "TWILIO_AUTH_TOKEN", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "secret")

    kept = (trying("environment") or "").split()

    assert set(kept) <= {"SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "LC_CTYPE"}


def test_a_child_that_cannot_be_started_is_a_failure_like_any_other() -> None:
    asked = Job(f"https://{HOST}/x", frozenset(), FIRST, UNTIL)

    assert read_calendar(asked, program="tests.no_such_program").failure == GAVE_UP
