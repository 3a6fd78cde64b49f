"""The forms of staff: an enquiry, what a family decided, taking up a referral or not."""

from app import forms
from app.enquiries.settle_referral import REASONS
from app.enquiries.steps import ASKED, HOWS
from app.enquiries.take_enquiry import Worker
from app.families.forms import NARROW, NOT_SAID, WHOSE, WishesForm
from app.families.models import CARER_TYPES, SAFE, WORDINGS
from app.families.particulars import CarerParticulars

# The six answers, in no order of better and worse.
DECISIONS = [
    ("wants_to_talk", "They want to talk to another parent"),
    ("thinking", "They are thinking about it"),
    ("yes", "Yes, they would like VIG"),
    ("not_now", "Not now"),
    ("no", "No"),
    ("withdrew", "They want to stop"),
]


class EnquiryForm(WishesForm):
    first_name = forms.text(
        "Carer’s first name",
        required="Enter the carer’s first name",
        hint="A first name is enough",
        most=80,
        render_kw=NARROW,
    )
    surname = forms.text("Last name, if you know it", most=80, render_kw=NARROW)
    carer_type = forms.radios("They are a", [*CARER_TYPES.items(), NOT_SAID])
    mobile = forms.PhoneField("Mobile number", render_kw=NARROW)
    landline = forms.PhoneField("Landline", render_kw=NARROW)
    phone_owner = forms.radios("Whose phone is it?", WHOSE, required="Choose whose phone it is")
    safe_to_text = forms.radios(
        "May we text?",
        list(SAFE.items()),
        required="Choose whether we may text. If nobody asked, choose “Not asked”",
        hint="Only what the carer has said. Who rings may not know",
    )
    wording = forms.radios("What may a text say?", list(WORDINGS.items()), default="strict")
    safe_times = forms.TimesField(
        "When is it safe to text or ring?", hint="Leave empty for any time of the working day"
    )
    contact_note = forms.area("Anything else about reaching them", most=1000)
    postcode = forms.text(
        "Postcode, if you know it",
        most=10,
        render_kw={"params": {"classes": "govuk-input--width-10"}},
    )
    words = forms.area("What they would like, in their words", most=2000)
    worker_name = forms.text(
        "Who is the family’s worker?",
        required="Ask who the family’s worker is, and enter their name",
        hint="The professional who works with them. A parent cannot refer themselves for VIG",
        most=120,
    )
    worker_role = forms.text("Their role", hint="Such as health visitor", most=80)
    worker_contact = forms.text("Their phone or e-mail", most=255)
    another = forms.check("It is another family: take the enquiry")

    def carer(self) -> CarerParticulars:
        return {
            "first_name": self.first_name.data,
            "surname": self.surname.data or None,
            "carer_type": self.carer_type.data or None,
            "mobile": self.mobile.data,
            "landline": self.landline.data,
            "phone_owner": self.phone_owner.data,
            "safe_to_text": self.safe_to_text.data,
            "wording": self.wording.data or "strict",
            "safe_times": self.safe_times.data,
            "contact_note": self.contact_note.data or None,
        }

    def worker(self) -> Worker:
        return {
            "name": self.worker_name.data,
            "role": self.worker_role.data,
            "contact": self.worker_contact.data,
        }


class ChoiceForm(forms.Form):
    step = forms.radios("What did they say?", DECISIONS, required="Choose what the family said")
    ask_again_on = forms.DayField("If not now: when may we ask again?")
    on = forms.DayField("When did they say it?", required="Enter the day they said it")
    how = forms.radios(
        "How did they say it?",
        [(how, HOWS[how]) for how in ASKED],
        required="Choose how they said it",
    )
    words = forms.area("In their own words, if they said more", most=2000)


class TakeUpForm(forms.Form):
    join = forms.radios("Whose record is it?", required="Choose a new family, or one to join")
    practitioner_id = forms.select("Practitioner")


class DeclineForm(forms.Form):
    reason = forms.radios("Why not?", list(REASONS.items()), required="Choose a reason")
    words = forms.area(
        "More for the referrer to read",
        hint="It is printed in the letter. Name nobody",
        most=1000,
    )
