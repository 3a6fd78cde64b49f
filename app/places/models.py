"""Places and their rooms. A home belongs to a family, kept as a plain number."""

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


say("uq_room_place_id", "This place has a room of that name already.", "rooms")
