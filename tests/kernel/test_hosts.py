"""A list of servers on the internet, and nothing else."""

import pytest

from app.hosts import read_hosts


def test_a_list_of_hosts() -> None:
    hosts = {"outlook.office365.com", "calendar.google.com"}

    assert read_hosts("Outlook.Office365.com,\n calendar.google.com;") == hosts
    assert read_hosts("") == frozenset()


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "*.google.com", "https://calendar.google.com", "a..b.org",
     "intranet", "files.council.local", "metadata.google.internal", "-a.example.org",
     "calendar.google.com/x", "calendar.google.com:8443", f"{'a' * 64}.org", "[::1]"],
)  # fmt: skip
def test_what_is_no_public_name_is_on_no_list(host: str) -> None:
    with pytest.raises(ValueError, match="^"):
        read_hosts(f"calendar.google.com {host}")
