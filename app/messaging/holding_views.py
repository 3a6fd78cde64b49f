"""What a member of staff decides about a message that waits: holding it back and releasing it at a
press, sending it now and stopping it after a page that shows what goes to whom.

For whoever may read the thread. A page of some minutes ago is answered with what has become of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import found, safe_next, signed_in
from app.db import db, transact
from app.errors import DomainError, page_for
from app.messaging.blueprint import messaging
from app.messaging.coming import as_if_now, coming
from app.messaging.holding import hold_text, release_text, send_now, stop_text, what_became
from app.messaging.models import Outbox
from app.messaging.states import WAITING
from app.messaging.threads import may_read

ASKED = "<any('send-now', 'stop'):decision>"
DECIDED = "<any('hold', 'release', 'send-now', 'stop'):decision>"


@dataclass(frozen=True)
class Decision:
    """An act on a waiting message, and what is said when it is done."""

    act: Callable[..., None]
    done: str


DECISIONS = {
    "hold": Decision(hold_text, "It is held back until somebody releases it."),
    "release": Decision(release_text, "It goes at its time again."),
    "send-now": Decision(send_now, "It goes now."),
    "stop": Decision(stop_text, "It will not be sent."),
}


def opened(row_id: int) -> Outbox:
    """A message to somebody whose thread this user may read; else a 404."""
    row: Outbox = found(db.session.get(Outbox, row_id))
    readable = may_read(row.recipient_kind, row.recipient_id, current_user)
    return found(row if readable else None)  # type: ignore[no-any-return]


def back(row: Outbox) -> str:
    """Where the buttons stood, else the thread."""
    thread = url_for("messaging.thread", kind=row.recipient_kind, person_id=row.recipient_id)
    return safe_next(request.values.get("to")) or thread


@messaging.get(f"/messages/<id:row_id>/{ASKED}")
@signed_in
def ask(row_id: int, decision: str) -> str | Response:
    """Before sending now, or stopping: what cannot be undone is shown first."""
    row, at = opened(row_id), clock.now()
    if row.state not in WAITING:
        return too_late(row, what_became(row))
    line = as_if_now(row, at) if decision == "send-now" else coming([row], at)[0]
    return render_template(
        "messaging/decide.html", row=row, what=decision, line=line, back=back(row), at=at
    )


@messaging.post(f"/messages/<id:row_id>/{DECIDED}")
@signed_in
def decide(row_id: int, decision: str) -> Response:
    row, decided = opened(row_id), DECISIONS[decision]
    here = back(row)
    try:
        transact(lambda: decided.act(row, by=current_user, at=clock.now()))
    except DomainError as refused:
        return too_late(row, refused.message)
    flash(decided.done, "success")
    return redirect(here)


def too_late(row: Outbox, why: str) -> Response:
    """It went, or was settled, while the page stood open."""
    return page_for(409, reason=why, href=back(row))
