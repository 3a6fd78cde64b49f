"""Names of servers on the internet, as managers list them."""

import re

HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
INSIDE = (".local", ".internal", ".localhost")  # names that only a network of its own knows


def read_hosts(typed: str) -> frozenset[str]:
    """The names in a list with commas or spaces; ValueError with the one that is no such name."""
    hosts = [word.lower() for word in re.split(r"[\s,;]+", typed) if word]
    for host in hosts:
        if not HOST.fullmatch(host) or host.endswith(INSIDE):
            raise ValueError(host)
    return frozenset(hosts)
