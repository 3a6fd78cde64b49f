"""The fact behind a broken rule, in a few words for staff: when training ended, which language.

Only for rules that are shown; a break has no reason, and hidden rules have no facts.
"""

from collections.abc import Callable

from app import times
from app.matching.people import WAY_WORDS, Peer
from app.matching.search import WAYS_IN_ORDER, Search, months_after


def fact(code: str, search: Search, peer: Peer) -> str:
    """A few words that make the rule plain for this peer; '' where the rule says enough."""
    found = _FACTS.get(code)
    return found(search, peer) if found else ""


def _training(search: Search, peer: Peer) -> str:
    if peer.trained_on is None or peer.trained_on > search.today:
        return "not trained yet"
    ended = peer.training_until
    return f"training ended {times.staff_date(ended, search.today)}" if ended else ""


def _checks(search: Search, peer: Peer) -> str:
    until = peer.checks_until
    return (
        f"checks ended {times.staff_date(until, search.today)}" if until else "no checks recorded"
    )


def _finished(search: Search, peer: Peer) -> str:
    done = peer.vig_completed_on
    if done is None:
        return "when VIG ended is not recorded"
    from_day = months_after(done, search.rules.peer_months_after_vig)
    return f"can be asked from {times.staff_date(from_day, search.today)}"


def _languages(search: Search, peer: Peer) -> str:
    return ", ".join(sorted(peer.languages))


def _ways(search: Search, peer: Peer) -> str:
    return " or ".join(WAY_WORDS[way] for way in WAYS_IN_ORDER if way in peer.ways) + " only"


def _times(search: Search, peer: Peer) -> str:
    rough = peer.free.rough_words() if peer.free else ()
    words = f"{', '.join(rough)} only" if rough else "no free times"
    return (
        f"{words}, and an interpreter needs twice the time"
        if search.through_interpreter(peer)
        else words
    )


def _must(search: Search, peer: Peer) -> str:
    return "no " + ", ".join(sorted(search.family.musts - peer.circumstances))


def _open_offer(search: Search, peer: Peer) -> str:
    until = peer.open_offer_until
    return f"until {times.for_staff(until, search.today)}" if until else ""


def _full(search: Search, peer: Peer) -> str:
    return f"{peer.conversations_this_month} of {search.monthly_limit(peer)}"


_FACTS: dict[str, Callable[[Search, Peer], str]] = {
    "not_trained": _training,
    "checks_lapsed": _checks,
    "vig_too_recent": _finished,
    "no_shared_language": _languages,
    "no_shared_way": _ways,
    "no_common_time": _times,
    "must_missing": _must,
    "open_offer": _open_offer,
    "full_this_month": _full,
}
