"""The forms of a thread: a text in one's own words, a call, a number that is wrong or right."""

import secrets

from app import forms
from app.messaging.models import CALL_OUTCOMES


class TextForm(forms.Form):
    once = forms.hidden(default=lambda: secrets.token_hex(8))
    words = forms.area("Text", required="Write the text", most=1000)
    now = forms.check("It cannot wait: send it now, outside the hours for texts")
    send = forms.submit("Send text")
    check = forms.submit("Count and check")


class CallForm(forms.Form):
    outcome = forms.radios(
        "What came of it?", list(CALL_OUTCOMES.items()), required="Choose what came of the call"
    )
    day = forms.DayField("Day of the call", required="Enter the day of the call")
    time = forms.WallTimeField("Time of the call", required="Enter the time of the call")
    words = forms.area(
        "What was said", hint="Facts that others need. They can be read by the team."
    )
    settles = forms.checks(
        "Does it settle what waits?", hint="What you tick goes off the list of what waits."
    )
    save = forms.submit("Save call")


class NumberForm(forms.Form):
    confirmed = forms.check("They said so themselves, on the phone or face to face")
    release = forms.submit("Texts may go to this number again")


class QuarantineForm(forms.Form):
    quarantine = forms.submit("Stop texts to this number")


class SettleForm(forms.Form):
    arrived = forms.radios(
        "Did it arrive?",
        [("yes", "Yes, it arrived"), ("no", "No, it did not")],
        required="Choose whether it arrived",
        hint="Ask them before you answer. Nothing is sent again.",
    )
    save = forms.submit("Save")
