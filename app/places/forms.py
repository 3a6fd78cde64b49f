"""The forms of places and rooms: shapes only, the acts check truth."""

from typing import Any

from app import forms
from app.places.drives import MOST_MINUTES
from app.places.keep_places import OFFERED, SIGNALS
from app.places.models import Place

NARROW = {"params": {"classes": "govuk-input--width-20"}}
STEP_FREE = [("yes", "Yes"), ("no", "No"), ("", "Not known")]


class PlaceForm(forms.Form):
    kind = forms.radios(
        "What kind of place is it?",
        list(OFFERED.items()),
        required="Choose what kind of place it is",
    )
    name = forms.text("Name", required="Enter the place’s name", most=120)
    address = forms.area("Address", most=300, render_kw={"rows": 3})
    postcode = forms.text(
        "Postcode", most=10, render_kw={"params": {"classes": "govuk-input--width-10"}}
    )
    rooms = forms.text(
        "Rooms", hint="Separate their names with commas. Each holds one appointment at a time"
    )
    hours = forms.TimesField(
        "Opening hours",
        hint="For example: Mon to Thu 09:00-17:00, Fri 09:00-13:00. Leave empty for always",
    )
    step_free = forms.radios("Can it be entered without steps?", STEP_FREE)
    signal = forms.radios("Mobile signal", [*SIGNALS.items(), ("", "Not known")])
    phone = forms.PhoneField("Phone", render_kw=NARROW)
    notes = forms.area("Getting in, parking, anything else", most=2000)

    def particulars(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "name": self.name.data,
            "address": self.address.data or None,
            "postcode": self.postcode.data or None,
            "hours": self.hours.data,
            "step_free": {"yes": True, "no": False}.get(self.step_free.data or ""),
            "signal": self.signal.data or None,
            "phone": self.phone.data,
            "notes": self.notes.data or None,
        }

    def room_names(self) -> list[str]:
        typed = (self.rooms.data or "").split(",")
        return list(dict.fromkeys(name.strip() for name in typed if name.strip()))


class RoomForm(forms.Form):
    name = forms.text("New room", required="Enter the room’s name", most=80, render_kw=NARROW)


class DriveForm(forms.Form):
    there = forms.select("To which place?", required="Choose a place")
    minutes = forms.WholeField(
        "Minutes, parking included",
        least=1,
        most=MOST_MINUTES,
        required="Enter how many minutes",
    )
    both_ways = forms.check("The same on the way back")


def as_typed(place: Place) -> dict[str, Any]:
    """A place as it stands in the form's fields."""
    plain = ("kind", "name", "address", "postcode", "hours", "phone", "notes", "version")
    return {
        **{name: getattr(place, name) for name in plain},
        "step_free": {True: "yes", False: "no", None: ""}[place.step_free],
        "signal": place.signal or "",
    }
