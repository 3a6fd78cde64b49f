"""An appointment as days and diaries list it: the plain values of one row.

Lists are read often and change nothing; rows of the session take ten times as long to make. The
names are those of `Appointment`, so that what words an appointment words these too.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from app.accounts.models import Staff
from app.accounts.queries import Named
from app.db import UtcDateTime
from app.families.models import Carer, Family
from app.families.names import full, short
from app.families.queries import Reader, first_carer, may_see
from app.peers.models import Peer
from app.places.models import TRAVELLED_TO, Place, Postcode, Room
from app.places.travel import Point, Spot, spot_for
from app.prepared import built_once
from app.scheduling.models import LIVE, Appointment
from app.scheduling.records import point


class RoomOf(NamedTuple):
    id: int
    name: str


class Where(NamedTuple):
    """The place of an appointment, as `Place` has it."""

    id: int
    kind: str
    name: str
    postcode: str | None
    signal: str | None
    exact: Point | None = None

    @property
    def spot(self) -> Spot:
        return spot_for(self.postcode, self.id, self.exact)

    @property
    def is_travelled_to(self) -> bool:
        return self.kind in TRAVELLED_TO


class Listed(NamedTuple):
    """`name` is the family's; `seen`: whether the user for whom it was read may see that family.

    `peer` is the peer parent's short name.
    """

    id: int
    kind: str
    how: str
    status: str
    starts_at: datetime
    ends_at: datetime
    change_asked_at: datetime | None
    to_check: bool
    reference: str
    name: str
    seen: bool
    staff: Named
    second: Named | None
    peer: str | None
    place: Where | None
    room: RoomOf | None

    @property
    def staff_id(self) -> int:
        return self.staff.id

    @property
    def second_id(self) -> int | None:
        return self.second.id if self.second else None

    @property
    def place_id(self) -> int | None:
        return self.place.id if self.place else None

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


SECOND = aliased(Staff)


@built_once
def in_span(role: str) -> Select[*tuple[Any, ...]]:
    """The appointments that touch a span, from `begins` to `ends`, cancelled ones left out, each
    with whether a `reader` of this role may see its family.
    """
    begins, begins_after, ends = (
        bindparam(name, type_=UtcDateTime()) for name in ("begins", "begins_after", "ends")
    )
    return (
        select(
            Appointment.id, Appointment.kind, Appointment.how, Appointment.status,
            Appointment.starts_at, Appointment.ends_at, Appointment.change_asked_at,
            Appointment.to_check, Family.reference, Carer.first_name, Carer.surname,
            Staff.id.label("staff_id"), Staff.name.label("staff_name"),
            SECOND.id.label("second_id"), SECOND.name.label("second_name"),
            Peer.first_name.label("peer_name"), Peer.surname.label("peer_surname"),
            Place.id.label("place_id"), Place.kind.label("place_kind"),
            Place.name.label("place_name"), Place.postcode, Place.signal,
            Postcode.latitude, Postcode.longitude,
            Room.id.label("room_id"), Room.name.label("room_name"),
            may_see(Reader(role)).label("seen"),
        )
        .select_from(Appointment)
        .join(Family, Family.id == Appointment.family_id)
        .join(Staff, Staff.id == Appointment.staff_id)
        .outerjoin(Carer, Carer.id == first_carer())
        .outerjoin(SECOND, SECOND.id == Appointment.second_id)
        .outerjoin(Peer, Peer.id == Appointment.peer_id)
        .outerjoin(Place, Place.id == Appointment.place_id)
        .outerjoin(Postcode, Postcode.postcode == Place.postcode)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .where(
            Appointment.starts_at < ends,
            Appointment.starts_at > begins_after,
            Appointment.ends_at > begins,
            Appointment.status != "cancelled",
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )  # fmt: skip


def listed(row: Any) -> Listed:
    return Listed(
        id=row.id, kind=row.kind, how=row.how, status=row.status,
        starts_at=row.starts_at, ends_at=row.ends_at, change_asked_at=row.change_asked_at,
        to_check=row.to_check, reference=row.reference,
        name=full(row.first_name, row.surname) if row.first_name else row.reference,
        seen=row.seen,
        staff=Named(row.staff_id, row.staff_name),
        second=Named(row.second_id, row.second_name) if row.second_id else None,
        peer=short(row.peer_name, row.peer_surname) if row.peer_name else None,
        place=Where(
            row.place_id, row.place_kind, row.place_name, row.postcode, row.signal,
            point(row.latitude, row.longitude),
        )
        if row.place_id else None,
        room=RoomOf(row.room_id, row.room_name) if row.room_id else None,
    )  # fmt: skip
