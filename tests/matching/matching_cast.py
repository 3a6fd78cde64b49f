"""One family and one peer parent whom nothing keeps apart; tests change one thing at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from app.matching import near
from app.matching.people import Family, Peer
from app.matching.ranking import Ranking, rank
from app.matching.times import FreeTimes
from app.settings.rules import Rules
from app.windows import read_windows

AT = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)  # a Tuesday
TODAY = date(2026, 11, 24)
RULES = Rules()
NO_PAIRS: frozenset[tuple[int, int]] = frozenset()


def words(*these: str) -> frozenset[str]:
    return frozenset(these)


def free(text: str | None) -> FreeTimes | None:
    return FreeTimes.of(read_windows(text)) if text else None


FAMILY = Family(
    id=1047,
    carer_type="adoptive",
    carer_gender="woman",
    child_months=(30,),
    circumstances=words("adoption", "sleep", "separation"),
    may_be_told=words("adoption", "sleep"),
    languages=words("English"),
    ways=words("phone", "video"),
    likes_best="phone",
    free=free("Tue, Thu 18:30-20:30; Mon 18-20"),
    sector="TR10 8",
    schools=near.schools("Trevu Primary School"),
)
PEER = Peer(
    id=1,
    status="active",
    trained_on=date(2024, 5, 28),
    checks_until=date(2028, 10, 6),
    vig_completed_on=date(2024, 1, 26),
    carer_type="adoptive",
    gender="woman",
    child_months_then=28,
    circumstances=words("adoption", "sleep", "twins"),
    may_be_told=words("adoption", "sleep", "twins"),
    languages=words("English"),
    ways=words("phone", "video"),
    free=free("Tue, Thu 18:30-21:00"),
    sector="PL25 5",
    schools=near.schools("Penmellyn School"),
    monthly_limit=3,
    last_conversation_on=date(2026, 10, 20),
)


def family(**changes: Any) -> Family:
    return replace(FAMILY, **changes)


def peer(id: int = 1, **changes: Any) -> Peer:
    return PEER._replace(id=id, **changes)


def ranked(*peers: Peer, about: Family = FAMILY, **more: Any) -> Ranking:
    return rank(about, peers, more.pop("pairs", NO_PAIRS), more.pop("rules", RULES), at=AT, **more)
