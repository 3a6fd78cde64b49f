"""The public referral form, one thing a page: six forms whose fields never share a name."""

from typing import Any

from app import forms
from app.enquiries.answers import YES_NO, YES_NO_YET
from app.errors import DomainError
from app.families.forms import NARROW, NOT_SAID, WHOSE
from app.families.models import CARER_TYPES, SAFE, WHERE, WORDINGS
from app.families.particulars import CHILDS_PHONE
from app.places.postcodes import tidy_postcode

CHILDREN = range(1, 5)
TEN = {"params": {"classes": "govuk-input--width-10"}}
TYPES = [*CARER_TYPES.items(), NOT_SAID]


class PublicForm(forms.Form):
    dense = False


class YouForm(PublicForm):
    dense = False
    referrer_name = forms.text("Your name", required="Enter your name", most=120)
    referrer_role = forms.text(
        "Your role", required="Enter your role", hint="Such as health visitor", most=80
    )
    referrer_team = forms.text("Your team or school", most=120)
    referrer_email = forms.EmailField("Your work e-mail address")
    referrer_phone = forms.PhoneField("Your work phone number", render_kw=NARROW)
    still_involved = forms.radios(
        "Are you still working with this family?", list(YES_NO.items()), required="Choose yes or no"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        if fits and not (self.referrer_email.data or self.referrer_phone.data):
            self.referrer_email.errors = ["Enter your e-mail address or your phone number"]
            return False
        return fits


class CarersForm(PublicForm):
    dense = False
    first_name = forms.text(
        "Carer’s first name", required="Enter the carer’s first name", most=80, render_kw=NARROW
    )
    surname = forms.text("Last name", most=80, render_kw=NARROW)
    carer_type = forms.radios("They are a", TYPES)
    second_first_name = forms.text(
        "Another carer’s first name, if there is one", most=80, render_kw=NARROW
    )
    second_surname = forms.text("Another carer’s last name", most=80, render_kw=NARROW)
    second_carer_type = forms.radios("The other carer is a", TYPES)
    postcode = forms.text("Family’s postcode", most=10, render_kw=TEN)
    language = forms.text("Language at home, if not English", most=40, render_kw=NARROW)
    interpreter = forms.text(
        "Interpreter needed", hint="The language, such as Polish or BSL", most=40, render_kw=NARROW
    )

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        try:
            tidy_postcode(self.postcode.data)
        except DomainError as error:
            self.postcode.errors = [error.message]
            return False
        return fits


class ReachForm(PublicForm):
    dense = False
    mobile = forms.PhoneField("Carer’s mobile number", mobile=True, render_kw=NARROW)
    landline = forms.PhoneField("Landline", render_kw=NARROW)
    phone_owner = forms.radios("Whose phone is it?", WHOSE, required="Choose whose phone it is")
    safe_to_text = forms.radios(
        "May we text this parent?",
        list(SAFE.items()),
        required="Choose whether we may text this parent. If you do not know, choose “Not asked”",
        hint="A text stays on a phone, and somebody else may read it",
    )
    wording = forms.radios(
        "What may a text say?", list(WORDINGS.items()), hint="Leave it open if you do not know"
    )
    safe_times = forms.TimesField("When is it safe to text or ring?")
    contact_note = forms.area("Anything else about reaching them safely", most=1000)

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        if self.phone_owner.data == "child":
            self.phone_owner.errors = [CHILDS_PHONE]
            return False
        if fits and self.safe_to_text.data == "yes" and not self.mobile.data:
            self.mobile.errors = ["Enter the mobile number that is safe to text"]
            return False
        return fits


class ChildrenForm(PublicForm):
    """Fields for each child: `child_1_first_name`, `child_1_day`, `child_1_school`, …"""

    dense = False

    def children(self) -> list[dict[str, Any]]:
        return [
            {part: self[f"child_{n}_{part}"].data for part in ("first_name", "day", "school")}
            for n in CHILDREN
        ]


for _n in CHILDREN:
    setattr(
        ChildrenForm,
        f"child_{_n}_first_name",
        forms.text(f"Child {_n}: first name", most=80, render_kw=NARROW),
    )
    setattr(
        ChildrenForm,
        f"child_{_n}_day",
        forms.DayField(f"Child {_n}: date of birth, or when the baby is expected"),
    )
    setattr(
        ChildrenForm, f"child_{_n}_school", forms.text(f"Child {_n}: school or nursery", most=120)
    )


class FamilyChoiceForm(PublicForm):
    dense = False
    choice_explained = forms.radios(
        "Does the family know that VIG is their own choice?",
        list(YES_NO_YET.items()),
        required="Choose yes, no or not yet",
        hint="VIG works only with families who feel that they have chosen it",
    )
    willing = forms.radios(
        "Are they willing to think about making changes?",
        list(YES_NO_YET.items()),
        required="Choose yes, no or not yet",
    )
    wants_to_talk = forms.radios(
        "Would they like to talk to another parent first?",
        list(YES_NO_YET.items()),
        required="Choose yes, no or not yet",
        hint="To a parent who has done VIG. First names only, and before they decide",
    )
    goals_discussed = forms.radios(
        "Have you talked about goals?",
        list(YES_NO_YET.items()),
        required="Choose yes, no or not yet",
    )
    goals_words = forms.area("Which goals? What would the adults like to do?", most=2000)


class VisitsForm(PublicForm):
    dense = False
    where = forms.radios(
        "Where would they like to meet?", list(WHERE.items()), required="Choose one"
    )
    safety_words = forms.area(
        "Is there anything that we should know to keep workers safe?",
        hint="Facts and dates, such as a dog, or an incident on 3 March",
        most=2000,
    )
    other_words = forms.area("Anything else", most=2000)
