"""The child process of the service, but for where `HOST` is: this machine, at the port that the
address says ('https://calendar.example.org/busy.ics?port=40123').

What it may use up is the service's, unless the address says `processor=1` or
`seconds=0.5` for the fetching.
"""

import json
import resource
import sys
from functools import partial
from urllib.parse import parse_qs, urlsplit

from app.calendars.addresses import is_public
from app.calendars.child import LIMITS, answer, limit
from app.calendars.fetch import SECONDS, Way

LOOPBACK = "127.0.0.1"


def main() -> None:
    job = json.load(sys.stdin)
    asked = parse_qs(urlsplit(job["address"]).query)
    limits = dict(LIMITS)
    if "processor" in asked:
        limits[resource.RLIMIT_CPU] = int(asked["processor"][0])
    limit(limits)
    way = Way(
        resolve=lambda _host: [LOOPBACK],
        may_reach=partial(is_public, besides=(LOOPBACK,)),
        port=int(asked["port"][0]),
    )
    seconds = float(asked.get("seconds", [SECONDS])[0])
    json.dump(answer(job, way, seconds), sys.stdout)


if __name__ == "__main__":
    main()
