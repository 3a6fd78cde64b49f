"""The forms of sign-in and of staff accounts: shapes only, the acts check truth."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField, ValidationError

from app import forms, windows
from app.access import ROLES
from app.accounts.models import LEVELS
from app.accounts.staff import GENDERS

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NARROW = {"params": {"classes": "govuk-input--width-20"}}
PHONE = {"autocomplete": "off", "inputmode": "tel", **NARROW}
ROLE_WORDS = {
    "coordinator": "Coordinator: takes referrals, books for everyone",
    "practitioner": "Practitioner: visits own families",
    "manager": "Manager: everything, with settings and staff",
}


class SignInForm(forms.Form):
    email = forms.EmailField(
        "E-mail address",
        required="Enter your e-mail address",
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = forms.password("Password", required="Enter your password")


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        "E-mail address",
        required="Enter your e-mail address",
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )


class NewPasswordForm(forms.Form):
    password = forms.password(
        "New password",
        required="Enter a new password",
        hint="12 characters or more. Three words that do not belong together work well.",
        new=True,
    )


class ChangePasswordForm(forms.Form):
    present = forms.password("Present password", required="Enter your present password")
    password = forms.password(
        "New password",
        required="Enter a new password",
        hint="12 characters or more. Three words that do not belong together work well.",
        new=True,
    )


class OwnForm(forms.Form):
    mobile = forms.PhoneField(
        "Mobile",
        mobile=True,
        hint="Alarms and questions about a visit are texted to this number.",
        render_kw=PHONE,
    )
    wants_invitations = forms.check("Send me calendar invitations by e-mail")


class HoursField(StringField):
    """One weekday's working hours: '09:00-17:00', '9-12:30, 13:00-17:00', or empty for none."""

    widget = GovTextInput()

    def __init__(self, weekday: int, **kw: Any):
        kw.setdefault("render_kw", {"autocomplete": "off", **NARROW})
        super().__init__(WEEKDAYS[weekday], filters=[forms.tidy], **kw)
        self.weekday = weekday
        self.windows: tuple[windows.Window, ...] = ()

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not self.data:
            return
        try:
            read = windows.read_windows(str(self.data), usual_days=[self.weekday])
        except windows.UnclearTimes:
            raise ValidationError("Enter times such as 09:00-17:00") from None
        if any(window.weekday != self.weekday for window in read.windows):
            raise ValidationError("Enter the times alone, such as 09:00-17:00")
        self.windows = read.windows


def words_of(hours: windows.Windows | None, weekday: int) -> str:
    """What stands in a weekday's field: '09:00-12:30, 13:00-17:00'."""
    stretches = windows.merged(
        (w.start, w.end) for w in (hours.windows if hours else ()) if w.weekday == weekday
    )
    return ", ".join(f"{windows.wall(start)}-{windows.wall(end)}" for start, end in stretches)


class StaffForm(forms.Form):
    name = forms.text("Full name", required="Enter the full name", most=120)
    email = forms.EmailField("E-mail address", required="Enter the e-mail address")
    mobile = forms.PhoneField(
        "Mobile", mobile=True, hint="Alarms are texted to this number.", render_kw=PHONE
    )
    role = forms.radios(
        "Role", [(role, ROLE_WORDS[role]) for role in ROLES], required="Choose a role"
    )
    takes_visits = forms.check("Takes visits: is offered when a visit is booked")
    vig_level = forms.select("VIG level", [("", "Not said"), *LEVELS.items()])
    gender = forms.select(
        "Gender, if they want it on record",
        [("", "Not said"), *GENDERS.items()],
        hint="Some families ask for a woman or a man.",
    )
    base_postcode = forms.text(
        "Base postcode",
        hint="Where the first drive of a day begins, such as TR1 3AY",
        most=10,
        render_kw=NARROW,
    )
    languages = forms.text("Languages", hint="Separate them with commas", most=200)
    monday = HoursField(0)
    tuesday = HoursField(1)
    wednesday = HoursField(2)
    thursday = HoursField(3)
    friday = HoursField(4)
    saturday = HoursField(5)
    sunday = HoursField(6)

    def hours_fields(self) -> list[HoursField]:
        return [self[name.lower()] for name in WEEKDAYS]

    def particulars(self, present: windows.Windows | None = None) -> dict[str, Any]:
        """What was typed, for the act; single days off in the `present` hours stay."""
        typed = tuple(window for field in self.hours_fields() for window in field.windows)
        kept = present.exceptions if present else ()
        return {
            "name": self.name.data,
            "email": self.email.data,
            "mobile": self.mobile.data,
            "role": self.role.data,
            "takes_visits": self.takes_visits.data,
            "vig_level": self.vig_level.data or None,
            "gender": self.gender.data or None,
            "base_postcode": self.base_postcode.data or None,
            "languages": [w.strip() for w in (self.languages.data or "").split(",") if w.strip()],
            "hours": windows.Windows(typed, kept) if typed or kept else None,
        }


class LeaveForm(forms.Form):
    hand_to = forms.select("Who takes over", hint="Their families, appointments to come and tasks.")
