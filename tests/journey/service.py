"""The whole service for a journey: a web server and a worker of their own, on free ports, a
database and a clock.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests import databases

ROOT = Path(__file__).parents[2]


@dataclass
class Service:
    """A running service: its address, and the file that moves its clock."""

    address: str
    clock_file: Path
    environ: dict[str, str]

    def now(self) -> datetime:
        offset = float(self.clock_file.read_text(encoding="ascii"))
        return datetime.fromtimestamp(time.time() + offset, UTC)

    def move_clock_to(self, at: datetime) -> None:
        """The same file that the simulator's page writes; every process reads it."""
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(str(at.timestamp() - time.time()), encoding="ascii")
        fresh.replace(self.clock_file)

    def flask(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, starts_at: datetime, *, sample: bool = False) -> Iterator[Service]:
    """A migrated service whose clock stands at `starts_at` and runs; empty, or with the sample."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    clock_file = folder / "clock"
    clock_file.write_text(str(starts_at.timestamp() - time.time()), encoding="ascii")
    environ = os.environ | databases.environ(databases.fresh_sqlite(), CLOCK_FILE=str(clock_file))
    environ |= {"PUBLIC_URL": address, "NO_PROXY": "127.0.0.1"}
    service = Service(address, clock_file, environ)
    if sample:
        service.flask("demo")  # before the worker starts: its stories send their own texts
    site = [
        sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "4", "--bind",
        f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "error", "wsgi:app",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    running = [subprocess.Popen(command, cwd=ROOT, env=environ) for command in (site, worker)]
    try:
        wait_for(f"{address}/healthz")
        yield service
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def wait_for(address: str, seconds: float = 30) -> None:
    """Until the address answers 200."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)  # a poll with a limit, not a guess


def chromium() -> str | None:
    """Where Debian's Chromium is, if it is."""
    for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser"):
        if Path(path).exists():
            return path
    return None
