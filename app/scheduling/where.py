"""Where an appointment is, as staff read it."""

from app.places.models import Place
from app.places.travel import town_of
from app.scheduling.listed import Listed, Where
from app.scheduling.models import Appointment
from app.scheduling.records import PlaceRow


def place_words(place: Place | PlaceRow | Where | None, how: str) -> str:
    """'Home in Redruth', 'Truro Family Hub', 'By phone' or 'By video link'; never an address."""
    if how == "phone":
        return "By phone"
    if how == "video":
        return "By video link"
    if place is None:
        return "Place not known"
    if place.kind == "home":
        town = town_of(place.postcode)
        return f"Home in {town}" if town else "Home"
    return place.name


def where_words(appointment: Appointment | Listed) -> str:
    """The place, and the room where one is held."""
    words = place_words(appointment.place, appointment.how)
    return f"{words}, {appointment.room.name}" if appointment.room else words


def inside(words: str) -> str:
    """The same words inside a sentence: 'home in Redruth', 'by phone'; a name stays as it is."""
    named = not words.startswith(("Home", "By ", "Place not"))
    return words if named else words[0].lower() + words[1:]
