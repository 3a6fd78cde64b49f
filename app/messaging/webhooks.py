"""What Twilio posts to us: replies and delivery statuses. Checked, stored, committed, answered;
read later.

The signature is checked first, against PUBLIC_URL and the raw target (never `request.url`:
reference/messaging.md 1.5), with every token of a rotation. It has no time in it, so doing
everything once, by Twilio's own id, is the defence against a replay.
"""

from datetime import datetime

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select
from twilio.request_validator import RequestValidator

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

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")
csrf.exempt(webhooks)


@webhooks.before_request
def check_signature() -> Response | None:
    try:
        request.max_content_length = MOST_BYTES
        if (request.content_length or 0) <= MOST_BYTES and is_signed():
            return None
    except Exception:
        # A missing header, a JSON body, a hostile port: the validator raises for each. All are a
        # no.
        current_app.logger.warning("a webhook's signature could not be checked")
    return Response("", 403)


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
    sid = request.form.get("MessageSid", "")[:64]
    if sid:
        try:
            transact(lambda: store_reply(sid))
        except DomainError:
            if not is_stored(sid):
                raise  # answered with 500, so that Twilio tries again
    return Response('<?xml version="1.0" encoding="UTF-8"?><Response/>', mimetype="text/xml")


def is_stored(sid: str) -> bool:
    """Whether this text came before; two deliveries at once meet the unique index."""
    return db.session.scalar(select(Reply.id).where(Reply.provider_id == sid)) is not None


def store_reply(sid: str) -> None:
    form = request.form
    keep_text(
        sid,
        sender=form.get("From", ""),
        to=form.get("To", ""),
        body=form.get("Body", ""),
        opt_out=form.get("OptOutType", ""),
        at=clock.now(),
    )


def keep_text(
    sid: str, *, sender: str, to: str, body: str, at: datetime, opt_out: str = ""
) -> None:
    """Store a text that came in, once for each provider's id; it is read later."""
    if is_stored(sid):
        return
    db.session.add(
        Reply(
            provider_id=sid,
            from_number=sender[:40],
            to_number=to[:40],
            body=body.replace("\0", "")[:LONGEST_BODY],
            opt_out_type=opt_out[:10] or None,
            received_at=at,
        )
    )


@webhooks.post("/status/<id:row_id>/<id:attempt>")
@public
def receive_status(row_id: int, attempt: int) -> Response:
    form = request.form
    transact(
        lambda: apply_status(
            row_id,
            attempt,
            form.get("MessageStatus", "").lower(),
            sid=form.get("MessageSid", "")[:64] or None,
            code=form.get("ErrorCode", "")[:12] or None,
            at=clock.now(),
        )
    )
    return Response("", 204)
