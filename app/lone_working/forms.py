"""The forms of the watch."""

from app.forms import Form, area, radios
from app.lone_working.stand_down import CONFIRMED


class CloseForm(Form):
    confirmed = radios(
        "How do you know that they are safe?",
        list(CONFIRMED.items()),
        required="Choose how you know that they are safe.",
    )
    words = area(
        "What happened (optional, unless help came)",
        most=500,
        hint="For the record. No names of the family.",
    )
