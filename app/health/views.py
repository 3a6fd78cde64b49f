"""Whether the process answers, and whether it can work: for what watches over the service.

Yes or no only, to anybody: nothing here says what the service is or what is wrong with it.
"""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.access import public
from app.health.beats import is_fresh

health = Blueprint("health", __name__)

MUST_BEAT = ("worker", "watch")
FRESH_SECONDS = 120  # as the pages say by default that the watch has stopped


@health.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("yes\n", mimetype="text/plain")


@health.get("/readyz")
@public
def readyz() -> Response:
    """The database answers, and the worker and the watch ran in the last two minutes."""
    at = clock.now()
    try:
        ready = all(is_fresh(name, at=at, within_seconds=FRESH_SECONDS) for name in MUST_BEAT)
    except SQLAlchemyError:
        ready = False
    return Response("yes\n" if ready else "no\n", 200 if ready else 503, mimetype="text/plain")
