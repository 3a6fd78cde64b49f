"""Reading a reply that answers an appointment's text: 1 keeps it, 2 asks for a change.

It knows the number's owners from messaging and takes the live appointments of that carer or peer
that texts of the last two days were about, or else any. With several it asks a person, because '2'
cannot say which; '1' keeps two of one person's day, whose reminder is one text. A '1' that answers
a text of a time that has changed since keeps nothing: a person asks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_

from app.db import db
from app.messaging import registry
from app.messaging.models import Outbox, Reply
from app.messaging.registry import Reading, payload
from app.messaging.replies import Meaning, read_reply
from app.messaging.states import HANDED_OVER
from app.scheduling.answer import ask_change, keep
from app.scheduling.models import Appointment
from app.scheduling.queries import with_people
from app.scheduling.same_day import day_of
from app.scheduling.text_purposes import LIVE_TO_TELL
from app.times import for_staff

JUST_ASKED = timedelta(days=2)
LOOK_AHEAD = timedelta(days=14)


def read_answer(reply: Reply, at: datetime) -> Reading | None:
    """Keep or change the appointment that the sender was asked about, or None: not for us."""
    meaning = read_reply(reply.body)
    if meaning not in (Meaning.KEEP, Meaning.CHANGE):
        return None
    people = [
        (kind, person_id)
        for kind, person_id, _name, _family in registry.owners_of(reply.from_number)
        if kind in ("carer", "peer")
    ]
    # Answered at the time it was received, however late it is read.
    open_ones = asked_about(people, at=reply.received_at)
    if not open_ones:
        return None
    named = named_lately(people, at=reply.received_at)
    open_ones = [one for one in open_ones if one[0].id in named] or open_ones
    kept_alike = meaning is Meaning.KEEP and same_day(open_ones)
    if len(open_ones) > 1 and not kept_alike:
        return None  # a person asks which one
    if meaning is Meaning.KEEP and any(
        changed_since(*one, at=reply.received_at) for one in open_ones
    ):
        return None  # a person asks whether the new time is kept as well
    outcome = ""
    for appointment, person in open_ones:
        by = f"{person[0]}:{person[1]}"
        if meaning is Meaning.KEEP:
            outcome = keep(appointment, by=by, at=reply.received_at, how="text")
        else:
            ask_change(appointment, reply.body[:200], by=by, at=reply.received_at, how="text")
            outcome = "marked “change asked”: a person decides"
    appointment, person = open_ones[0]
    return Reading(
        reader="appointment",
        outcome=f"{outcome} ({for_staff(appointment.starts_at)})",
        person_kind=person[0],
        person_id=person[1],
        about_kind="appointment",
        about_id=appointment.id,
    )


def asked_about(
    people: Sequence[tuple[str, int]], *, at: datetime
) -> list[tuple[Appointment, tuple[str, int]]]:
    """The appointments that these people may be answering about, soonest first."""
    found = []
    for kind, person_id in people:
        owner = Appointment.carer_id if kind == "carer" else Appointment.peer_id
        rows = db.session.scalars(
            select(Appointment)
            .where(
                owner == person_id,
                Appointment.status.in_(LIVE_TO_TELL),
                Appointment.ends_at > at,
                Appointment.starts_at < at + LOOK_AHEAD,
            )
            .options(*with_people())
            .order_by(Appointment.starts_at)
        )
        found += [(row, (kind, person_id)) for row in rows]
    return sorted(found, key=lambda pair: pair[0].starts_at)


def named_lately(people: Sequence[tuple[str, int]], *, at: datetime) -> set[int]:
    """The appointments that the texts of the last two days to these people were about."""
    rows = db.session.scalars(
        select(Outbox).where(
            tuple_(Outbox.recipient_kind, Outbox.recipient_id).in_(people),
            Outbox.channel == "text",
            Outbox.about_kind == "appointment",
            Outbox.state.in_(HANDED_OVER),
            Outbox.sent_at > at - JUST_ASKED,
            Outbox.sent_at <= at,
        )
    ).all()
    also = {payload(row, "also") for row in rows}
    return {row.about_id for row in rows} | {number for number in also if number is not None}


def changed_since(appointment: Appointment, person: tuple[str, int], *, at: datetime) -> bool:
    """Whether the last text to this person about it told of what it was before a change."""
    last = db.session.scalars(
        select(Outbox)
        .where(
            Outbox.about_kind == "appointment",
            Outbox.about_id == appointment.id,
            Outbox.recipient_kind == person[0],
            Outbox.recipient_id == person[1],
            Outbox.channel == "text",
            Outbox.state.in_(HANDED_OVER),
            Outbox.sent_at <= at,
        )
        .order_by(Outbox.sent_at.desc(), Outbox.id.desc())
        .limit(1)
    ).first()
    return last is not None and payload(last, "sequence") not in (None, appointment.sequence)


def same_day(open_ones: Sequence[tuple[Appointment, tuple[str, int]]]) -> bool:
    """Two appointments of one person on one day share one reminder, so '1' keeps both. Two people
    who share a phone have a reminder each, and nobody can say which one was answered.
    """
    return len({(day_of(appointment), person) for appointment, person in open_ones}) == 1
