"""The child process that reads one mail for answers, within limits: the mail on standard input, the
answers on standard output as JSON. It is started as `child.py` is, with no key and no database.
"""

import json
import sys
from dataclasses import asdict

from app.calendars.answers import MOST_BYTES, answers_in
from app.calendars.child import limit


def main() -> None:
    limit()
    found = answers_in(sys.stdin.buffer.read(MOST_BYTES + 1))
    json.dump(
        [{**asdict(one), "stamp": one.stamp and one.stamp.timestamp()} for one in found], sys.stdout
    )


if __name__ == "__main__":
    main()
