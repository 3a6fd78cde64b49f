"""What packages above peers add: how busy each peer parent is, and what follows when one cannot be
asked any more.

Filled by wiring. What follows is called in the transaction of the act.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from app.access import User
from app.families.models import Family
from app.peers.models import Peer
from app.registry import Registry


class Load(NamedTuple):
    """What a peer parent has on now: conversations counted for this month, an open offer, the last
    conversation.
    """

    this_month: int = 0
    open_offer_until: datetime | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Happened:
    """A line on a peer parent's page: an offer or a conversation, with which family, where it
    opens.
    """

    at: datetime
    words: str
    about: str
    endpoint: str
    values: dict[str, Any]


# (ids, or None for everybody; now) -> the loads of those who have any
loads: Registry[Callable[[Collection[int] | None, datetime], Mapping[int, Load]]] = Registry(
    "peers.loads"
)
# (peer, 'left' or 'break', by, at): open offers and conversations to come need a person
on_away: Registry[Callable[[Peer, str, Any, datetime], None]] = Registry("peers.on_away")
# (peer, family, by, at): the two were just kept apart
on_exclusion: Registry[Callable[[Peer, Family, Any, datetime], None]] = Registry(
    "peers.on_exclusion"
)

# (user, peer) -> their offers and conversations that this user may see, newest first
happened: Registry[Callable[[User, Peer], Sequence[Happened]]] = Registry("peers.happened")


def loads_of(ids: Collection[int] | None, at: datetime) -> Mapping[int, Load]:
    """The loads of these peer parents (None: of all); nobody has one before wiring says so."""
    found: dict[int, Load] = {}
    for read in loads.values():
        found.update(read(ids, at))
    return found
