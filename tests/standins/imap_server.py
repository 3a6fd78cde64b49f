"""A mailbox on loopback for imaplib: the few commands of RFC 3501 that are needed, and faults.

`said` are the commands as they came. With `read_only` nothing can be marked; with `breaks_at` the
connection is dropped at that command; `size_lies` announces each mail as small.
"""

import re
import socket
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import trustme


@dataclass
class Mail:
    content: bytes
    seen: bool = False


@dataclass
class MailServer:
    password: str = "secret"
    folder: str = "INBOX"
    validity: int = 7
    mails: dict[int, Mail] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    breaks_at: str | None = None
    read_only: bool = False
    size_lies: bool = False
    port: int = 0
    certificate: trustme.LeafCert | None = None  # with one it speaks TLS only

    @property
    def url(self) -> str:
        scheme = "imaps" if self.certificate else "imap"
        return f"{scheme}://service:{self.password}@127.0.0.1:{self.port}/{self.folder}"

    def add(self, *contents: bytes) -> None:
        for content in contents:
            self.mails[max(self.mails, default=0) + 1] = Mail(content)

    @property
    def seen(self) -> list[int]:
        return [uid for uid, mail in self.mails.items() if mail.seen]

    def answer(self, command: str, words: str) -> tuple[list[bytes], str]:
        """The lines before the tagged one, and that one."""
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"], "OK"
        if command == "LOGIN":
            return [], "OK" if words == f'service "{self.password}"' else "NO who is anna@x.org?"
        if command == "SELECT":
            validity = f"* OK [UIDVALIDITY {self.validity}] .".encode()
            return [validity], "OK" if words == f'"{self.folder}"' else "NO no such folder"
        if command == "LOGOUT":
            return [b"* BYE ."], "OK"
        return self.uid(words)

    def uid(self, words: str) -> tuple[list[bytes], str]:
        if found := re.fullmatch(r"SEARCH UID (\d+):\* SINCE \d\d-[A-Z][a-z]{2}-\d{4}", words):
            newest = max(self.mails, default=0)
            uids = [uid for uid in sorted(self.mails) if uid >= int(found[1]) or uid == newest]
            return [("* SEARCH " + " ".join(map(str, uids))).encode()], "OK"
        if found := re.fullmatch(r"FETCH (\d+) \(RFC822\.SIZE\)", words):
            size = 100 if self.size_lies else len(self.mails[int(found[1])].content)
            return [f"* 1 FETCH (UID {found[1]} RFC822.SIZE {size})".encode()], "OK"
        if found := re.fullmatch(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", words):
            part = self.mails[int(found[1])].content[: int(found[2])]
            head = f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(part)}}}\r\n".encode()
            return [head + part + b")"], "OK"
        if found := re.fullmatch(r"STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", words):
            if self.read_only:
                return [], "NO [READ-ONLY]"
            self.mails[int(found[1])].seen = True
            return [], "OK"
        return [], "BAD"


@contextmanager
def serving(server: MailServer) -> Iterator[MailServer]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline():
                tag, command, *words = line.decode().rstrip("\r\n").split(" ", 2)
                server.said.append(" ".join([command, *words]))
                if server.breaks_at and server.breaks_at in server.said[-1]:
                    return
                lines, state = server.answer(command.upper(), words[0] if words else "")
                for one in lines:
                    self.wfile.write(one + b"\r\n")
                self.wfile.write(f"{tag} {state} .\r\n".encode())

    class Quiet(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass

        def finish_request(self, request: socket.socket, client: object) -> None:
            if server.certificate is None:
                super().finish_request(request, client)
                return
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.certificate.configure_cert(context)
            with context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client)

    listening = Quiet(("127.0.0.1", 0), Handler)
    server.port = listening.server_address[1]
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
