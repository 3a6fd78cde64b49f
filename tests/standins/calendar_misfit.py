"""A child process that tries what it may not, under the service's limits: what it tries is the path
of the address."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from app.calendars.child import LIMITS, limit


def memory() -> str:
    try:
        return f"had {len(bytearray(700_000_000))}"
    except MemoryError:
        return "no memory"


def file() -> str:
    try:
        with tempfile.TemporaryFile() as made:
            made.write(b"x")
            made.flush()
    except OSError:
        return "no file"
    return "wrote"


def sleep() -> str:
    time.sleep(60)
    return "slept"


def chatter() -> str:
    return "x" * 3_000_000


def environment() -> str:
    return " ".join(sorted(os.environ))


def odd() -> str:
    sys.stdout.write("this is no JSON")
    return ""


def said(*times: tuple[int, int], ours: str | None = None) -> str:
    json.dump({"busy": [[*one, ours] for one in times], "etag": None, "modified": None}, sys.stdout)
    sys.stdout.flush()
    os._exit(0)


TRIES: dict[str, Callable[[], str]] = {
    "memory": memory, "file": file, "sleep": sleep, "chatter": chatter,
    "environment": environment, "odd": odd,
    "backwards": lambda: said((1_796_000_000, 1_795_990_000)),
    "long-ago": lambda: said((0, 3600)),
    "unspeakable": lambda: "a\0b",
    "unnamed": lambda: said((1_796_000_000, 1_796_003_600), ours="a\0b"),
    "many": lambda: said(*[(1_796_000_000, 1_796_003_600)] * 5001),
}  # fmt: skip

if __name__ == "__main__":
    job = json.load(sys.stdin)
    limit(LIMITS)
    json.dump({"failure": TRIES[urlsplit(job["address"]).path[1:]]()}, sys.stdout)
