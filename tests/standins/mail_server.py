"""A mail server on loopback that answers as a test wants it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Box:
    """Answers as told, and keeps what it accepted."""

    def __init__(self) -> None:
        self.mails, self.to = [], []
        self.rcpt, self.end, self.drop = "250 OK", "250 OK", False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.end.startswith("250"):
            self.mails.append(envelope.original_content)
            self.to.append(envelope.rcpt_tos)
        if self.drop:
            server.transport.abort()
        return self.end


@contextmanager
def serving(box: Box) -> Iterator[str]:
    """The address of the server, until the block ends."""
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
