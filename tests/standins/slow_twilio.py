"""Twilio's stand-in in a process of its own, for measuring: it answers after a while or not at all,
and notes when each request came.
"""

import time
from multiprocessing import get_context
from multiprocessing.connection import Connection

from tests.standins.twilio import Text, TwilioStandIn

ANSWERS_AFTER = 0.1  # seconds


class Slow(TwilioStandIn):
    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[str, float]] = []  # body, seconds since 1970
        self.blocked_until = 0.0
        self.on_accept = self.note
        self._server.handle_error = lambda *_: None
        self._server.socket.listen(128)

    def note(self, text: Text) -> None:
        self.came.append((text.body, time.time()))
        blocked = self.blocked_until - time.time()
        time.sleep(max(ANSWERS_AFTER, blocked))


def serve(pipe: Connection) -> None:
    standin = Slow()
    pipe.send(standin.url)
    while (asked := pipe.recv()) is not None:
        if asked == "came":
            pipe.send(list(standin.came))
        else:  # seconds for which nothing is answered
            standin.blocked_until = time.time() + float(asked)
    standin.close()


class SlowTwilio:
    """Its handle; `came()` are the bodies that came and when."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        self.url: str = self.pipe.recv()

    def came(self) -> list[tuple[str, float]]:
        self.pipe.send("came")
        found: list[tuple[str, float]] = self.pipe.recv()
        return found

    def block(self, seconds: float) -> None:
        self.pipe.send(seconds)

    def close(self) -> None:
        self.pipe.send(None)
        self.process.join(5)
        self.process.kill()
