"""The forms of sign-in and of staff accounts: shapes only, the acts check truth."""

from app import forms


class SignInForm(forms.Form):
    email = forms.EmailField(
        "E-mail address",
        required="Enter your e-mail address",
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = forms.password("Password", required="Enter your password")
