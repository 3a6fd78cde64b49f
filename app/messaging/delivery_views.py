"""The delivery board, for those who arrange: how sending goes, and what a person can do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, allow, found
from app.db import db, transact
from app.errors import DomainError
from app.forms import put
from app.links.tokens import without_tokens
from app.messaging import channels, delivery
from app.messaging.blueprint import messaging
from app.messaging.follow_up import words_for
from app.messaging.forms import SettleForm
from app.messaging.models import Outbox
from app.messaging.names import Names
from app.messaging.next_steps import next_step
from app.messaging.settle_unknown import settle_unknown
from app.messaging.states import GAVE_UP, STATES
from app.paging import Asked

PROVIDERS = {"twilio": "Twilio", "simulator": "the simulator’s phones"}


@messaging.get("/delivery", endpoint="delivery")
@allow(*ARRANGERS)
def board() -> str:
    at = clock.now()
    state = delivery.delivery(at)
    rows = [row for some in state.lists.values() for row in some]
    service = current_app.config["SERVICE"]
    return render_template(
        "messaging/delivery.html",
        state=state,
        at=at,
        lists=delivery.LISTS,
        provider=PROVIDERS.get(service.sms_transport, service.sms_transport),
        no_reason=delivery.NO_REASON,
        **about(rows, state.channels, at),
    )


def about(rows: Sequence[Outbox], states: Sequence[delivery.State], at: datetime) -> dict[str, Any]:
    """What a list of rows shows of them: whose they are, what for, and what happens next."""
    names = Names(current_user, [(row.recipient_kind, row.recipient_id) for row in rows])
    resting = {state.name: state for state in states}
    return {
        "names": {row.id: names.name((row.recipient_kind, row.recipient_id)) for row in rows},
        "next_steps": {row.id: next_step(row, resting, at) for row in rows},
        "what_for": words_for,
        "gave_up": GAVE_UP,
    }


@messaging.get("/delivery/<any('due', 'later', 'unknown', 'given-up', 'held'):which>")
@allow(*ARRANGERS)
def delivery_list(which: str) -> str:
    """All of one list of the board."""
    at = clock.now()
    part = delivery.a_list(which, at, Asked.of(request.args).page)
    words = delivery.LISTS[which]
    here = url_for("messaging.delivery_list", which=which, page="")
    return list_page(part, words, here, "What happens next", at)


@messaging.get("/delivery/reason")
@allow(*ARRANGERS)
def delivery_reason() -> str:
    """The texts and e-mails that were not sent, or did not arrive, for one reason."""
    at, state = clock.now(), request.args.get("state", "")
    if state not in STATES:
        abort(404)
    reason = request.args.get("reason", "") or None
    part = delivery.of_reason(state, reason, at, Asked.of(request.args).page)
    words = f"{delivery.state_words(state)}. {reason or delivery.NO_REASON}"
    here = url_for("messaging.delivery_reason", state=state, reason=reason, page="")
    return list_page(part, words, here, "Why", at)


def list_page(part: Any, words: str, here: str, last: str, at: datetime) -> str:
    return render_template(
        "messaging/delivery_list.html",
        part=part,
        words=words,
        here=here,
        last=last,
        at=at,
        **about(part.rows, delivery.states(), at),
    )


@messaging.route("/delivery/<id:row_id>/settle", methods=["GET", "POST"])
@allow(*ARRANGERS)
def settle(row_id: int) -> str | Response | tuple[str, int]:
    """Whether a message arrived of which nobody could say: somebody has asked."""
    row = found(db.session.get(Outbox, row_id))
    person = (row.recipient_kind, row.recipient_id)
    name = found(Names(current_user, [person]).name(person))
    form, status = SettleForm(), 200
    if form.validate_on_submit():
        arrived = form.arrived.data == "yes"
        try:
            transact(lambda: settle_unknown(row, arrived, by=current_user, at=clock.now()))
        except DomainError as refused:
            put(form, refused)
            status = 409
        else:
            flash("It is settled.", "success")
            return redirect(url_for("messaging.delivery"))
    elif form.errors:
        status = 422
    shown = render_template(
        "messaging/settle.html",
        row=row,
        name=name,
        form=form,
        what_for=words_for,
        said=without_tokens(row.body or ""),
        gave_up=GAVE_UP,
    )
    return shown, status


@messaging.post("/delivery/<name>/try")
@allow(*ARRANGERS)
def try_now(name: str) -> Response:
    found(channels.channel(name))
    transact(lambda: channels.resume(name, by=current_user, at=clock.now()))
    flash("It is tried now.", "success")
    return redirect(url_for("messaging.delivery"))
