"""Which addresses of calendars may be fetched at all, and which machines are reached for it.

Pure. A calendar's address is typed by a person, so it may point anywhere: into the council's
network, at the machine itself, at a cloud's metadata. It is fetched only from a host on a list
that managers keep, and only where every address that the host's name stands for is a public one
(reference/security.md section 5).
"""

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

LONGEST = 2000  # characters; Outlook's published addresses take about 200

# IPv6 that is handed out to networks; all of it but what carries other addresses inside.
GIVEN_OUT = IPv6Network("2000::/3")
CARRIERS = (
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("192.0.0.0/24"),
    IPv4Network("168.63.129.16/32"),  # looks public, but is Azure's own machine in every network
    IPv6Network("2001::/23"),  # Teredo and other protocols
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("3fff::/20"),  # examples in books
)


class Unreadable(Exception):
    """A calendar cannot be read; the message is a sentence for the person whose calendar it is. It
    never holds the address, which is as good as a password."""


class Address(NamedTuple):
    """A calendar's address as it is fetched: always by https on port 443."""

    host: str
    target: str  # path and query

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.target}"


def read_address(typed: str, hosts: Collection[str]) -> Address:
    """The address that somebody typed, or Unreadable with what would work. webcal: means https:."""
    text = typed.strip()
    if not text.isascii() or not text.isprintable() or re.search(r"[\s\\]", text):
        raise Unreadable("The address has characters that no address has. Copy it again.")
    if len(text) > LONGEST:
        raise Unreadable(f"The address is longer than {LONGEST} characters.")
    text = re.sub("^webcals?:", "https:", text, flags=re.IGNORECASE)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Unreadable("That is not an address. Copy the whole link.") from None
    if parts.scheme != "https" or not parts.netloc:
        raise Unreadable("The address must begin with https://.")
    if "@" in parts.netloc or port not in (None, 443):
        raise Unreadable("The address must have no name, password or port in it.")
    host = parts.hostname or ""
    if host not in hosts:
        raise Unreadable(f"Calendars are read from {or_words(hosts)} only. A manager can add one.")
    if parts.path.lower().endswith((".html", ".htm")):
        raise Unreadable("That is the link to a page. Copy the ICS link, which ends with .ics.")
    query = f"?{parts.query}" if parts.query else ""
    return Address(host, f"{parts.path or '/'}{query}")


def or_words(hosts: Collection[str]) -> str:
    """'a, b or c'; 'nowhere' where no host is allowed."""
    *most, last = sorted(hosts) or ["nowhere"]
    return f"{', '.join(most)} or {last}" if most else last


def is_public(address: str, *, besides: Collection[str] = ()) -> bool:
    """Whether a numeric address is a machine of the public internet. `besides` are addresses that
    count as one all the same: a test's own server."""
    if address in besides:
        return True
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False  # also one with a zone, which is always of this network
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if isinstance(ip, IPv6Address) and ip not in GIVEN_OUT:
        return False
    if ip.is_multicast or ip.is_reserved or not ip.is_global:
        return False
    return not any(ip in network for network in CARRIERS if network.version == ip.version)
