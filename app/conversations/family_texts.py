"""The two texts to a family about a conversation: pick a time, and tell us what you decided.

They carry a link and so go only to a carer whose wording is full and who allowed links, or by
e-mail to whoever is told so; for others
the work list asks somebody to ring.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.conversations import shown
from app.conversations.models import Conversation, Offer
from app.db import db
from app.errors import DomainError
from app.families.models import Carer, Family
from app.links.tokens import make_link
from app.messaging import registry, said, wordings
from app.messaging.models import Outbox
from app.messaging.outbox import queue_text
from app.messaging.registry import Message, Purpose, Recipient, channel_of
from app.messaging.schedule import text_at_once
from app.pages import public_address
from app.scheduling.mail_words import closing
from app.scheduling.models import LIVE, Appointment
from app.scheduling.news_mail import mail_to
from app.settings.store import current
from app.working_days import is_working_day

LINK_LASTS = timedelta(days=30)
DECIDE_OF_USE = timedelta(days=7)
MAILS = {
    "choose_time": (
        "A time to talk",
        "Another parent can talk with you. Pick a time that suits you:",
    ),
    "decide": (
        "How would you like to go on?",
        "Any answer is fine. Tell us here:",
    ),
}
NO_LINK = "No link may go to this carer: ring, and record what they say."


def family_purposes() -> dict[str, Purpose]:
    """The two texts by name, for wiring."""
    return {
        "choose_time": Purpose(
            unwanted=choose_unwanted,
            make=make_choose,
            words="the question which time suits",
            by_email=True,
        ),
        "decide": Purpose(
            unwanted=decide_unwanted,
            make=make_decide,
            words="the question what they decided",
            by_email=True,
        ),
    }


def mail_text(words: str) -> str:
    """An e-mail that says this, and whom to ring."""
    return f"Hello,\n\n{words}\n\n{closing(wordings.FULL, wordings.Facts.of(current()))}"


def carer_of(family_id: int) -> Carer | None:
    """The carer whom a conversation concerns before anybody has said: the first who is present.

    None where two of them must not meet: a person says whom it is with, it is never guessed.
    """
    rows = (
        select(Carer, Family.carers_keep_apart)
        .join(Family, Family.id == Carer.family_id)
        .where(Carer.family_id == family_id, Carer.left_on.is_(None))
        .order_by(Carer.position, Carer.id)
    )
    present = db.session.execute(rows).all()
    if not present or (len(present) > 1 and present[0].carers_keep_apart):
        return None
    carer: Carer = present[0].Carer
    return carer


def carer_in(conversation: Conversation) -> Carer | None:
    """The carer with whom its newest appointment is, else whom it would be with."""
    chosen = db.session.scalars(
        select(Carer)
        .join(Appointment, Appointment.carer_id == Carer.id)
        .where(Appointment.conversation_id == conversation.id)
        .order_by(Appointment.id.desc())
        .limit(1)
    ).first()
    return chosen or carer_of(conversation.family_id)


def link_recipient(conversation: Conversation) -> Recipient | None:
    """The carer, where a text or an e-mail with a link may go to them now."""
    carer = carer_in(conversation)
    person = registry.recipient("carer", carer.id) if carer else None
    if person is None or not takes_link(person) or (person.refusal and not person.by_email):
        return None
    return person


def takes_link(person: Recipient) -> bool:
    """Its page speaks of another parent: full wording only. An e-mail may always carry a link, a
    text where the carer said that this is fine."""
    return person.wording == wordings.FULL and (person.link_ok or person.by_email)


def ask_for_time(conversation: Conversation, offer: Offer, *, at: datetime) -> None:
    """The family may pick a time on its own page, where that is safe; of use until the last one."""
    db.session.flush()
    times = [start for start in shown.as_times(offer.chosen_times) if start > at]
    person = link_recipient(conversation)
    if not times or person is None:
        return
    queue(conversation, "choose_time", person, at=at, until=times[-1])


def ask_what_they_decided(conversation: Conversation, *, at: datetime) -> None:
    """Staff have the family asked by text; raises DomainError where no link may go."""
    person = link_recipient(conversation)
    if person is None:
        raise DomainError(NO_LINK)
    queue(conversation, "decide", person, at=at, until=at + DECIDE_OF_USE)


def queue(
    conversation: Conversation, purpose: str, person: Recipient, *, at: datetime, until: datetime
) -> None:
    planned = text_at_once(purpose, at, until, person.safe_times, current(), is_working_day)
    if planned.cannot is not None:
        return  # the work list asks somebody to ring
    queue_text(
        purpose,
        about=("conversation", conversation.id),
        to=("carer", person.id),
        due_at=planned.due_at,
        expires_at=until,
        dedupe=f"conversation:{conversation.id}:{purpose}:{at:%Y%m%d}",
        at=at,
    )


def conversation_of(row: Outbox) -> Conversation | None:
    return db.session.get(Conversation, row.about_id, populate_existing=True)


def choose_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    conversation = conversation_of(row)
    if conversation is None or conversation.closed_at is not None:
        return "The conversation will not take place like this any more."
    if is_booked(conversation):
        return "A time is agreed already."
    return link_refusal(recipient)


def decide_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    conversation = conversation_of(row)
    if conversation is None or conversation.outcome != "held":
        return "The conversation was not held."
    return link_refusal(recipient)


def link_refusal(recipient: Recipient) -> str | None:
    return None if takes_link(recipient) else "They do not get links any more."


def is_booked(conversation: Conversation) -> bool:
    live = select(Appointment.id).where(
        Appointment.conversation_id == conversation.id, Appointment.status.in_(LIVE)
    )
    return db.session.scalar(live.limit(1)) is not None


def make_choose(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    return with_link("choose_time", row, recipient, at)


def make_decide(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    return with_link("decide", row, recipient, at)


def with_link(purpose: str, row: Outbox, recipient: Recipient, at: datetime) -> Message:
    token = make_link(
        "f", row.about_id, recipient.kind, recipient.id, expires_at=at + LINK_LASTS, at=at
    )
    link = public_address("family_links.show", token=token)
    if channel_of(row, recipient) == "email":
        subject, words = MAILS[purpose]
        return mail_to(recipient, subject, mail_text(f"{words}\n{link}"), row, at)
    facts = wordings.Facts.of(current(), link=link)
    first = not recipient.introduced
    return said.message(purpose, recipient, facts, first=first)
