"""What `make run` starts: the database brought up to date, the sample service on first use, the
site and the worker.

Everything stops together. The clock file makes the simulator's "move the clock" work.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
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
    prepared = subprocess.run(  # noqa: S603
        flask("prepare"), env=environment, check=False, stdout=subprocess.PIPE, text=True
    )
    if prepared.returncode:
        return 1
    site = [
        sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "8",
        "--bind", f"127.0.0.1:{PORT}", "--no-control-socket", "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip
    running = [
        subprocess.Popen(command, env=environment)  # noqa: S603
        for command in (site, flask("worker"))
    ]
    if answers(running[0]):
        print(prepared.stdout or f"The site is at http://127.0.0.1:{PORT}", flush=True)
    return wait(running)


def answers(site: subprocess.Popen[bytes]) -> bool:
    """Wait until the site answers; False where it ended instead, or after a minute."""
    for _ in range(600):
        if site.poll() is not None:
            return False
        try:
            with closing(HTTPConnection("127.0.0.1", int(PORT), timeout=5)) as connection:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            time.sleep(0.1)
    return False


def wait(running: list[subprocess.Popen[bytes]]) -> int:
    """Until one ends or we are told to stop; then all of them end. One that ended by itself is
    named: the status is then 1."""
    told = False

    def stop(*_: object) -> None:
        nonlocal told
        told = True
        for process in running:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    number, status = os.wait()
    if by_itself := not told:
        which = "site" if number == running[0].pid else "worker"
        code = os.waitstatus_to_exitcode(status)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
        print(f"The {which} {how}, so everything was stopped. Start it again.", file=sys.stderr)
    stop()
    for process in running:
        process.wait()
    return int(by_itself)


if __name__ == "__main__":
    sys.exit(main())
