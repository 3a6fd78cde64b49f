"""The score: how well a peer parent fits a family, out of 100, as a sum of seven numbers.

Each part's number is made here, once; `reasons.py` prints the same numbers with their words. What
is not known gives nothing, so that telling us less never puts anybody first. No part reads
gender or name.
"""

from functools import lru_cache

from app.matching.near import outcode
from app.matching.people import IN_PERSON, NEAR_CARERS, Peer
from app.matching.search import Search
from app.matching.times import separate

# They add to 100. In person the way to talk counts 5 and the distance 5.
CARER_MOST, AGE_MOST, CIRCUMSTANCES_MOST, WAY_MOST, TIME_MOST, REST_MOST = 25, 20, 20, 10, 15, 10
DISTANCE_MOST = 5
NEAR_CARER = 10  # both care for a child not born to them, or both belong to the birth family
EACH_CIRCUMSTANCE = 7
NOT_LIKED_BEST = 6  # of 10: a way that the family takes, but not the one they like best
EACH_TIME = 3
MINUTES_A_POINT = 15  # of driving: each quarter of an hour costs one of the distance's points


def points(search: Search, peer: Peer, starts: int | None) -> int:
    """The score out of 100; `starts` are the common starts from `Search.starts`."""
    return (
        _alike(search, peer)
        + (_shared(search, peer) if search.told else 0)
        + _reached(search, peer)
        + (time_points(search, peer, starts) if starts else 0)
        + (rest_points(search, peer) if peer.last_conversation_on else REST_MOST)
    )


def _alike(search: Search, peer: Peer) -> int:
    """The parts about carer and child, worked out once for all peers of whom the same is known."""
    known = peer.carer_type, peer.child_months_then
    found = search.shared.get(known)
    if found is None:
        found = search.shared[known] = carer_points(search, peer) + age_points(search, peer)
    return found


def _shared(search: Search, peer: Peer) -> int:
    """The part about circumstances, in the same way."""
    known = peer.circumstances, peer.may_be_told
    found = search.shared.get(known)
    if found is None:
        found = search.shared[known] = circumstances_points(search, peer)
    return found


def _reached(search: Search, peer: Peer) -> int:
    """The parts about how the two would talk, in the same way."""
    known = peer.ways, peer.languages, peer.sector
    found = search.shared.get(known)
    if found is None:
        found = search.shared[known] = way_points(search, peer) + distance_points(search, peer)
    return found


def carer_points(search: Search, peer: Peer) -> int:
    """25 for the same type of carer, 10 for a near one. A mum and a dad are the same type."""
    return _likeness(search.family.carer_type, peer.carer_type)


@lru_cache(maxsize=256)
def _likeness(mine: str | None, theirs: str | None) -> int:
    if mine is None or theirs is None:
        return 0
    if mine == theirs:
        return CARER_MOST
    return NEAR_CARER if any(mine in kind and theirs in kind for kind in NEAR_CARERS) else 0


def age_points(search: Search, peer: Peer) -> int:
    """20 where the peer's child was as old as a child of the family is now, 0 from about twice
    that.

    A year is added to both ages, and half is left at one and a half times: 2 and 3 years are
    near, a newborn and a child of 1 are not. The nearest of several children counts.
    """
    return _closest(search.family.child_months, peer.child_months_then)


@lru_cache(maxsize=4096)
def _closest(ages: tuple[int, ...], then: int | None) -> int:
    return 0 if then is None else max((_closeness(now, then) for now in ages), default=0)


def _closeness(now: int, then: int) -> int:
    younger, older = max(now, 0) + 12, max(then, 0) + 12
    if younger > older:
        younger, older = older, younger
    return max(0, AGE_MOST * (2 * younger - older) // younger)


def circumstances_points(search: Search, peer: Peer) -> int:
    """7 for each shared circumstance that both allow to be mentioned, 20 at most."""
    return min(CIRCUMSTANCES_MOST, EACH_CIRCUMSTANCE * len(both_allow(search, peer)))


def both_allow(search: Search, peer: Peer) -> frozenset[str]:
    """The circumstances that both have been through and both ticked as "may be mentioned"."""
    both = search.told & peer.may_be_told
    return both & peer.circumstances if both else both


def way_points(search: Search, peer: Peer) -> int:
    """10 for the way that the family likes best, or any if they like none best, else 6.

    Through an interpreter these are halved, because a shared language is better. In person they are
    halved too: the other half is the distance.
    """
    way = search.way(peer.ways)
    if way is None:
        return 0
    best = search.family.likes_best
    full = WAY_MOST if best is None or best == way else NOT_LIKED_BEST
    if search.through_interpreter(peer):
        full //= 2
    return full * (WAY_MOST - DISTANCE_MOST) // WAY_MOST if way == IN_PERSON else full


def distance_points(search: Search, peer: Peer) -> int:
    """In person only: 5, less one for each quarter of an hour of driving."""
    if search.way(peer.ways) != IN_PERSON:
        return 0
    minutes = drive(search, peer)
    return 0 if minutes is None else max(0, DISTANCE_MOST - minutes // MINUTES_A_POINT)


def drive(search: Search, peer: Peer) -> int | None:
    """Minutes between the two; None where one's district is not known."""
    district = outcode(peer.sector)
    return search.minutes_to.get(district) if district else None


def time_points(search: Search, peer: Peer, starts: int | None) -> int:
    """3 for each separate time that both are free in the fortnight, 15 at most."""
    if not starts:
        return 0
    return min(TIME_MOST, EACH_TIME * separate(starts))


def rest_points(search: Search, peer: Peer) -> int:
    """10 after a full rest (`peer_rest_days`) since the last conversation, in proportion before."""
    last = peer.last_conversation_on
    if last is None:
        return REST_MOST
    days = max(0, (search.today - last).days)
    return min(REST_MOST, REST_MOST * days // search.rules.peer_rest_days)
