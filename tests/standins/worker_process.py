"""A worker in a process of its own, for tests that kill it: the service's code, the tests' people.

python -m tests.standins.worker_process DATABASE_URL TWILIO_URL INSTANCE STALL

`STALL` names the moment at which it says so on standard output and waits to be killed: 'claimed'
(the claim is committed, nothing is sent), 'answered' (Twilio has answered, nothing is recorded),
'recorded', or 'never'.
"""

import sys
import time
from pathlib import Path

from app.messaging import send
from app.messaging.claim import Claimed
from app.messaging.transports import Outcome, Parcel
from app.wiring import create_app
from app.worker import jobs
from app.worker.run import run_worker
from tests.databases import environ
from tests.messaging.steps import use_twilio
from tests.standins.people import People, fill


def stall(moment: str, wanted: str) -> None:
    if moment == wanted:
        sys.stdout.write(f"{moment}\n")
        sys.stdout.flush()
        time.sleep(60)


def main(database: str, twilio: str, instance: str, moment: str) -> None:
    app = create_app(environ(database), instance=Path(instance))
    fill(People())
    use_twilio(app, twilio)
    attempted, claim, record = send.attempted, send.claim, send.record

    def attempt(parcel: Parcel) -> Outcome:
        stall("claimed", moment)
        outcome = attempted(parcel)
        stall("answered", moment)
        return outcome

    def claimed(owner: str, *, done: send.Done | None = None, **named: object) -> Claimed:
        found = claim(owner, done=done, **named)
        if done:
            stall("recorded", moment)
        return found

    def recorded(done: send.Done, **named: object) -> None:
        record(done, **named)
        stall("recorded", moment)

    send.attempted, send.claim, send.record = attempt, claimed, recorded
    jobs.jobs.clear()
    jobs.watches.clear()
    jobs.add_jobs(jobs.messaging_jobs())
    sys.stdout.write("started\n")
    sys.stdout.flush()
    run_worker(app)


if __name__ == "__main__":
    main(*sys.argv[1:])
