"""Reading what somebody on a visit texts: IN, OUT, +30, or words of danger.

Only the phones of staff with a visit open now are read here, and only whole messages count:
anything else waits for a person, for a wrong guess would put off an alarm. What is understood is
answered by a text, so that silence means that it did not arrive.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.db import db
from app.errors import DomainError
from app.lone_working import alarms, check_ins, queries
from app.lone_working.models import Watch
from app.messaging import registry
from app.messaging.models import Reply
from app.messaging.outbox import queue_text
from app.messaging.registry import Reading
from app.messaging.replies import Meaning, StaffReply, read_staff_reply
from app.settings import store
from app.times import staff_time

ANSWER_OF_USE = timedelta(minutes=30)


def read_visit_reply(reply: Reply, at: datetime) -> Reading | None:
    """Check in or out, stay longer, or call for help, at the time the text was received; None where
    it is not from a live visit or not certain."""
    said = read_staff_reply(reply.body)
    act = ACTS.get(said.meaning)
    watch = watch_of(reply, arriving=said.meaning is Meaning.IN) if act else None
    if act is None or watch is None:
        return None
    try:
        with db.session.begin_nested():
            outcome, answer = act(watch, said, reply.received_at)
    except DomainError:
        return None  # a person reads it and rings
    if answer:
        queue_text(
            answer, about=("watch", watch.id), to=("staff", watch.staff_id), due_at=at,
            expires_at=at + ANSWER_OF_USE, dedupe=f"watch:{watch.id}:{answer}:{reply.id}", at=at,
        )  # fmt: skip
    return Reading("visit", outcome, "staff", watch.staff_id, "watch", watch.id)


def watch_of(reply: Reply, *, arriving: bool) -> Watch | None:
    """The visit that the sender is on or about to begin; opened by now, for the watch looks every
    few seconds."""
    early = timedelta(minutes=store.current().check_in_early_minutes)
    for kind, staff_id, _name, _family in registry.owners_of(reply.from_number):
        if kind == "staff":
            found = queries.current_of(staff_id, reply.received_at, early, arriving=arriving)
            if found is not None:
                return found
    return None


def read_in(watch: Watch, _said: StaffReply, at: datetime) -> tuple[str, str | None]:
    new = check_ins.check_in(watch, how="text", by=watch.staff, at=at)
    return ("Checked in." if new else "Was checked in already."), "noted_in"


def read_out(watch: Watch, _said: StaffReply, at: datetime) -> tuple[str, str | None]:
    check_ins.check_out(watch, how="text", by=watch.staff, at=at)
    return "Checked out.", "noted_out"


def read_longer(watch: Watch, said: StaffReply, at: datetime) -> tuple[str, str | None]:
    until = check_ins.extend(watch, how="text", by=watch.staff, at=at, minutes=said.minutes)
    return f"Stays until {staff_time(until)}.", "noted_longer"


def read_help(watch: Watch, _said: StaffReply, at: datetime) -> tuple[str, str | None]:
    alarms.call_for_help(watch, by=watch.staff, at=at)
    return "Danger words during a visit: the alarm is raised.", None


ACTS: dict[Meaning, Callable[[Watch, StaffReply, datetime], tuple[str, str | None]]] = {
    Meaning.IN: read_in,
    Meaning.OUT: read_out,
    Meaning.EXTEND: read_longer,
    Meaning.DANGER: read_help,
}
