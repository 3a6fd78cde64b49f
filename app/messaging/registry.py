"""The three tables through which messaging asks those above it; wiring fills and freezes them.

Recipients: who somebody is and whether they may be texted. Purposes: whether a message is still
wanted and what it says. Readers: who understands a reply, asked in order.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.messaging.models import Outbox, Reply
from app.registry import Registry
from app.windows import Windows


@dataclass(frozen=True)
class Recipient:
    """What messaging may know of a person, read afresh in the claim.

    `refusal` is why no text may go to them (a sentence for staff), or None where texting is safe.
    `email_refusal` the same for invitations; `by_email`: they are told by e-mail what others are
    told by text, because that is safe and texting is not, or they would rather. `safe_times` None
    means no limit of their own.
    """

    kind: str
    id: int
    name: str
    number: str | None
    email: str | None
    refusal: str | None
    email_refusal: str | None
    wording: str
    link_ok: bool
    safe_times: Windows | None
    family_id: int | None = None
    peer_id: int | None = None
    introduced: bool = True  # False: the first text to this number says who texts
    language: str = "English"  # as their record names it
    reads_english: bool = True
    by_email: bool = False


@dataclass(frozen=True)
class Message:
    """What to send: a text's body, or a whole e-mail as bytes with its subject for the log.

    `language` is a text's, as in `languages.py`, or None where a person wrote it; `foreign` that it
    is in English because there are no words in the language which its reader reads.
    """

    body: str
    email: bytes | None = None
    language: str | None = None
    foreign: bool = False


class Unfit(Exception):
    """A message that may not go as it came out. The reason, a sentence, names nobody; who made it
    has asked a person to see to it."""


@dataclass(frozen=True)
class Purpose:
    """A kind of message.

    `unwanted(row, recipient, at)` says in a sentence why it should not go any more, or None.
    `make(row, recipient, at)` makes it, in the claim, or raises Unfit. `urgent` ones go at any hour
    (alarms to staff; a person's decision for a same-day change is `payload["now"]`). `alarm` ones
    may be sent twice and take a path of their own; one that `expires` not goes however late. A
    `reminder` is held back within 12 hours of another text about the same thing. What may go
    `by_email` goes so to whoever is told by e-mail (`channel_of`): `make` then makes a mail.
    """

    unwanted: Callable[[Outbox, Recipient, datetime], str | None]
    make: Callable[[Outbox, Recipient, datetime], Message]
    urgent: bool = False
    alarm: bool = False
    expires: bool = True
    words: str = ""
    reminder: bool = False
    by_email: bool = False


@dataclass(frozen=True)
class Foreseen:
    """What a message that waits would say if it went at its time, as things are now; or why it
    would not go by itself (`unsent`). `language` is that of the words.
    """

    words: str = ""
    unsent: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Due:
    """A row that waits, whom it is for, and when it would go; `now` by a person's decision."""

    row: Outbox
    person: Recipient
    goes_at: datetime
    now: bool = False


@dataclass(frozen=True)
class Reading:
    """What a reader made of a reply: its name, words for the thread, and whom and what it
    concerns.
    """

    reader: str
    outcome: str
    person_kind: str | None = None
    person_id: int | None = None
    about_kind: str | None = None
    about_id: int | None = None


@dataclass(frozen=True)
class Step:
    """A button under a thread: where it leads, or what it posts to."""

    words: str
    href: str
    main: bool = False
    post: bool = False
    fields: dict[str, Any] = field(default_factory=dict)  # hidden values of a post


@dataclass(frozen=True)
class Concern:
    """What a person is in, as their thread shows it: 'Video session, Wed 25 Nov 14:00'."""

    words: str
    detail: str = ""
    steps: Sequence[Step] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a thread takes from above, for one kind of person (by id).

    `page` is the address and the reference of their record, `together` the address of the thread of
    everybody on it; `private_words` what no text in
    neutral or strict wording may say (children's names, streets); `concerns` what is open with
    them; `note_read` records that a member of staff read the thread, before it is shown.
    """

    page: Callable[[int], tuple[str, str] | None] = field(default=lambda _: None)
    together: Callable[[int], str | None] = field(default=lambda _: None)
    private_words: Callable[[int], Sequence[str]] = field(default=lambda _: ())
    concerns: Callable[[int, datetime], Sequence[Concern]] = field(default=lambda _, __: ())
    note_read: Callable[[int, Any, datetime], None] = field(default=lambda _, __, ___: None)


# kind ('carer', 'peer', 'staff') -> id -> Recipient, or None where the row is gone
recipients: Registry[Callable[[int], Recipient | None]] = Registry("messaging.recipients")
purposes: Registry[Purpose] = Registry("messaging.purposes")
# In order of adding; each takes the reply and the instant it is read, returns a Reading or None.
readers: Registry[Callable[[Reply, datetime], Reading | None]] = Registry("messaging.readers")
# number (E.164) -> [(kind, id, name shown to staff, family_id)] of everybody with this number
owners: Registry[Callable[[str], list[tuple[str, int, str, int | None]]]] = Registry(
    "messaging.owners"
)
# person kind -> (id, user) -> whether this member of staff may read the thread with that person
visible: Registry[Callable[[int, Any], bool]] = Registry("messaging.visible")
# the same for several at once -> the names of those whose thread this member of staff may read
readable: Registry[Callable[[Collection[int], Any], Mapping[int, str]]] = Registry(
    "messaging.readable"
)
# person kind -> (part of a name or of a number) -> the ids of those who have it, for searching
named: Registry[Callable[[str], Sequence[int]]] = Registry("messaging.named")
# what rows are about -> several of them -> what each would say, by its id: in a few statements,
# without a trace (no link is made, nothing is noted)
foresight: Registry[Callable[[Sequence[Due]], Mapping[int, Foreseen]]] = Registry(
    "messaging.foresight"
)
surroundings: Registry[Surroundings] = Registry("messaging.surroundings")
# What else happens when somebody in danger writes: the reply, its owners' family ids, when; the
# words for the thread ("Morwenna told"), or None. It queues the text to the duty manager in the
# same transaction.
on_danger: Registry[Callable[[Reply, list[int], datetime], str | None]] = Registry(
    "messaging.on_danger"
)


def channel_of(row: Outbox, person: Recipient) -> str:
    """How this row reaches this person as they are now: what may go by e-mail goes as they chose;
    a text that may not, and an invitation, stay what they are.
    """
    if row.purpose in purposes and purposes[row.purpose].by_email:
        return "email" if person.by_email else "text"
    return row.channel


def recipient(kind: str, person_id: int) -> Recipient | None:
    """The person a row is for, as they are now."""
    return recipients[kind](person_id)


def owners_of(number: str) -> list[tuple[str, int, str, int | None]]:
    """Everybody whose number this is: carers, peers, staff."""
    return [owner for find in owners.values() for owner in find(number)]


def payload(row: Outbox, key: str, default: Any = None) -> Any:
    return (row.payload or {}).get(key, default)


def around(kind: str) -> Surroundings:
    """What threads with this kind of person take from above; nothing where nobody said."""
    return surroundings[kind] if kind in surroundings else Surroundings()
