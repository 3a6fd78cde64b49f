"""The forms of peer parents: shapes only, the acts check truth."""

from typing import Any

from app import forms
from app.families.models import CARER_TYPES, CIRCUMSTANCES, GENDERS, SAFE, WAYS
from app.peers.models import Peer
from app.peers.particulars import LIMITS, MOST_A_MONTH

CIRCUMSTANCE_CHOICES = [(words, words[0].upper() + words[1:]) for words in CIRCUMSTANCES]
NARROW = {"params": {"classes": "govuk-input--width-20"}}


def listed(typed: str | None, between: str = ",") -> list[str]:
    """Words with commas (or new lines) between, as a list, none twice."""
    pieces = (typed or "").replace(";", between).split(between)
    return list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


class PeerForm(forms.Form):
    """Everything that is kept of a peer parent but their breaks."""

    first_name = forms.text("First name", required="Enter the first name", most=80)
    surname = forms.text("Surname", most=80, hint="Never shown to a family")
    carer_type = forms.select("Kind of carer", [("", "Not said"), *CARER_TYPES.items()])
    gender = forms.select("Gender", [("", "Not said"), *GENDERS.items()])
    mobile = forms.PhoneField("Phone")
    safe_to_text = forms.radios(
        "May we text them?", list(SAFE.items()), required="Choose whether we may text them"
    )
    safe_times = forms.TimesField("When we may text", hint="Leave empty for any day, 9am to 7pm")
    email = forms.EmailField("E-mail address")
    postcode = forms.text("Postcode", most=10, render_kw=NARROW)
    school = forms.text("Their children’s school or nursery", most=120)
    near_is_fine = forms.check("A family who lives near, or from the same school, is fine")
    languages = forms.text("Languages", hint="Separate them with commas")
    ways_to_talk = forms.checks("Ways to talk", [(k, w.capitalize()) for k, w in WAYS.items()])
    free_times = forms.TimesField("When they are free")
    monthly_limit = forms.WholeField("Conversations a month at most", least=0, most=MOST_A_MONTH)
    limits = forms.checks("Their limits", list(LIMITS.items()))
    other_limits = forms.area(
        "Other limits", hint="One on each line; a person reads them before an offer", most=1000
    )
    circumstances = forms.checks("What they have been through", CIRCUMSTANCE_CHOICES)
    may_be_told = forms.checks("What a family may be told", CIRCUMSTANCE_CHOICES)
    children_now = forms.text("Their children now", most=200)
    child_age_then = forms.WholeField(
        "Their child’s age at their VIG, in months", least=0, most=240
    )
    introduction = forms.area(
        "Their introduction",
        hint="Their own words, without a name. A family reads it before it picks a time",
        most=600,
    )
    vig_cycles = forms.WholeField("Cycles of VIG", least=0, most=20)
    vig_completed_on = forms.DayField("Their VIG ended on")
    trained_on = forms.DayField("Trained on")
    training_until = forms.DayField(
        "Training holds until", hint="Leave empty if it does not run out"
    )
    checks_until = forms.DayField("Checked until", hint="The date only, never the certificate")
    notes = forms.area("Notes")

    def particulars(self) -> dict[str, Any]:
        """What was typed, for the act."""
        plain = (
            *("first_name", "safe_to_text", "safe_times", "near_is_fine", "free_times"),
            *("monthly_limit", "child_age_then", "vig_cycles", "vig_completed_on", "trained_on"),
            *("training_until", "checks_until"),
        )
        words = (
            *("surname", "carer_type", "gender", "mobile", "email", "postcode", "school"),
            *("children_now", "introduction", "notes"),
        )
        ticks = ("ways_to_talk", "circumstances", "may_be_told")
        return {
            **{name: self[name].data for name in plain},
            **{name: self[name].data or None for name in words},
            **{name: self[name].data or [] for name in ticks},
            "languages": listed(self.languages.data),
            "limits": [*(self.limits.data or []), *listed(self.other_limits.data, "\n")],
        }

    def offer_stored(self, peer: Peer) -> None:
        """Tick boxes for words that are stored besides those offered: imports keep the team's."""
        known = {value for value, _ in CIRCUMSTANCE_CHOICES}
        more = [
            w for w in dict.fromkeys([*peer.circumstances, *peer.may_be_told]) if w not in known
        ]
        choices = [*CIRCUMSTANCE_CHOICES, *((words, words) for words in more)]
        self.circumstances.choices = self.may_be_told.choices = choices


def as_typed(peer: Peer) -> dict[str, Any]:
    """A peer parent as they stand in the form's fields."""
    names = [name for name in PeerForm().particulars() if name not in ("languages", "limits")]
    return {
        **{name: getattr(peer, name) for name in names},
        "languages": ", ".join(peer.languages),
        "limits": [limit for limit in peer.limits if limit in LIMITS],
        "other_limits": "\n".join(limit for limit in peer.limits if limit not in LIMITS),
        "version": peer.version,
    }


class BreakForm(forms.Form):
    how_long = forms.radios(
        "How long?",
        [("say", "Until they say"), ("until", "Until a day")],
        required="Choose how long",
        hint="Never why",
    )
    until = forms.DayField("The last day of the break")


class LeaveForm(forms.Form):
    """Nothing but the version: leaving is confirmed by its button."""


class ExclusionForm(forms.Form):
    reference = forms.text(
        "Family’s reference", required="Enter the reference, such as F1042", most=12,
        render_kw=NARROW,
    )  # fmt: skip
    reason = forms.area("Why", required="Write why", hint="Only managers read this", most=1000)
