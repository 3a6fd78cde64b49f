"""What `make run` starts: the database brought up to date, the sample service on first use, the
site and the worker.

Everything stops together. The clock file makes the simulator's "move the clock" work.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORT = os.environ.get("PORT", "5000")


def flask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def main() -> int:
    os.chdir(ROOT)
    environment = os.environ | {
        "CLOCK_FILE": os.environ.get("CLOCK_FILE", str(ROOT / "instance" / "clock")),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{PORT}"),
    }
    (ROOT / "instance").mkdir(exist_ok=True)
    for step in (["db", "upgrade"], ["demo", "--if-empty"]):
        if subprocess.run(flask(*step), env=environment, check=False).returncode:  # noqa: S603
            return 1
    site = [
        sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "8",
        "--bind", f"127.0.0.1:{PORT}", "--no-control-socket", "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip
    running = [
        subprocess.Popen(command, env=environment)  # noqa: S603
        for command in (site, flask("worker"))
    ]
    return wait(running)


def wait(running: list[subprocess.Popen[bytes]]) -> int:
    """Until one ends or we are told to stop; then all of them end."""

    def stop(*_: object) -> None:
        for process in running:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    status = os.waitstatus_to_exitcode(os.wait()[1])
    stop()
    for process in running:
        process.wait()
    return max(status, 0)


if __name__ == "__main__":
    sys.exit(main())
