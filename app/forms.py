"""Form fields with GOV.UK's widgets, the same cleaning for every typed word, and refusals beside
fields.

A form checks shape (is it a date, is it too long); the act checks truth. `put(form, error)` sets an
act's DomainError on its field, or on top of the form.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from app import windows
from app.errors import DomainError
from app.phones import Phone, UnclearPhone, read_phone, shown

NO_VERSION = 0  # records begin with 1
Choices = Sequence[tuple[str, str]]


def tidy(typed: Any) -> Any:
    """Typed words without control characters, lone surrogates or outer spaces."""
    if not isinstance(typed, str):
        return typed
    kept = "".join(
        c for c in typed if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn")
    )
    return kept.replace("\u00a0", " ").replace("\r\n", "\n").strip()


def on_one_line(typed: Any) -> Any:
    """What stands in a box of one line: browsers send no line end from it, hand-made forms may."""
    return " ".join(typed.split()) if isinstance(typed, str) else typed


def needed(sentence: str | None) -> list[Any]:
    """Something must be given, where there is a sentence that asks for it; blanks are nothing, and
    what a form came without is not taken from what was stored.
    """
    if sentence is None:
        return [Optional()]

    def given(_form: Any, field: Any) -> None:
        blank = not field.raw_data or field.data is None or field.data in ("", [])
        if blank and not field.errors:
            raise StopValidation(sentence)

    return [given]


class Form(FlaskForm):
    """A form of this service. `version` carries the version of the record it was opened at."""

    version = HiddenField()

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Forms are read from forms alone: JSON of any shape, which Flask-WTF would take for
            one, holds nothing."""
            if request and request.is_json:
                return ImmutableMultiDict()
            return super().wrap_formdata(form, formdata)

    dense = True  # small radios and boxes, for staff; False for families and referrers

    def general(self, sentence: str) -> None:
        self.form_errors.append(sentence)

    @property
    def opened_at(self) -> int:
        """The version the page was drawn from; one that no record has where it is missing, so that
        a form without it is out of date and never wins silently."""
        sent = self.version.raw_data or [""]  # not `data`: that would be the stored one's
        typed = str(sent[0])
        return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else NO_VERSION


def put(form: Form, error: DomainError) -> None:
    """Show an act's refusal beside the field it names, or at the top of the form."""
    field = getattr(form, error.field, None) if error.field else None
    if isinstance(field, Field):
        field.errors = [*field.errors, error.message]
    else:
        form.general(error.message)


def text(
    label: str, *, required: str | None = None, hint: str = "", most: int = 200, **kw: Any
) -> Any:
    return StringField(
        label,
        description=hint,
        widget=GovTextInput(),
        filters=[tidy, on_one_line],
        validators=[*needed(required), Length(max=most, message=f"Use {most} characters or fewer")],
        **kw,
    )


def area(
    label: str, *, required: str | None = None, hint: str = "", most: int = 2000, **kw: Any
) -> Any:
    return TextAreaField(
        label,
        description=hint,
        widget=GovTextArea(),
        filters=[tidy],
        validators=[*needed(required), Length(max=most, message=f"Use {most} characters or fewer")],
        **kw,
    )


def password(label: str, *, required: str, hint: str = "", new: bool = False) -> Any:
    return PasswordField(
        label,
        description=hint,
        widget=GovPasswordInput(),
        validators=[InputRequired(message=required), Length(max=1000)],
        render_kw={"autocomplete": "new-password" if new else "current-password"},
    )


def radios(
    label: str, choices: Choices = (), *, required: str | None = None, hint: str = "", **kw: Any
) -> Any:
    return RadioField(
        label,
        description=hint,
        widget=GovRadioInput(),
        choices=list(choices),
        validators=[chosen(required)],
        validate_choice=False,
        **kw,
    )


def chosen(required: str | None) -> Callable[[Any, Any], None]:
    """One of the choices, or nothing where nothing is required."""

    def check(_form: Any, field: Any) -> None:
        offered = {str(choice[0]) for choice in field.choices}
        if required and not field.raw_data:
            raise StopValidation(required)
        if not field.data or field.data == "None":
            field.data = None
            if required:
                raise StopValidation(required)
            raise StopValidation
        if str(field.data) not in offered:
            raise StopValidation(required or "Choose one of the answers shown")

    return check


def checks(
    label: str, choices: Choices = (), *, required: str | None = None, hint: str = "", **kw: Any
) -> Any:
    return SelectMultipleField(
        label,
        description=hint,
        widget=GovCheckboxesInput(),
        choices=list(choices),
        validators=[*needed(required), offered],
        validate_choice=False,
        **kw,
    )


def offered(_form: Any, field: Any) -> None:
    """Nothing but boxes that were shown is ticked."""
    if not {str(each) for each in field.data or ()} <= {str(choice[0]) for choice in field.choices}:
        raise StopValidation("Tick only from the answers shown")


def check(label: str, *, hint: str = "", **kw: Any) -> Any:
    return BooleanField(label, description=hint, widget=GovCheckboxInput(), **kw)


def select(
    label: str, choices: Choices = (), *, required: str | None = None, hint: str = "", **kw: Any
) -> Any:
    return SelectField(
        label,
        description=hint,
        widget=GovSelect(),
        choices=list(choices),
        validators=[chosen(required)],
        validate_choice=False,
        **kw,
    )


def hidden(**kw: Any) -> Any:
    """What a page carries along; as clean as what is typed, for it can be typed."""
    return HiddenField(filters=[tidy], **kw)


