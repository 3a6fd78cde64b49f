"""What `make run` says and answers with when one of what it started ends."""

import subprocess
import sys

import pytest

from app.cli.start import wait

pytestmark = pytest.mark.one_database
STAYS = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.mark.parametrize(("which", "words"), [(0, "The site was"), (1, "The worker was")])
def test_one_that_was_killed_is_named_and_the_other_ends_too(
    capsys: pytest.CaptureFixture[str], which: int, words: str
) -> None:
    running = [subprocess.Popen(STAYS) for _ in range(2)]  # noqa: S603
    running[which].kill()

    assert wait(running) == 1

    assert f"{words} killed by signal 9" in capsys.readouterr().err
    assert all(process.poll() is not None for process in running)
