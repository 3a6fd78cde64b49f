"""The forms of offers and conversations: shapes only, the acts check truth."""

from datetime import datetime, time
from typing import Any

from app import clock, forms
from app.conversations.conversation_slots import Free
from app.conversations.models import HELD
from app.enquiries.steps import ASKED
from app.enquiries.steps import HOWS as SAID_HOW
from app.scheduling.models import HOWS
from app.times import for_staff

DECISIONS = {
    "": "Nothing yet, or not asked",
    "thinking": "Thinking",
    "yes": "Yes",
    "not_now": "Not now",
    "no": "No",
    "wants_to_talk": "Wants to talk to another parent",
}
NARROW = {"params": {"classes": "govuk-input--width-20"}}


class TypedTime(forms.Form):
    """A day and a time typed by hand, beside those that are offered."""

    day = forms.DayField("Another day")
    wall = forms.WallTimeField("Time on that day", render_kw=NARROW)

    def validate(self, extra_validators: Any = None) -> bool:
        """Both parts or neither, and a time that London's clocks show on that day."""
        fine = bool(super().validate(extra_validators))
        if not (self.day.errors or self.wall.errors):
            if bool(self.day.data) != bool(self.wall.data):
                self.wall.errors = ["Enter both the day and the time"]
            elif self.day.data and not clock.exists(self.day.data, self.wall.data):
                self.wall.errors = ["The clocks go forward then: this time does not exist"]
        return fine and not self.wall.errors

    def typed(self) -> datetime | None:
        """The typed day and time as an instant; None unless both were typed."""
        if self.day.data is None or not isinstance(self.wall.data, time):
            return None
        return clock.at_london(self.day.data, self.wall.data)


class OfferForm(TypedTime):
    """What to send with an offer."""

    times = forms.checks("Times to offer")
    host_id = forms.select(
        "Who holds the conversation", required="Choose who holds the conversation"
    )
    reason = forms.area("Why this peer parent", most=500)

    def starts(self) -> list[datetime]:
        typed = self.typed()
        ticked = [datetime.fromisoformat(value) for value in self.times.data or []]
        return [*ticked, *([typed] if typed else [])]


class ConversationForm(TypedTime):
    """When, how and with whom a conversation is held."""

    start = forms.radios("When")
    how = forms.radios("How", list(HOWS.items()), required="Choose how they talk")
    host_id = forms.select(
        "Who holds the conversation", required="Choose who holds the conversation"
    )
    place_id = forms.select("Place, for a conversation in person")
    carer = forms.radios("Whom it is with", hint="The other carer is not told of it")
    interpreter_id = forms.select("Interpreter")
    video_link = forms.text(
        "Link, for a conversation by video",
        hint="It begins with https://. You can add it later; until then nobody is told",
        most=500,
    )
    override_reason = forms.text(
        "Why, if it breaks a rule", hint="For example outside working hours", most=200
    )
    quietly = forms.check("I am on the phone with them: no booking text now")
    once = forms.hidden()

    def starts_at(self) -> datetime | None:
        typed = self.typed()
        if typed is not None:
            return typed
        return datetime.fromisoformat(self.start.data) if self.start.data else None


class OutcomeForm(forms.Form):
    """Whether they talked, how it was for the family, and what it decided."""

    outcome = forms.radios(
        "Did they talk?", list(HELD.items()), required="Choose whether they talked"
    )
    held_on = forms.DayField("Day, if it was not the day booked")
    how_family = forms.area("How it was for the family", most=1000)
    wants_another = forms.check("They want to talk to the same parent again")
    decided = forms.radios("What the family said about VIG", list(DECISIONS.items()))
    said_how = forms.radios("How they said it", [(key, SAID_HOW[key]) for key in ASKED])
    ask_again_on = forms.DayField("Ask again on, for “not now”")


class DebriefForm(forms.Form):
    """How it was for the peer parent. A worry about somebody is not written down here."""

    worried = forms.radios(
        "Was there anything worrying about a child or an adult?",
        [("no", "No"), ("yes", "Yes")],
        required="Choose yes or no",
        hint="If yes, do not write it here: somebody rings them at once",
    )
    how_peer = forms.area("How it was for them", most=1000)
    rest = forms.radios(
        "Would they like a break?",
        [("no", "No"), ("until", "Yes, until a day"), ("say", "Yes, until they say")],
        required="Choose one",
    )
    break_until = forms.DayField("The last day of the break")


class LinkForm(forms.Form):
    video_link = forms.text("Link", required="Enter the link", most=500)


def offered(free: list[Free]) -> list[tuple[str, str]]:
    """Free times as choices, in staff words."""
    return [
        (
            one.starts_at.isoformat(),
            for_staff(one.starts_at) + (" (outside the host’s hours)" if one.outside else ""),
        )
        for one in free
    ]
