"""Which addresses of calendars are read at all, and which machines count as public."""

import pytest

from app.calendars.addresses import Unreadable, is_public, read_address

HOSTS = frozenset({"outlook.office365.com", "calendar.google.com"})
GOOD = "https://outlook.office365.com/owa/calendar/ab12/calendar.ics"


@pytest.mark.parametrize(
    "typed",
    [GOOD, f"  {GOOD}\n", GOOD.replace("https", "webcal"), GOOD.replace("https", "WebCals"),
     GOOD.replace(".com", ".com:443"), GOOD.replace("outlook", "OUTLOOK"), f"{GOOD}#top"],
)  # fmt: skip
def test_what_people_paste_is_one_address(typed: str) -> None:
    assert read_address(typed, HOSTS).url == GOOD


def test_a_question_is_part_of_the_address() -> None:
    assert read_address(f"{GOOD}?a=1&b=2", HOSTS).target.endswith("/calendar.ics?a=1&b=2")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "must begin with https"),
        ("calendar.google.com/x.ics", "must begin with https"),
        ("http://calendar.google.com/x.ics", "must begin with https"),
        ("ftp://calendar.google.com/x.ics", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("https:///x.ics", "must begin with https"),
        ("https://calendar.google.com:8443/x.ics", "no name, password or port"),
        ("https://calendar.google.com:x/x.ics", "not an address"),
        ("https://me:secret@calendar.google.com/x.ics", "no name, password or port"),
        ("https://calendar.google.com@127.0.0.1/x.ics", "no name, password or port"),
        ("https://example.org/x.ics", "calendar.google.com or outlook.office365.com only"),
        ("https://calendar.google.com.example.org/x.ics", "only. A manager can add one"),
        ("https://calendar.google.com./x.ics", "only. A manager can add one"),
        ("https://127.0.0.1/x.ics", "only. A manager can add one"),
        ("https://[::1]/x.ics", "only. A manager can add one"),
        ("https://2130706433/x.ics", "only. A manager can add one"),
        ("https://[calendar.google.com/x.ics", "not an address"),
        ("https://calendar.google.com\\@127.0.0.1/x.ics", "no address has"),
        ("https://calendar.google.com/a b.ics", "no address has"),
        ("https://calendar.google.com/x.ics\r\nHost: inside", "no address has"),
        ("https://①②⑦.0.0.1/x.ics", "no address has"),
        ("https://calendar.googlé.com/x.ics", "no address has"),
        (f"https://calendar.google.com/{'x' * 2000}.ics", "longer than 2000"),
        ("https://outlook.office365.com/owa/calendar/ab12/calendar.html", "Copy the ICS link"),
    ],
)
def test_what_is_refused_says_what_would_work(typed: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_address(typed, HOSTS)


def test_without_hosts_nothing_is_read() -> None:
    with pytest.raises(Unreadable, match="from nowhere only"):
        read_address(GOOD, frozenset())


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "40.97.153.146", "2a01:111:f400::1", "2001:4860:4860::8888",
     "::ffff:8.8.8.8"],
)  # fmt: skip
def test_the_public_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        # this machine, the council's network, and what a cloud tells its own machines
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "100.64.0.1", "169.254.169.254", "fd00:ec2::254", "::1", "::", "fe80::1",
        "fe80::1%eth0", "fc00::1", "fec0::1",
        # the same inside other addresses
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:a00:1::", "2001:0:1::1", "2001:10::1", "192.88.99.1", "168.63.129.16",
        # for nobody, everybody, or books
        "192.0.0.9", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "ff02::1", "ff0e::1", "2001:db8::1",
        "3fff::1", "100::1", "5f00::1", "4000::1",
        # no numeric addresses
        "", "localhost", "127.1", "0x7f.1", "2130706433", "017700000001",
    ],
)  # fmt: skip
def test_what_is_not_the_public_internet(address: str) -> None:
    assert not is_public(address)


def test_only_who_asks_may_count_an_address_as_public() -> None:
    assert is_public("127.0.0.1", besides=("127.0.0.1",))
    assert not is_public("127.0.0.2", besides=("127.0.0.1",))
