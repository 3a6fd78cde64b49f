"""Fetching one calendar over https, with limits on where, how much and how long.

The name is resolved once, every address that it stands for is judged, and the connection goes to
one of those very addresses, so a name that changes its mind in between reaches nothing. A redirect
is another address, judged like the first. Proxies of the environment are not asked.
"""

import socket
import ssl
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urljoin

from app.calendars.addresses import Address, Unreadable, is_public, read_address

MOST_BYTES = 2_000_000
MOST_HOPS = 3
SECONDS = 15.0  # for all of it, from the first name to the last byte
PATIENCE = 5.0  # for any one answer on the way
CHUNK = 65_536
MOVED = (301, 302, 303, 307, 308)
GONE = (401, 403, 404, 410)

TOO_LONG = f"The calendar’s server took longer than {SECONDS:g} seconds to answer."
NO_ANSWER = "The calendar’s server could not be reached."
SAID_NOTHING = "The calendar’s server says that nothing changed, which was not asked."


def resolve(host: str) -> Sequence[str]:
    """The numeric addresses of a host, each once."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Way:
    """How hosts are reached: what a name stands for, which addresses may be connected to, on which
    port, and whose certificates are believed. Tests give their own."""

    resolve: Callable[[str], Sequence[str]] = resolve
    may_reach: Callable[[str], bool] = is_public
    port: int = 443
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context


@dataclass(frozen=True)
class Fetched:
    """What the server answered. `body` None: nothing changed since the validators were given."""

    body: bytes | None
    etag: str | None
    modified: str | None


def fetch(
    typed: str,
    hosts: Collection[str],
    *,
    etag: str | None = None,
    modified: str | None = None,
    way: Way | None = None,
) -> Fetched:
    """The calendar at an address, or Unreadable with why not. `etag` and `modified` are what the
    server said of the copy that is there already."""
    way = way or Way()
    deadline = time.monotonic() + SECONDS
    headers = {
        "User-Agent": "calendar-reader",
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    address = read_address(typed, hosts)
    for _ in range(MOST_HOPS + 1):
        answer = ask(address, headers, way, deadline)
        if isinstance(answer, Fetched):
            if answer.body is None and not (etag or modified):
                raise Unreadable(SAID_NOTHING)
            return answer
        address = read_address(leads_to(address, answer), hosts)
    raise Unreadable("The calendar’s address leads on and on to other addresses.")


def leads_to(address: Address, location: str) -> str:
    """Where a redirect leads, as an address to be judged; Unreadable where it is none."""
    try:
        return urljoin(address.url, location)
    except ValueError:
        raise Unreadable("The calendar’s address leads to something that is no address.") from None


def ask(address: Address, headers: dict[str, str], way: Way, deadline: float) -> Fetched | str:
    """One request: what was fetched, or where the server says that it is."""
    try:
        with connect(address.host, way, deadline) as secured:
            connection = HTTPConnection(address.host)
            connection.sock = secured
            connection.request("GET", address.target, headers={"Host": address.host, **headers})
            secured.settimeout(patience(deadline))
            with connection.getresponse() as response:
                return answered(response, secured, deadline)
    except ssl.SSLCertVerificationError:
        raise Unreadable("The calendar’s server did not prove that it is who it says.") from None
    except TimeoutError:
        raise Unreadable(TOO_LONG) from None
    except (OSError, HTTPException):
        raise Unreadable(NO_ANSWER) from None


def connect(host: str, way: Way, deadline: float) -> ssl.SSLSocket:
    """A connection to one of the addresses that the host's name stands for now, all of which must
    be public; its certificate is the name's."""
    try:
        addresses = way.resolve(host)
    except (OSError, UnicodeError):
        raise Unreadable(NO_ANSWER) from None
    if not addresses or not all(way.may_reach(each) for each in addresses):
        raise Unreadable("The calendar’s server is not on the public internet, so it is not read.")
    plain = reached(addresses, way.port, deadline)
    try:
        return way.context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def reached(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first of the addresses that answers."""
    *others, last = addresses
    for each in others:
        with suppress(OSError):
            return socket.create_connection((each, port), timeout=patience(deadline))
    return socket.create_connection((last, port), timeout=patience(deadline))


def answered(response: HTTPResponse, secured: socket.socket, deadline: float) -> Fetched | str:
    """The body of an answer, counted as it comes; or its Location."""
    kept = response.headers.get("ETag"), response.headers.get("Last-Modified")
    if response.status == 304:
        return Fetched(None, *kept)
    location = response.headers.get("Location")
    if response.status in MOVED and location:
        return location
    if response.status in GONE:
        raise Unreadable(
            f"The calendar is not published at this address any more ({response.status}). "
            "Publish it again and paste the new address."
        )
    if response.status != 200:
        raise Unreadable(f"The calendar’s server answered with an error ({response.status}).")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Unreadable("The calendar came compressed, which was not asked for.")
    return Fetched(body_of(response, secured, deadline), *kept)


def body_of(response: HTTPResponse, secured: socket.socket, deadline: float) -> bytes:
    """All of the body; a server that stops halfway has not answered."""
    body = bytearray()
    while True:
        secured.settimeout(patience(deadline))
        part = response.read1(CHUNK)
        body += part
        if len(body) > MOST_BYTES:
            raise Unreadable(f"The calendar is larger than {MOST_BYTES // 1_000_000} MB.")
        if not part:
            break
    if response.length:
        raise Unreadable(NO_ANSWER)
    return bytes(body)


def patience(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(PATIENCE, left)
