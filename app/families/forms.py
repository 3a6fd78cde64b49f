"""The forms of families, carers and children: shapes only, the acts check truth."""

from typing import Any

from app import forms
from app.families.models import (
    CARER_TYPES,
    CIRCUMSTANCES,
    GENDERS,
    PHONE_OWNERS,
    PREFERS,
    SAFE,
    VOICEMAIL,
    WAYS,
    WHERE,
    WORDINGS,
    Carer,
    Family,
)
from app.typed import read_number

NOT_SAID = ("", "Not said")
WHOSE = [(key, words[0].upper() + words[1:]) for key, words in PHONE_OWNERS.items()]
WAY_CHOICES = [(key, words.capitalize()) for key, words in WAYS.items()]
CIRCUMSTANCE_CHOICES = [(words, words[0].upper() + words[1:]) for words in CIRCUMSTANCES]
GENDER_CHOICES = [("", "No wish"), *((key, words.capitalize()) for key, words in GENDERS.items())]
NARROW = {"params": {"classes": "govuk-input--width-20"}}


def listed(typed: str | None) -> list[str]:
    """Words with commas between, as a list."""
    return [word.strip() for word in (typed or "").replace(";", ",").split(",") if word.strip()]


class WishesForm(forms.Form):
    """What a family speaks, has been through and would like; for a new one and a known one."""

    language = forms.text(
        "Language at home", required="Enter the language at home", most=40, render_kw=NARROW
    )
    interpreter = forms.text(
        "Interpreter needed",
        hint="The language, such as Polish or BSL. Leave empty when none is needed",
        most=40,
        render_kw=NARROW,
    )
    ways_to_talk = forms.checks("Ways to talk to another parent", WAY_CHOICES)
    free_times = forms.TimesField("When they are free", hint="For example: Mon to Thu 9:30-14:30")
    gender_wish = forms.radios("Would rather talk to", GENDER_CHOICES)
    circumstances = forms.checks("What they have been through", CIRCUMSTANCE_CHOICES)
    may_be_told = forms.checks(
        "What another parent may be told",
        CIRCUMSTANCE_CHOICES,
        hint="Only what the family has said may be mentioned",
    )

    def wishes(self) -> dict[str, Any]:
        return {
            "language": self.language.data,
            "interpreter": self.interpreter.data or None,
            "ways_to_talk": self.ways_to_talk.data or [],
            "free_times": self.free_times.data,
            "gender_wish": self.gender_wish.data or None,
            "circumstances": self.circumstances.data or [],
            "may_be_told": self.may_be_told.data or [],
        }


class FamilyForm(WishesForm):
    practitioner_id = forms.select("Practitioner")
    where = forms.radios(
        "Where they would like to meet", list(WHERE.items()), required="Choose one"
    )
    preferred_place_id = forms.select("A place they prefer")
    other_languages = forms.text("Other languages", hint="Separate them with commas")
    not_outcodes = forms.text(
        "No parent from", hint="Districts such as TR15, with commas between", render_kw=NARROW
    )
    near_is_fine = forms.check("A parent who lives near, or from the same school, is fine")
    school = forms.text("School or nursery", most=120)
    carers_keep_apart = forms.check("Two carers of this family must not meet")
    closed_to_matchers = forms.check(
        "Closed to those who match, because a carer has become a peer parent"
    )

    def particulars(self) -> dict[str, Any]:
        """What was typed, for the act; a field that is not on this user's form is left out."""
        given = {
            **self.wishes(),
            "where": self.where.data,
            "preferred_place_id": read_number(self.preferred_place_id.data),
            "other_languages": listed(self.other_languages.data),
            "not_outcodes": listed(self.not_outcodes.data),
            "near_is_fine": self.near_is_fine.data,
            "school": self.school.data or None,
        }
        if "practitioner_id" in self:
            given["practitioner_id"] = read_number(self.practitioner_id.data)
        for name in ("carers_keep_apart", "closed_to_matchers"):
            if name in self:
                given[name] = self[name].data
        return given


class ContactForm(forms.Form):
    mobile = forms.PhoneField("Mobile number", render_kw=NARROW)
    phone_owner = forms.radios("Whose phone is it?", WHOSE, required="Choose whose phone it is")
    safe_to_text = forms.radios(
        "May we text?",
        list(SAFE.items()),
        required="Choose whether we may text. If you have not asked, choose “Not asked”",
        hint="Ask each time: what was safe last month may not be safe now",
    )
    wording = forms.radios(
        "What may a text say?", list(WORDINGS.items()), required="Choose a wording"
    )
    link_ok = forms.check("A link in a text is fine (only with the full wording)")
    safe_times = forms.TimesField(
        "When is it safe to text or ring?", hint="Leave empty for any time of the working day"
    )
    landline = forms.PhoneField("Landline", render_kw=NARROW)
    voicemail = forms.radios(
        "What may a message on voicemail say?", list(VOICEMAIL.items()), required="Choose one"
    )
    preferred_name = forms.text(
        "Name to use in texts", hint="Only if they would like one", most=80, render_kw=NARROW
    )
    reads_texts = forms.check("They can read our texts")
    email = forms.EmailField("E-mail address")
    safe_to_email = forms.radios(
        "May we e-mail about appointments?",
        list(SAFE.items()),
        hint="Ask whether somebody else reads this mailbox. Nothing chosen: it stays as it is",
    )
    prefers = forms.radios("How would they rather be told?", list(PREFERS.items()))
    wants_invitations = forms.check("They want calendar invitations by e-mail")
    contact_note = forms.area("Anything else about reaching them", most=1000)
    shared_number_ok = forms.check("I have asked: this number is right for this carer too")

    def answers(self) -> dict[str, Any]:
        plain = (
            *("mobile", "landline", "phone_owner", "safe_to_text", "wording", "link_ok"),
            *("safe_times", "voicemail", "reads_texts", "wants_invitations"),
        )
        given = {name: self[name].data for name in plain}
        for name in ("preferred_name", "email", "contact_note"):
            given[name] = self[name].data or None
        for name in ("safe_to_email", "prefers"):  # nothing chosen: not a new answer
            if self[name].data:
                given[name] = self[name].data
        if "shared_number_ok" in self:
            given["shared_number_ok"] = self.shared_number_ok.data
        return given


