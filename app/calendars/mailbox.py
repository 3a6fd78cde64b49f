"""A mailbox at an IMAP server: the new mails of a folder, read without touching them.

People read this mailbox too. So nothing is moved or deleted, and no mail is marked as seen by being
looked at (BODY.PEEK); only an answer that has been taken in is marked, because nobody else needs to
read it. What a server says is never passed on: it may name people.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

TIMEOUT = 20.0
LOCAL = ("127.0.0.1", "::1", "localhost")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Unreadable(Exception):
    """The mailbox cannot be read; the message says why and names nobody."""


@dataclass
class Box:
    """An open folder. UIDs rise, and mean nothing under another `validity` (RFC 3501 2.3.1.1)."""

    server: imaplib.IMAP4
    validity: int

    def uids_after(self, last: int, since: date) -> list[int]:
        """The mails that came after one, and not before a day; the oldest first."""
        day = f"{since.day:02}-{MONTHS[since.month - 1]}-{since.year}"
        said = self.ask("SEARCH", "UID", f"{last + 1}:*", "SINCE", day)
        words = b" ".join(part for part in said if isinstance(part, bytes)).split()
        # "n:*" holds the newest mail even where all are older.
        return sorted({int(word) for word in words if word.isdigit() and int(word) > last})

    def size(self, uid: int) -> int:
        """Its length in octets; without an answer, too long."""
        for part in self.ask("FETCH", str(uid), "(RFC822.SIZE)"):
            if isinstance(part, bytes) and (found := re.search(rb"RFC822\.SIZE (\d+)", part)):
                return int(found[1])
        return 2**31

    def read(self, uid: int, most: int) -> bytes:
        """The first `most` octets of a mail; nothing where it has gone meanwhile."""
        for part in self.ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)"):
            if isinstance(part, tuple) and len(part) > 1 and isinstance(part[1], bytes):
                return part[1][:most]
        return b""

    def mark_seen(self, uid: int) -> None:
        """So that nobody reads it as new. A mailbox that we may only read stays as it is."""
        with suppress(Unreadable):
            self.ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def ask(self, command: str, *words: str) -> list[object]:
        try:
            state, said = self.server.uid(command, *words)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise Unreadable(broke_off(error)) from None
        if state != "OK":
            raise Unreadable(f"The mailbox’s server refused a command ({command}).")
        return list(said)


@contextmanager
def opened(url: str) -> Iterator[Box]:
    """The folder that an address names: imaps://user:password@host:port/FOLDER. Raises Unreadable.

    A password never crosses a network in the clear: without TLS it is sent to this machine only.
    """
    parts = urlsplit(url)
    server = connected(parts.scheme == "imaps", parts.hostname or "", parts.port)
    try:
        yield Box(server, signed_in(server, unquote(parts.username or ""),
                                    unquote(parts.password or ""),
                                    unquote(parts.path.strip("/")) or "INBOX"))  # fmt: skip
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()
        with suppress(OSError):  # one that broke off is not closed by signing out
            server.shutdown()


def connected(secure: bool, host: str, port: int | None) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    try:
        if secure:
            return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=TIMEOUT)
        server = imaplib.IMAP4(host, port or 143, timeout=TIMEOUT)
        if "STARTTLS" in server.capabilities:
            server.starttls(context)
        elif host not in LOCAL:
            server.shutdown()
            raise Unreadable("The mailbox’s server offers no encryption, so we did not sign in.")
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unreadable(broke_off(error)) from None
    return server


def signed_in(server: imaplib.IMAP4, user: str, password: str, folder: str) -> int:
    """The folder's UIDVALIDITY."""
    try:
        server.login(user, password)
    except (imaplib.IMAP4.error, OSError) as error:
        if isinstance(error, OSError | imaplib.IMAP4.abort):
            raise Unreadable(broke_off(error)) from None
        raise Unreadable("The mailbox does not accept our sign-in.") from None
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        state, _ = server.select(quoted)
        said = server.response("UIDVALIDITY")[1]
        if state != "OK":
            raise Unreadable("The mailbox has no folder of the name that we were given.")
        return int(said[0] or 0)
    except (imaplib.IMAP4.error, OSError, ValueError, TypeError, IndexError) as error:
        raise Unreadable(broke_off(error)) from None


def broke_off(error: Exception) -> str:
    return f"The mailbox’s server could not be reached, or broke off ({type(error).__name__})."
