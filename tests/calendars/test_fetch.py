"""Fetching a calendar from a server that this test runs: over TLS, by name, and no further."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from app.calendars import fetch as fetching
from app.calendars.addresses import Unreadable
from app.calendars.fetch import Fetched, Way, fetch
from tests.standins.calendar_server import HOST, LOOPBACK, Server, believing, says, sends, serving

BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
HOSTS = frozenset({HOST, "other.example.org"})
ADDRESS = f"https://{HOST}/own.ics?a=1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return believing(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/own.ics": says(BODY, ETag='"a"', Last_Modified="yesterday")}) as made:
        yield made


@pytest.fixture
def read(server: Server, authority: Path) -> Callable[..., Fetched]:
    def get(address: str = ADDRESS, way: Way | None = None, **kept: Any) -> Fetched:
        return fetch(address, HOSTS, way=way or server.way(believe=authority), **kept)

    return get


Read = Callable[..., Fetched]


def test_a_calendar_is_fetched_with_what_says_whether_it_changed(
    server: Server, read: Read
) -> None:
    assert read() == Fetched(BODY, '"a"', "yesterday")


def test_the_server_is_asked_by_its_name(server: Server, read: Read) -> None:
    read()

    ((path, headers),) = server.asked
    assert path == "/own.ics?a=1"
    assert headers["Host"] == HOST
    assert headers["Accept-Encoding"] == "identity"
    assert server.names == [HOST]
    assert "Cookie" not in headers


def test_what_did_not_change_is_not_sent_again(server: Server, read: Read) -> None:
    server.pages["/own.ics"] = says(b"", 304, ETag='"a"')

    assert read(etag='"a"', modified="yesterday") == Fetched(None, '"a"', None)
    headers = server.asked[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"a"', "yesterday")


def test_nothing_changed_is_no_answer_where_nobody_asked_whether(
    server: Server, read: Read
) -> None:
    server.pages["/own.ics"] = says(b"", 304, ETag='"a"')

    with pytest.raises(Unreadable, match="nothing changed, which was not asked"):
        read()


def test_proxies_of_the_environment_are_not_asked(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert read().body == BODY


def test_without_leave_this_machine_is_not_reached(server: Server, read: Read) -> None:
    way = replace(server.way(), may_reach=Way().may_reach)

    with pytest.raises(Unreadable, match="not on the public internet"):
        read(way=way)
    assert server.names == []


@pytest.mark.parametrize("inside", ["10.0.0.7", "169.254.169.254", "::1", "::ffff:10.0.0.7"])
def test_one_address_inside_the_network_refuses_all(
    server: Server, read: Read, inside: str
) -> None:
    with pytest.raises(Unreadable, match="not on the public internet"):
        read(way=server.way(LOOPBACK, inside))
    assert server.names == []


def test_a_name_is_resolved_once_and_the_judged_address_is_the_one_reached(
    server: Server, read: Read, authority: Path
) -> None:
    answers = iter([[LOOPBACK], ["10.0.0.7"]])
    way = replace(server.way(believe=authority), resolve=lambda _host: next(answers))

    assert read(way=way).body == BODY
    assert next(answers) == ["10.0.0.7"]  # nobody asked a second time


def test_a_certificate_for_another_name_is_refused(authority: Path) -> None:
    with serving({"/own.ics": says(BODY)}, name="other.example.org") as other:
        with pytest.raises(Unreadable, match="did not prove"):
            fetch(ADDRESS, HOSTS, way=other.way(believe=authority))
        assert other.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server, read: Read) -> None:
    with pytest.raises(Unreadable, match="did not prove"):
        read(way=server.way())
    assert server.asked == []


def test_a_redirect_on_the_same_host_is_followed(server: Server, read: Read) -> None:
    server.pages |= {"/own.ics": sends("/new.ics", 301), "/new.ics": says(BODY)}

    assert read().body == BODY
    assert server.names == [HOST, HOST]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("https://elsewhere.example.org/own.ics", "A manager can add one"),
        ("//169.254.169.254/latest/meta-data/", "A manager can add one"),
        ("http://calendar.example.org/own.ics", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("https://calendar.example.org:22/", "no name, password or port"),
        ("/own.ics", "leads on and on"),
        ("https://[::1", "something that is no address"),
    ],
)
def test_a_redirect_is_an_address_like_any_other(
    server: Server, read: Read, to: str, why: str
) -> None:
    server.pages["/own.ics"] = sends(to)

    with pytest.raises(Unreadable, match=why):
        read()
    assert len(server.asked) == (4 if to == "/own.ics" else 1)


def test_a_redirect_to_another_allowed_host_is_judged_anew(
    server: Server, read: Read, authority: Path
) -> None:
    server.pages["/own.ics"] = sends("https://other.example.org/own.ics")
    stands_for = {HOST: [LOOPBACK], "other.example.org": ["192.168.0.9"]}
    way = replace(server.way(believe=authority), resolve=stands_for.__getitem__)

    with pytest.raises(Unreadable, match="not on the public internet"):
        read(way=way)


@pytest.mark.parametrize(
    ("status", "why"),
    [(404, r"not published at this address any more \(404\)"), (403, "not published"),
     (410, "not published"), (500, r"answered with an error \(500\)"), (429, "error"),
     (204, "error"), (302, "error")],
)  # fmt: skip
def test_what_the_server_says_is_said_in_words(
    server: Server, read: Read, status: int, why: str
) -> None:
    server.pages["/own.ics"] = says(b"", status)

    with pytest.raises(Unreadable, match=why):
        read()


def test_what_comes_compressed_is_not_unpacked(server: Server, read: Read) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    server.pages["/own.ics"] = says(bomb, Content_Encoding="gzip")

    with pytest.raises(Unreadable, match="compressed"):
        read()


def test_two_megabytes_are_enough_whatever_was_announced(server: Server, read: Read) -> None:
    server.pages["/own.ics"] = says(BODY + b" " * 2_000_000)

    with pytest.raises(Unreadable, match="larger than 2 MB"):
        read()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def test_a_body_without_an_end_is_cut_by_counting(server: Server, read: Read) -> None:
    server.pages["/own.ics"] = endless

    with pytest.raises(Unreadable, match="larger than 2 MB"):
        read()


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(BODY)


def test_a_server_that_stops_halfway_has_not_answered(server: Server, read: Read) -> None:
    server.pages["/own.ics"] = half

    with pytest.raises(Unreadable, match="could not be reached"):
        read()


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def test_a_body_in_drips_ends_with_the_time(
    server: Server, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/own.ics"] = dripping
    monkeypatch.setattr(fetching, "SECONDS", 0.3)

    begun = time.monotonic()
    with pytest.raises(Unreadable, match="longer than"):
        read()
    assert time.monotonic() - begun < 2


def test_a_server_that_says_nothing_is_not_waited_for(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    with socket.create_server((LOOPBACK, 0)) as silent:
        way = Server(silent.getsockname()[1], {}).way(believe=authority)
        with pytest.raises(Unreadable, match="longer than"):
            fetch(ADDRESS, HOSTS, way=way)


def nothing_known(_host: str) -> list[str]:
    raise socket.gaierror(-2, "Name or service not known")


def test_a_host_that_nobody_knows(server: Server, read: Read) -> None:
    with pytest.raises(Unreadable, match="could not be reached"):
        read(way=replace(server.way(), resolve=nothing_known))


def test_the_next_address_is_tried_where_the_first_does_not_answer(
    server: Server, read: Read, authority: Path
) -> None:
    way = replace(server.way("127.0.0.9", LOOPBACK, believe=authority), may_reach=lambda _: True)

    with pytest.raises(Unreadable, match="could not be reached"):
        read(way=replace(way, resolve=lambda _host: ["127.0.0.1"], port=1))
    assert read(way=replace(way, resolve=lambda _host: [LOOPBACK])).body == BODY


def test_no_answer_tells_the_address(server: Server, read: Read) -> None:
    server.pages["/own.ics"] = says(b"", 404)

    with pytest.raises(Unreadable) as refused:
        read()
    assert "own.ics" not in str(refused.value)