def upload(label: str, *, hint: str = "", **kw: Any) -> Any:
    return FileField(label, description=hint, widget=GovFileInput(), **kw)


def submit(words: str) -> Any:
    return SubmitField(words, widget=GovSubmitInput())


def any_part(required: str | None) -> Callable[[Any, Any], None]:
    """Like `needed`, for three parts: a date without its day is not an empty one."""

    def check(_form: Any, field: Any) -> None:
        if not any(field.raw_data or ()):
            field.errors = []
            raise StopValidation(required or "")

    return check


class DayField(DateField):
    """A date typed as day, month and year."""

    widget = GovDateInput()

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        hint: str = "For example, 27 3 2027",
        **kw: Any,
    ):
        kw.setdefault("format", "%d %m %Y")
        super().__init__(label, description=hint, validators=[any_part(required)], **kw)

    def process_formdata(self, valuelist: list[str]) -> None:
        # The widget draws exactly three parts, whatever a hand-made form sent.
        self.raw_data = parts = [*(part.strip()[:20] for part in valuelist), "", "", ""][:3]
        self.data = None
        if not any(parts):
            return
        try:
            day, month, year = (int(part) for part in parts)
            if not 1900 <= year <= 2100:
                raise ValueError(year)
            self.data = date(year, month, day)
        except (ValueError, OverflowError):
            self.data = None
            raise ValueError("Enter a real date, for example 27 3 2027") from None


class WallTimeField(StringField):
    """A time of day on a 24-hour clock; 9.30 and 2:15pm are understood."""

    data: Any
    widget = GovTextInput()

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        hint: str = "For example, 14:30",
        **kw: Any,
    ):
        super().__init__(label, description=hint, filters=[tidy], validators=needed(required), **kw)

    def _value(self) -> str:
        if isinstance(self.data, time):
            return f"{self.data:%H:%M}"
        return str(self.data or "")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not isinstance(self.data, str) or not self.data:
            self.data = self.data or None
            return
        try:
            minutes = windows.read_clock(self.data)
        except windows.UnclearTimes:
            raise ValidationError("Enter a time such as 14:30") from None
        self.data = time(minutes // 60, minutes % 60)


class TimesField(TextAreaField):
    """Times of the week in words, such as 'Mon to Thu 9:30-14:30'; empty means not known."""

    data: Any
    widget = GovTextArea()

    def __init__(self, label: str, *, required: str | None = None, hint: str = "", **kw: Any):
        kw.setdefault("render_kw", {"params": {"rows": 2}})
        super().__init__(
            label,
            description=hint or "For example: Mon to Thu 9:30-14:30; Fri evenings",
            filters=[tidy],
            validators=needed(required),
            **kw,
        )

    def _value(self) -> str:
        if isinstance(self.data, windows.Windows):
            return self.data.words().replace(" and ", ", ") if self.data else ""
        return str(self.data or "")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not isinstance(self.data, str) or not self.data:
            self.data = self.data or None
            return
        try:
            self.data = windows.read_windows(self.data)
        except windows.UnclearTimes as error:
            raise ValidationError(
                f"{error}. Write days and times, for example Mon to Thu 9:30-14:30"
            ) from None


class PhoneField(StringField):
    """A UK phone number in any form; `data` becomes E.164 or None, and `phone` says what kind it
    is.
    """

    data: Any
    widget = GovTextInput()
    phone: Phone | None = None

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        hint: str = "",
        mobile: bool = False,
        **kw: Any,
    ):
        self.mobile = mobile
        kw.setdefault("render_kw", {"autocomplete": "off", "inputmode": "tel"})
        super().__init__(label, description=hint, filters=[tidy], validators=needed(required), **kw)

    def _value(self) -> str:
        return shown(self.data) if self.data else ""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            self.data = self.data or None
            return
        try:
            self.phone = read_phone(self.data)
        except UnclearPhone as error:
            raise ValidationError(str(error)) from None
        if self.mobile and self.phone.kind != "mobile":
            raise ValidationError("Enter a mobile number, such as 07700 900 142")
        self.data = self.phone.e164


class EmailField(StringField):
    data: Any
    widget = GovTextInput()

    def __init__(self, label: str, *, required: str | None = None, hint: str = "", **kw: Any):
        kw.setdefault(
            "render_kw", {"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}
        )
        super().__init__(label, description=hint, filters=[tidy], validators=needed(required), **kw)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        self.data = self.data or None
        if validation_stopped or not self.data:
            return
        if not re.fullmatch(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,160}\.[A-Za-z]{2,24}", self.data):
            raise ValidationError("Enter an e-mail address, like name@example.org")
        self.data = self.data.lower()


class WholeField(StringField):
    """A whole number within limits."""

    data: Any
    widget = GovTextInput()

    def __init__(
        self,
        label: str,
        *,
        least: int,
        most: int,
        required: str | None = None,
        hint: str = "",
        **kw: Any,
    ):
        self.least, self.most = least, most
        kw.setdefault(
            "render_kw", {"inputmode": "numeric", "params": {"classes": "govuk-input--width-4"}}
        )
        super().__init__(label, description=hint, filters=[tidy], validators=needed(required), **kw)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or self.data in (None, ""):
            self.data = None if self.data == "" else self.data
            return
        try:
            number = int(str(self.data))
        except ValueError:
            number = self.least - 1
        if not self.least <= number <= self.most:
            raise ValidationError(f"Enter a whole number from {self.least} to {self.most}")
        self.data = number
