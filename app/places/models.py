"""Places and their rooms, when one is closed for a time, the drives that somebody measured, and
where postcodes lie. A home belongs to a family, kept as a plain number.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, say
from app.windows import Windows

KINDS = {
    "home": "Family’s home",
    "venue": "Family hub or office",
    "school": "School",
    "hospital": "Hospital",
    "online": "Video link",
    "phone": "Phone",
}
TRAVELLED_TO = ("home", "venue", "school", "hospital")


class Place(Model):
    """Somewhere an appointment happens. `hours` None means always open; `signal` is
    good|patchy|none.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('home', 'venue', 'school', 'hospital', 'online', 'phone')", name="kind"
        ),
        Index("ix_place_kind", "kind", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(String(10))
    family_id: Mapped[int | None] = mapped_column(index=True)
    hours: Mapped[Windows | None]
    step_free: Mapped[bool | None]
    signal: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(20))
    notes: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    rooms: Mapped[list["Room"]] = relationship(lazy="raise", order_by="Room.id")

    @property
    def is_travelled_to(self) -> bool:
        return self.kind in TRAVELLED_TO


class Room(Model):
    """A room of a place; one appointment at a time."""

    __tablename__ = "room"
    __table_args__ = (Index("uq_room_place_id", "place_id", "name", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    closed_at: Mapped[datetime | None]


class Closure(Model):
    """A time for which a place, or one room of it, is closed."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_closure_ends_at", "ends_at"),
        Index("ix_closure_place_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    place: Mapped[Place] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")

    @property
    def what(self) -> str:
        """What is closed: 'Truro Family Hub', or 'Room 1, Truro Family Hub'."""
        return f"{self.room.name}, {self.place.name}" if self.room else self.place.name


class MeasuredDrive(Model):
    """Minutes to drive from one place to another, parking included, as somebody measured them:
    this way only."""

    __tablename__ = "measured_drive"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_places"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("uq_measured_drive_from_id", "from_id", "to_id", unique=True),
        Index("ix_measured_drive_to_id", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"))
    minutes: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class Postcode(Model):
    """Where a full postcode lies, from an imported file: degrees on WGS 84."""

    __tablename__ = "postcode"
    __table_args__ = {"sqlite_with_rowid": False}

    postcode: Mapped[str] = mapped_column(String(8), primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    load_id: Mapped[int]


class PostcodeLoad(Model):
    """One reading of a file of postcodes; `rows` None while it goes on."""

    __tablename__ = "postcode_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


say("uq_room_place_id", "This place has a room of that name already.", "rooms")
