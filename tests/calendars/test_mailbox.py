"""A mailbox is read over a line that nobody else can read, or not at all."""

from datetime import date
from pathlib import Path

import pytest

from app.calendars import mailbox
from app.calendars.mailbox import Unreadable, opened
from tests.standins.calendar_server import believing, certificate
from tests.standins.imap_server import MailServer, serving

DAY = date(2026, 11, 9)


def test_a_password_is_not_sent_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LOCAL", ())  # as if the server were another machine
    server = MailServer()
    with serving(server), pytest.raises(Unreadable, match="no encryption"), opened(server.url):
        pass

    assert not any("LOGIN" in said for said in server.said)


def test_over_tls_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(believing(tmp_path)))
    with serving(MailServer(certificate=certificate("127.0.0.1"))) as server:
        server.add(b"one", b"two")
        with opened(server.url) as box:
            assert box.uids_after(0, DAY) == [1, 2]
            assert box.read(2, 100) == b"two"


def test_a_server_with_anothers_certificate_hears_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(believing(tmp_path)))
    server = MailServer(certificate=certificate("mail.example.org"))
    with serving(server), pytest.raises(Unreadable, match="SSLCertVer"), opened(server.url):
        pass

    assert server.said == []


def test_nothing_is_new_where_all_is_older() -> None:
    with serving(MailServer()) as server:
        server.add(b"one", b"two")
        with opened(server.url) as box:
            assert box.uids_after(2, DAY) == []  # though the server names the newest again
            assert box.uids_after(1, DAY) == [2]


def test_a_mail_that_has_gone_meanwhile_is_empty_and_its_folder_may_have_any_name() -> None:
    with serving(MailServer(folder='Answers "here"')) as server:
        url = server.url.replace(' "', "%20%22").replace('"', "%22")
        server.folder = 'Answers \\"here\\"'
        server.add(b"")
        with opened(url) as box:
            assert box.read(1, 100) == b""