class CarerForm(forms.Form):
    first_name = forms.text(
        "First name", required="Enter the carer’s first name", most=80, render_kw=NARROW
    )
    surname = forms.text("Last name", most=80, render_kw=NARROW)
    carer_type = forms.radios("They are a", [*CARER_TYPES.items(), NOT_SAID])
    gender = forms.radios(
        "Gender, if they want it on record",
        [("woman", "Woman"), ("man", "Man"), NOT_SAID],
        hint="Some peer parents talk only to women, or only to men",
    )

    def particulars(self) -> dict[str, Any]:
        return {
            "first_name": self.first_name.data,
            "surname": self.surname.data or None,
            "carer_type": self.carer_type.data or None,
            "gender": self.gender.data or None,
        }


class LeavesForm(forms.Form):
    left_on = forms.DayField("When did they leave the family?", required="Enter the day")


class ChildForm(forms.Form):
    first_name = forms.text("First name", most=80, render_kw=NARROW)
    born_on = forms.DayField("Date of birth")
    born_about = forms.check("The date of birth is worked out from an age")
    expected_on = forms.DayField("Or when is the baby expected?")
    school = forms.text("School or nursery", most=120)
    left_on = forms.DayField("If the child has left the family, since when?")

    def particulars(self) -> dict[str, Any]:
        given = {
            "first_name": self.first_name.data or None,
            "born_on": self.born_on.data,
            "born_about": bool(self.born_on.data and self.born_about.data),
            "expected_on": self.expected_on.data,
            "school": self.school.data or None,
        }
        return given | ({"left_on": self.left_on.data} if "left_on" in self else {})


class HomeForm(forms.Form):
    address = forms.area("New address", most=300, render_kw={"rows": 4})
    postcode = forms.text(
        "Postcode",
        required="Enter the postcode, or its first half",
        most=10,
        render_kw={"params": {"classes": "govuk-input--width-10"}},
    )


class NoteForm(forms.Form):
    words = forms.area("Note", required="Write the note", most=4000)


class MergeForm(forms.Form):
    into = forms.text(
        "Reference of the record that stays",
        required="Enter a reference, such as F1042",
        most=12,
        render_kw={"params": {"classes": "govuk-input--width-10"}},
    )


class ConfirmMergeForm(forms.Form):
    into = forms.hidden()


def with_stored(offered: list[tuple[str, str]], stored: list[str]) -> list[tuple[str, str]]:
    """The offered words with those that are stored besides (imports keep the team's own)."""
    known = {key for key, _ in offered}
    return [*offered, *((words, words) for words in stored if words not in known)]


def family_as_typed(family: Family) -> dict[str, Any]:
    """A family as it stands in the form's fields."""
    plain = (
        *("language", "interpreter", "ways_to_talk", "free_times", "circumstances", "where"),
        *("may_be_told", "near_is_fine", "school", "carers_keep_apart", "closed_to_matchers"),
        *("version",),
    )
    return {
        **{name: getattr(family, name) for name in plain},
        "gender_wish": family.gender_wish or "",
        "practitioner_id": str(family.practitioner_id or ""),
        "preferred_place_id": str(family.preferred_place_id or ""),
        "other_languages": ", ".join(family.other_languages),
        "not_outcodes": ", ".join(family.not_outcodes),
    }


def carer_as_typed(carer: Carer) -> dict[str, Any]:
    plain = ("first_name", "surname", "carer_type", "gender")
    return {**{name: getattr(carer, name) or "" for name in plain}, "version": carer.version}


def contact_as_typed(carer: Carer) -> dict[str, Any]:
    """A carer's answers as they stand in the form; whether we may text is asked each time anew."""
    plain = (
        *("mobile", "landline", "wording", "link_ok", "safe_times", "voicemail", "reads_texts"),
        *(
            "preferred_name",
            "email",
            "prefers",
            "wants_invitations",
            "contact_note",
            "shared_number_ok",
        ),
        *("version",),
    )
    asked = {} if carer.phone_owner == "not_asked" else {"phone_owner": carer.phone_owner}
    return {**{name: getattr(carer, name) for name in plain}, **asked}
