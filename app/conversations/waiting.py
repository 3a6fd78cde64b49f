"""What waits for a person about conversations: an offer to send, a date to agree, how it went, a
debrief, what the family decided. Targets are counted in working days, ending at 17:00.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, exists, select
from sqlalchemy.orm import aliased, load_only

from app import clock
from app.conversations.models import Conversation, Offer
from app.db import db, plain_rows
from app.enquiries.models import Choice
from app.enquiries.queries import last_said
from app.families.models import Family
from app.families.names import short
from app.peers.models import Peer
from app.prepared import built_once
from app.scheduling.models import LIVE, Appointment
from app.scheduling.waiting import AFTER_END, end_of_working_day
from app.settings.rules import Rules
from app.settings.store import current
from app.tasks.models import Task
from app.tasks.waiting import Item
from app.times import for_staff, staff_date
from app.working_days import evening, evening_after

ASK_AFTER_DAYS = 2  # working days after a conversation (reference/domain.md 2.3)
DEBRIEF_BACK = timedelta(days=60)  # older conversations, imported ones, ask for nothing more


def waiting(at: datetime) -> list[Item]:
    """Everything about conversations that waits, in two statements."""
    rules = current()
    rows = conversations_with_times(at)
    conversations = [conversation for conversation, _, _ in rows]
    decided = {conversation.family_id: said for conversation, _, said in rows if said is not None}
    last = last_closed(conversations)
    under_way = {
        conversation.family_id for conversation in conversations if conversation.closed_at is None
    }
    return [
        *offers_due(rules, last),
        *(
            dated(conversation, appointment, said, rules, at)
            for conversation, appointment, said in rows
            if conversation.closed_at is None and is_due(conversation, appointment, at)
        ),
        *(
            debrief(conversation, rules)
            for conversation in conversations
            if conversation.outcome == "held" and conversation.debriefed_at is None
        ),
        *(
            decision(conversation)
            for conversation in last.values()
            if conversation.family_id not in under_way
            and asks_decision(conversation, decided.get(conversation.family_id))
        ),
    ]


def conversations_with_times(
    at: datetime,
) -> Sequence[tuple[Conversation, Appointment | None, Choice | None]]:
    """Conversations that are open or were held lately, each with its live appointment and the last
    thing that its family said.
    """
    lately = clock.london(at).date() - DEBRIEF_BACK
    rows = db.session.execute(open_or_since(), {"lately": lately})
    return [(conversation, appointment, said) for conversation, appointment, said in rows]


@cache
def open_or_since() -> Select[Conversation, Appointment, Choice]:
    """Conversations that are open or were held on `lately` or after, with no more of each than is
    used.
    """
    return (
        select(Conversation, Appointment, Choice)
        .join(Family, Family.id == Conversation.family_id)
        .outerjoin(
            Appointment,
            (Appointment.conversation_id == Conversation.id) & Appointment.status.in_(LIVE),
        )
        .outerjoin(Choice, Choice.id == last_said(Choice.id))
        .options(
            load_only(
                Conversation.family_id, Conversation.peer_id, Conversation.host_id,
                Conversation.outcome, Conversation.held_on, Conversation.debriefed_at,
                Conversation.closed_at, Conversation.created_at,
            ),
            load_only(
                Appointment.status, Appointment.starts_at, Appointment.ends_at,
                Appointment.reasons, Appointment.created_at,
            ),
            load_only(Choice.step, Choice.on, Choice.recorded_at),
        )
        .where(
            Conversation.closed_at.is_(None)
            | (Conversation.held_on >= bindparam("lately", type_=Date()))
        )
    )  # fmt: skip


DRAFT = aliased(Offer)


@built_once
def wanting() -> Select[int, str, date, datetime, int, datetime, str, str | None]:
    """Families that want to talk and for whom nothing is open, with when they said so and the offer
    that is ready.
    """
    asked = exists().where(Offer.open_family == Family.id)
    unanswered = exists().where(
        Task.family_id == Family.id, Task.kind == "unanswered_offer", Task.closed_at.is_(None)
    )
    return (
        select(
            Family.id, Family.reference, Choice.on, Choice.recorded_at, DRAFT.peer_id,
            DRAFT.made_at, Peer.first_name, Peer.surname,
        )
        .select_from(Family)
        .join(Choice, Choice.id == last_said(Choice.id))
        .outerjoin(DRAFT, (DRAFT.family_id == Family.id) & (DRAFT.state == "draft"))
        .outerjoin(Peer, Peer.id == DRAFT.peer_id)
        .where(
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
            Family.closed_to_matchers.is_(False),
            Choice.step == "wants_to_talk",
            ~asked,
            ~unanswered,
        )
    )  # fmt: skip


def offers_due(rules: Rules, last: Mapping[int, Conversation]) -> list[Item]:
    """Families that want to talk and for whom nothing is open; the next peer, where one is ready.
    `last` is each family's last conversation that is over.

    Nobody is asked for twice: an open task about unanswered offers stands for the family.
    """
    wants = {row.id: row for row in plain_rows(wanting())}
    return [
        offer_due(row, rules)
        for family_id, row in wants.items()
        if family_id not in last or said_since(row, last[family_id])
    ]


def offer_due(wants: Any, rules: Rules) -> Item:
    """The offer to send, or to make, for a row of `wanting`."""
    if wants.peer_id is not None:
        return Item(
            kind="next_offer",
            why=f"{short(wants.first_name, wants.surname)} is next. Read the offer and send it.",
            due_at=end_of_working_day(wants.made_at, 1),
            since=wants.made_at,
            endpoint="conversations.check",
            values={"reference": wants.reference, "peer_id": wants.peer_id},
            button="Check and send",
            family_id=wants.id,
        )
    return Item(
        kind="offer_due",
        why="Wants to talk to a parent, and nobody has been asked yet.",
        due_at=evening_after(wants.on, rules.offer_target_days),
        since=wants.recorded_at,
        endpoint="conversations.match",
        values={"reference": wants.reference},
        button="Choose a peer parent",
        family_id=wants.id,
    )


def is_due(conversation: Conversation, appointment: Appointment | None, at: datetime) -> bool:
    return (
        appointment is None
        or appointment.status == "provisional"
        or appointment.ends_at < at - AFTER_END
    )


def dated(
    conversation: Conversation,
    appointment: Appointment | None,
    said: Choice | None,
    rules: Rules,
    at: datetime,
) -> Item:
    """A date to agree, a link to add, or how it went."""
    here = {"conversation_id": conversation.id}
    if conversation.outcome is not None or (appointment and appointment.ends_at < at - AFTER_END):
        day = conversation.held_on or day_of(conversation.created_at)
        since = appointment.ends_at if appointment else evening(day)
        when = for_staff(appointment.starts_at) if appointment else staff_date(day)
        return Item(
            kind="outcome_due", why=f"The conversation on {when} is over. How did it go?",
            due_at=end_of_working_day(since, 1), since=since,
            endpoint="conversations.outcome", values=here, button="Record it",
            family_id=conversation.family_id, owner_id=conversation.host_id,
        )  # fmt: skip
    if appointment is not None:
        return Item(
            kind="to_check", why=" ".join(sentence for _code, sentence in appointment.reasons),
            due_at=appointment.starts_at, since=appointment.created_at,
            endpoint="conversations.conversation", values=here, button="Complete it",
            family_id=conversation.family_id, owner_id=conversation.host_id,
        )  # fmt: skip
    asked_on = said.on if said and said.step == "wants_to_talk" else day_of(conversation.created_at)
    due = max(
        evening_after(asked_on, rules.date_target_days),
        end_of_working_day(conversation.created_at, 1),
    )
    return Item(
        kind="date_due", why="The peer parent said yes. Agree a time with the family.",
        due_at=due, since=conversation.created_at, endpoint="conversations.book", values=here,
        button="Agree a time", family_id=conversation.family_id, owner_id=conversation.host_id,
    )  # fmt: skip


def debrief(conversation: Conversation, rules: Rules) -> Item:
    day = conversation.held_on or day_of(conversation.created_at)
    return Item(
        kind="debrief", why="They talked. Ask the peer parent how it was.",
        due_at=evening_after(day, rules.debrief_target_days), since=clock.midnight(day),
        endpoint="conversations.debrief", values={"conversation_id": conversation.id},
        button="Debrief", peer_id=conversation.peer_id, owner_id=conversation.host_id,
    )  # fmt: skip


def last_closed(conversations: Sequence[Conversation]) -> Mapping[int, Conversation]:
    """The last conversation of each family that was held and is over."""
    over = [
        conversation
        for conversation in conversations
        if conversation.outcome == "held" and conversation.closed_at is not None
    ]
    return {
        conversation.family_id: conversation
        for conversation in sorted(over, key=lambda conversation: conversation.id)
    }


def said_since(choice: Any, conversation: Conversation) -> bool:
    """Whether the family has said something since how the conversation went was recorded, or on a
    later day.
    """
    assert conversation.closed_at is not None, "a conversation that is over"
    later_day = conversation.held_on is not None and choice.on > conversation.held_on
    return bool(later_day or choice.recorded_at >= conversation.closed_at)


def asks_decision(conversation: Conversation, said: Choice | None) -> bool:
    return said is None or not said_since(said, conversation)


def decision(conversation: Conversation) -> Item:
    day = conversation.held_on or day_of(conversation.created_at)
    return Item(
        kind="decision_due", why="They talked to a parent. Ask what they would like now.",
        due_at=evening_after(day, ASK_AFTER_DAYS), since=clock.midnight(day),
        endpoint="conversations.conversation", values={"conversation_id": conversation.id},
        button="Ask them", family_id=conversation.family_id,
    )  # fmt: skip


def day_of(at: datetime) -> date:
    return clock.london(at).date()
