"""Who and what a spreadsheet's words mean among the records there are: staff, places, numbers.

A name is compared without capitals, accents and apostrophes. What could mean two is nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Staff
from app.db import db
from app.families.models import Carer, Family
from app.peers.models import Peer
from app.places.models import Place
from app.spreadsheets.values import fold, key

T = TypeVar("T")

FAMILY, PEER, STAFF = "another family", "a peer parent", "a member of staff"


def the_only(found: Iterable[T]) -> T | None:
    """The one that was found, or None where there is none or more than one."""
    all_found = list(found)
    return all_found[0] if len(all_found) == 1 else None


SHORT_FOR = {"rd": "road", "ave": "avenue", "ctr": "centre", "center": "centre", "sch": "school"}


def words_of(name: str) -> list[str]:
    words = [key(word) for word in fold(name).replace(".", ". ").split()]
    return [SHORT_FOR.get(word, word) for word in words if word]


class Team:
    """The staff by the names that people write: 'Tamsin Nance', 'T. Nance', 'Tamsin'."""

    def __init__(self) -> None:
        self._people: Sequence[Staff] = db.session.scalars(select(Staff).order_by(Staff.id)).all()

    def called(self, written: str, *, also_left: bool = False) -> Staff | None:
        """Whose name this is among those who work here; `also_left`: else among all."""
        here = [person for person in self._people if person.active]
        return self._among(here, written) or (
            self._among(self._people, written) if also_left else None
        )

    def _among(self, people: Sequence[Staff], written: str) -> Staff | None:
        if not key(written):
            return None
        same = [person for person in people if key(person.name) == key(written)]
        return the_only(same) or the_only(p for p in people if could_be(written, p.name))


def could_be(written: str, name: str) -> bool:
    """Whether this may be short for the name: its words, in order, whole or as initials."""
    short, whole = words_of(written), words_of(name)
    if not short or len(short) > len(whole):
        return False
    if len(short) == 1:
        return len(short[0]) > 1 and short[0] in (whole[0], whole[-1])
    first, last = short[0] in (whole[0], whole[0][:1]), short[-1] in (whole[-1], whole[-1][:1])
    return first and last and (len(short[0]) > 1 or len(short[-1]) > 1)


class Places:
    """Places that people travel to, by the names that people write: 'Truro hub' is the one whose
    name has both words.
    """

    def __init__(self) -> None:
        self._places: Sequence[Place] = db.session.scalars(
            select(Place)
            .where(Place.kind != "home", Place.closed_at.is_(None))
            .options(selectinload(Place.rooms))
            .order_by(Place.id)
        ).all()

    def called(self, written: str) -> Place | None:
        same = [place for place in self._places if key(place.name) == key(written)]
        wanted = {word for word in words_of(written) if word not in ("the", "at")}
        return the_only(same) or the_only(
            place for place in self._places if wanted and wanted <= set(words_of(place.name))
        )


class Numbers:
    """Who has a phone number: records there were before the import, and the other files of it."""

    def __init__(self, peers: Iterable[str], staff: Iterable[str]) -> None:
        self._holders: Mapping[str, set[str]] = defaultdict(set)
        standing = (
            select(Carer.mobile, Carer.landline)
            .join(Family, Family.id == Carer.family_id)
            .where(Carer.left_on.is_(None), Family.merged_into_id.is_(None))
            .where(or_(Carer.mobile.is_not(None), Carer.landline.is_not(None)))
        )
        for mobile, landline in db.session.execute(standing):
            self._add(FAMILY, (mobile, landline))
        self._add(PEER, peers)
        self._add(PEER, db.session.scalars(select(Peer.mobile).where(Peer.status != "left")))
        self._add(STAFF, staff)
        self._add(STAFF, db.session.scalars(select(Staff.mobile).where(Staff.left_at.is_(None))))

    def _add(self, who: str, numbers: Iterable[str | None]) -> None:
        for number in numbers:
            if number:
                self._holders[number].add(who)

    def also_of(self, number: str, *, but: str = "") -> str:
        """'a peer parent and a member of staff', or '' where nobody else has it."""
        return " and ".join(sorted(self._holders.get(number, set()) - {but}))


def known_by(rows: Iterable[T], name: Callable[[T], str]) -> dict[str, T]:
    """Records by a name of theirs, the first of each."""
    found: dict[str, T] = {}
    for row in rows:
        found.setdefault(name(row), row)
    return found
