"""Which hard rules stand between one family and one peer parent, as bits of `rules.BIT`.

`first_tier` stops at the first tier that blocks, which is all that a list of 1,500 needs;
`every_tier` tells the whole truth about one pair, and is what an act asks again before an offer
is sent and before it is accepted.
"""

from app.matching.limits import Meaning
from app.matching.near import outcode
from app.matching.people import Peer
from app.matching.rules import BIT
from app.matching.search import Search

NO_CONSENT = BIT["no_consent"]
LEFT = BIT["left"]
PAUSED = BIT["paused"]
NOT_TRAINED = BIT["not_trained"]
CHECKS_LAPSED = BIT["checks_lapsed"]
VIG_TOO_RECENT = BIT["vig_too_recent"]
SAME_FAMILY = BIT["same_family"]
EXCLUSION = BIT["exclusion"]
SAME_SECTOR = BIT["same_sector"]
SAME_SCHOOL = BIT["same_school"]
NOT_FROM_THERE = BIT["not_from_there"]
PLACE_NOT_KNOWN = BIT["place_not_known"]
PEER_LIMIT = BIT["peer_limit"]
NO_SHARED_LANGUAGE = BIT["no_shared_language"]
NO_SHARED_WAY = BIT["no_shared_way"]
NO_COMMON_TIME = BIT["no_common_time"]
GENDER_WISH = BIT["gender_wish"]
MUST_MISSING = BIT["must_missing"]
DECLINED_BEFORE = BIT["declined_before"]
OPEN_OFFER = BIT["open_offer"]
FULL_THIS_MONTH = BIT["full_this_month"]


def first_tier(search: Search, peer: Peer) -> tuple[int, int | None]:
    """The broken rules of the most severe tier that blocks, and the starts that both could take.

    The starts are worked out only for those whom no closed or safety rule stops (None: not known,
    ask).
    """
    bits = closed(search, peer) or safety(search, peer)
    if bits:
        return bits, None
    starts = search.starts(peer)
    return practical(search, peer, starts), starts


def every_tier(search: Search, peer: Peer) -> int:
    """Every broken rule of the pair."""
    return (
        closed(search, peer) | safety(search, peer) | practical(search, peer, search.starts(peer))
    )


def closed(search: Search, peer: Peer) -> int:
    """What nobody overrides: put the record right, or wait."""
    today = search.today
    bits = 0
    if not search.family.wants_to_talk:
        bits |= NO_CONSENT
    if peer.status != "active":
        bits |= PAUSED if peer.status == "paused" else LEFT
    if peer.break_until is not None and peer.break_until >= today:
        bits |= PAUSED
    if peer.trained_on is None or peer.trained_on > today:
        bits |= NOT_TRAINED
    if peer.training_until is not None and peer.training_until < today:
        bits |= NOT_TRAINED
    if peer.checks_until is None or peer.checks_until < today:
        bits |= CHECKS_LAPSED
    if peer.vig_completed_on is None or peer.vig_completed_on > search.vig_before:
        bits |= VIG_TOO_RECENT
    if peer.family_id == search.family.id:
        bits |= SAME_FAMILY
    return bits


def safety(search: Search, peer: Peer) -> int:
    """What only a manager may choose against: they may know, or must not meet, each other."""
    family = search.family
    bits = EXCLUSION if peer.id in search.excluded else 0
    if not (family.near_is_fine and peer.near_is_fine):
        if peer.sector is not None and peer.sector == search.sector:
            bits |= SAME_SECTOR
        if peer.schools and family.schools and search.shares_school(peer.schools):
            bits |= SAME_SCHOOL
    if family.not_from:
        if peer.sector is None:
            bits |= PLACE_NOT_KNOWN
        elif outcode(peer.sector) in family.not_from:
            bits |= NOT_FROM_THERE
    for limit in peer.limits:
        if search.limit(limit) is Meaning.PLACE_NOT_KNOWN:
            bits |= PLACE_NOT_KNOWN
    return bits


def practical(search: Search, peer: Peer, starts: int | None) -> int:
    """What a coordinator may choose against, with a reason (a peer's own limit: a manager)."""
    bits = _wishes(search, peer) | _talking(search, peer)
    if starts == 0:
        bits |= NO_COMMON_TIME
    if peer.open_offer_until is not None and peer.open_offer_until > search.at:
        bits |= OPEN_OFFER
    if peer.conversations_this_month >= search.monthly_limit(peer):
        bits |= FULL_THIS_MONTH
    return bits


def _talking(search: Search, peer: Peer) -> int:
    """What stands between them by language and way to talk, worked out once for all peers of whom
    the same is known."""
    known = peer.languages, peer.ways
    bits = search.apart.get(known)
    if bits is None:
        bits = 0
        if not search.interpreter_comes and not search.shares_language(peer):
            bits |= NO_SHARED_LANGUAGE
        if peer.ways and search.family.ways and search.way(peer.ways) is None:
            bits |= NO_SHARED_WAY
        search.apart[known] = bits
    return bits


def _wishes(search: Search, peer: Peer) -> int:
    family = search.family
    bits = 0
    for limit in peer.limits:
        if search.limit(limit) is Meaning.BLOCKS:
            bits |= PEER_LIMIT
    if family.gender_wish is not None and peer.gender != family.gender_wish:
        bits |= GENDER_WISH
    if family.musts and not family.musts <= peer.circumstances:
        bits |= MUST_MISSING
    if peer.id in family.declined_by:
        bits |= DECLINED_BEFORE
    return bits
