"""What the last page before a booking asks: who is told now, and what only a person knows."""

from typing import Any

from app.forms import Form, area, check, hidden, text
from app.scheduling.booking_form import BookingWanted
from app.scheduling.search import PAIR

NOTE = "For staff only"


class CheckForm(Form):
    once = hidden()
    activity = text("An activity that both enjoy", hint="For example: bath time, building blocks")
    guest = text("Who comes as a guest, such as the referrer", most=120)
    video_link = text("Address of the video call", most=500)
    override_reason = area("Why it is booked all the same", hint=NOTE, most=500)
    quiet = check("I am with them or on the phone: do not text now")

    def fit(self, wanted: BookingWanted) -> None:
        """Leave out what does not belong to what is booked."""
        kind, how = wanted.form.kind.data, wanted.form.where.data
        if kind not in (PAIR, "video_session"):
            del self.activity
        if kind != "goals_visit":
            del self.guest
        if how != "video":
            del self.video_link

    def said(self) -> dict[str, Any]:
        """What was typed, as a Booking takes it."""
        names = ("activity", "guest", "video_link", "override_reason")
        typed = {name: getattr(self, name).data or None for name in names if name in self}
        return {**typed, "tell": not self.quiet.data, "once": (self.once.data or "")[:48] or None}
