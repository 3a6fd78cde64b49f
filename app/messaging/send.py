"""The worker's step: claim one row, send it outside any transaction, write down the outcome.

Nothing is assumed about a send that did not answer: it is *unknown* until a callback or the
provider's list settles it (reference/messaging.md section 2.4; sent exactly once in 270 of 270
with workers killed).
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app, g
from sqlalchemy import select

from app.config import Config
from app.db import db, lock, transact
from app.messaging.claim import Claimed, Clock, Rest, claim_next
from app.messaging.follow_up import ask_to_ring, refreshed, sentence
from app.messaging.holding import expire_held
from app.messaging.models import LANES, Outbox
from app.messaging.outcomes import apply_status, expire_lease, quarantined_until, record_outcome
from app.messaging.registry import recipient
from app.messaging.smtp import Smtp
from app.messaging.transports import Lost, Outcome, Parcel, Simulator, Trace, Transport, elapsed
from app.messaging.twilio import Twilio
from app.settings.store import current

FOUND = (1030, 0)  # two that look for the same words at one time do not both take one text
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_REST = 1.0  # seconds; then whoever rests looks again whether it is to stop


Done = tuple[Parcel, Outcome]


def transports() -> dict[str, Transport]:
    """How each channel is sent here: by the environment, or as `app.extensions["transports"]`
    says.
    """
    given: dict[str, Transport] | None = current_app.extensions.get("transports")
    if given is not None:
        return given
    if "transports" not in g:
        g.transports = from_environment(current_app.config["SERVICE"])
    made: dict[str, Transport] = g.transports
    return made


def from_environment(service: Config) -> dict[str, Transport]:
    text: Transport = Twilio(service) if service.sms_transport == "twilio" else Simulator()
    email: Transport = Smtp(service.smtp_url) if service.smtp_url else Simulator()
    return {"text": text, "email": email}


def send_next(owner: str, *, at: datetime, lanes: Sequence[str] = LANES) -> bool:
    """One row: claimed, sent, recorded. False where nothing is due.

    `owner` names the sender; no two at work at one time may share a name.
    """
    claimed = claim(owner, at=at, lanes=lanes)
    if isinstance(claimed, Parcel):
        record((claimed, attempted(claimed)), at=at)
    return claimed is not None


def claim(
    owner: str, *, at: datetime | Clock, lanes: Sequence[str] = LANES, done: Done | None = None
) -> Claimed:
    """The next row of these lanes in this sender's hands; where it is not yet the account's turn,
    an answer after a rest. What became of the sender's last row is written down with it: one
    commit for each text, which is what a disk takes longest for.
    """

    def first(when: datetime) -> None:
        if done:
            record_outcome(*done, at=when)

    paced = transports()["text"].paced
    try:
        claimed = claim_next(owner, at=at, lanes=lanes, paced=paced, first=first if done else None)
    except Exception:
        if done:
            record(done, at=at)
        raise
    if isinstance(claimed, Rest):
        time.sleep(min(claimed.seconds, LONGEST_REST))
    return claimed


def record(done: Done, *, at: datetime | Clock) -> None:
    transact(lambda: record_outcome(*done, at=at() if callable(at) else at))


def attempted(parcel: Parcel) -> Outcome:
    """The transport's answer; whatever it raises means that we do not know."""
    if elapsed() > parcel.begin_by:
        return Outcome("again", "the worker was held up before it could send")
    try:
        return transports()[parcel.channel].send(parcel)
    except Exception as error:
        return Outcome(
            "unknown", f"sending failed in a way nobody foresaw ({type(error).__name__})"
        )


def expire_next(*, at: datetime) -> bool:
    """One row whose worker has gone becomes unknown. False where there is none."""
    return transact(lambda: expire_lease(at))


def expire_held_next(*, at: datetime) -> bool:
    """One held row that is past its use expires. False where there is none."""
    return transact(lambda: expire_held(at))


def reconcile_next(owner: str, *, at: datetime) -> bool:
    """Look for one unknown send at its provider. False where none has been quarantined long enough.

    Found: it went. Absent: it is sent again. Unsure: asked again, and given up after a day.
    """
    lost = transact(lambda: take_lost(owner, at))
    if lost is None:
        return False
    try:
        trace = transports()[lost.channel].find(lost)
    except Exception as error:
        trace = Trace("unsure", words=f"looking for it failed ({type(error).__name__})")
    transact(lambda: record_trace(lost, owner, trace, at=at))
    return True


def take_lost(owner: str, at: datetime) -> Lost | None:
    row = db.session.scalars(
        select(Outbox)
        .where(Outbox.state == "unknown", Outbox.lease_until <= at)
        .order_by(Outbox.lease_until, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()
    if row is None:
        return None
    row.lease_owner = owner
    row.lease_until = at + timedelta(seconds=current().send_lease_seconds)
    known = db.session.scalars(
        select(Outbox.provider_id).where(
            Outbox.to_address == row.to_address, Outbox.provider_id.is_not(None)
        )
    )
    return Lost(
        row_id=row.id,
        attempt=row.attempt,
        channel=row.channel,
        to=row.to_address or "",
        body=row.body or "",
        handed_over_at=row.sent_at or row.due_at,
        known=frozenset(sid for sid in known if sid),
    )


def record_trace(lost: Lost, owner: str, trace: Trace, *, at: datetime) -> None:
    """What looking for a send showed, unless a callback settled it meanwhile."""
    row = db.session.scalars(
        select(Outbox)
        .where(Outbox.id == lost.row_id, Outbox.state == "unknown", Outbox.lease_owner == owner)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).first()
    if row is None:
        return
    row.lease_owner = row.lease_until = None
    if trace.kind == "found" and is_anothers(row, trace):
        row.lease_until, row.reason = quarantined_until(at), "Two texts with the same words went."
    elif trace.kind == "found":
        db.session.flush()
        status = trace.status or "accepted"
        if not apply_status(
            lost.row_id, lost.attempt, status, sid=trace.sid, code=trace.code, at=at
        ):
            apply_status(lost.row_id, lost.attempt, "accepted", sid=trace.sid, code=None, at=at)
    elif trace.kind == "absent":
        row.state, row.due_at, row.sent_at = "ready", at, None
    elif at - lost.handed_over_at >= GIVE_UP_AFTER:
        give_up(row, at)
    else:
        row.lease_until, row.reason = quarantined_until(at), sentence(trace.words)


def is_anothers(row: Outbox, trace: Trace) -> bool:
    """Whether the text that was found has been found to be another row's meanwhile."""
    lock([FOUND])
    others = select(Outbox.id).where(Outbox.provider_id == trace.sid, Outbox.id != row.id)
    return bool(trace.sid and db.session.scalar(select(others.exists())))


def give_up(row: Outbox, at: datetime) -> None:
    row.state, row.final_at = "gave_up", at
    row.reason = "Nobody can say whether this arrived: the provider gave no answer for a day."
    person = recipient(row.recipient_kind, row.recipient_id)
    if person is not None:
        ask_to_ring(refreshed(row.id), person, row.reason, at=at)
