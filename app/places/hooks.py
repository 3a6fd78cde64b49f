"""What stands above places and knows who is booked there; wiring fills this table."""

from collections.abc import Callable
from datetime import datetime

from app.places.models import Place, Room
from app.registry import Registry

# (place, one of its rooms or None for all of it, from when) -> how many appointments are to come.
booked: Registry[Callable[[Place, Room | None, datetime], int]] = Registry("places.booked")


def still_booked(place: Place, room: Room | None, at: datetime) -> int:
    """How many appointments to come would need another place if this one closed."""
    return sum(count(place, room, at) for count in booked.values())
