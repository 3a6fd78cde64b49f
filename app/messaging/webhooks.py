"""What Twilio posts to us: replies and delivery statuses. Checked, stored, committed, answered;
read later.

The signature is checked first, against PUBLIC_URL and the raw target (never `request.url`:
reference/messaging.md 1.5), with every token of a rotation. It has no time in it, so doing
everything once, by Twilio's own id, is the defence against a replay.

Whatever keeps us from storing (a database that is down or locked, a fault of ours) is answered with
503, and Twilio delivers it again: `RETRIES` in twilio.py asks so, and each delivery may come twice.
"""

import logging
from datetime import datetime

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException

from app import clock
from app.access import public
from app.db import db, transact
from app.errors import DomainError
from app.extensions import csrf
from app.messaging.models import Reply
from app.messaging.outcomes import apply_status
from app.messaging.transports import signing_tokens

MOST_BYTES = 64_000
LONGEST_BODY = 4_000
PICTURE = "(With a picture or a file, which does not come here.)"
PATIENCE = 4  # seconds with a locked database; Twilio waits five for an answer

log = logging.getLogger("app.webhooks")

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")
csrf.exempt(webhooks)


@webhooks.before_request
def check_signature() -> Response | None:
    try:
        request.max_content_length = MOST_BYTES
        if (request.content_length or 0) <= MOST_BYTES and is_signed():
            g.patience = PATIENCE
            return None
    except Exception:
        # A missing header, a JSON body, a hostile port: the validator raises for each. All are a
        # no.
        log.warning("a webhook's signature could not be checked")
    return Response("", 403)


@webhooks.errorhandler(Exception)
def deliver_again(error: Exception) -> Response:
    """Not stored, so not answered: no page, and nothing asked of a database that may be down."""
    if isinstance(error, HTTPException):  # too large a body, told before the signature was asked
        return Response("", 403)
    log.error("a webhook could not be stored: %s %s", request.url_rule, type(error).__name__)
    return Response("", 503)


def given(name: str, most: int) -> str:
    """A parameter as the database can keep it; of one that comes twice, the first."""
    return kept(request.form.get(name, ""), most)


def kept(words: str, most: int = LONGEST_BODY) -> str:
    return words.replace("\0", "")[:most]


def is_signed() -> bool:
    target = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or ""
    if not target.startswith("/"):
        return False
    url = current_app.config["PUBLIC_URL"] + target
    signature = request.headers.get("X-Twilio-Signature", "")
    if not any(
        RequestValidator(t).validate(url, request.form, signature) for t in signing_tokens()
    ):
        return False
    account = current_app.config["SERVICE"].twilio_account_sid
    return not account or request.form.get("AccountSid") == account


@webhooks.post("/sms")
@public
def receive_text() -> Response:
    sid = given("MessageSid", 64)
    if sid:
        try:
            transact(lambda: store_reply(sid))
        except DomainError:
            if not is_stored(sid):
                raise
    return Response('<?xml version="1.0" encoding="UTF-8"?><Response/>', mimetype="text/xml")


def is_stored(sid: str) -> bool:
    """Whether this text came before; two deliveries at once meet the unique index."""
    return db.session.scalar(select(Reply.id).where(Reply.provider_id == sid)) is not None


def store_reply(sid: str) -> None:
    keep_text(
        sid,
        sender=given("From", 40),
        to=given("To", 40),
        body=what_came(given("Body", LONGEST_BODY), given("NumMedia", 10)),
        opt_out=given("OptOutType", 10),
        at=clock.now(),
    )


def what_came(words: str, media: str) -> str:
    """The words, and that something came with them: nobody can know what it says, so a person
    reads it. A stop, a wrong number and danger are read all the same.
    """
    return words if media in ("", "0") else f"{words}\n{PICTURE}".strip()


def keep_text(
    sid: str, *, sender: str, to: str, body: str, at: datetime, opt_out: str = ""
) -> None:
    """Store a text that came in, once for each provider's id; it is read later."""
    if is_stored(sid):
        return
    db.session.add(
        Reply(
            provider_id=sid,
            from_number=sender,
            to_number=to,
            body=body,
            opt_out_type=opt_out.upper() or None,
            received_at=at,
        )
    )


@webhooks.post("/status/<id:row_id>/<id:attempt>")
@public
def receive_status(row_id: int, attempt: int) -> Response:
    transact(
        lambda: apply_status(
            row_id,
            attempt,
            given("MessageStatus", 20).lower(),
            sid=given("MessageSid", 64) or None,
            code=given("ErrorCode", 12) or None,
            at=clock.now(),
        )
    )
    return Response("", 204)
