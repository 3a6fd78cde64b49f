"""An e-mail address that a form takes is one that every database can keep."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app import forms

KEPT = 255  # characters of the columns


class Asked(forms.Form):
    email = forms.EmailField("E-mail address")


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("Ana.Bray@Example.org", True),
        ("a" * 64 + "@" + "b" * 160 + "." + "c" * 24, True),
        ("a" * 64 + "@" + "b" * 170 + ".example", False),
        ("ana@example.org\nBcc: other@example.org", False),
        ("ana@example.org, other@example.org", False),
    ],
)
def test_the_length_and_shape_of_an_address(typed: str, fits: bool) -> None:
    app = Flask("forms")
    app.config.update(SECRET_KEY="of a test", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        form = Asked(MultiDict({"email": typed}))

        assert form.validate() is fits
        assert not fits or len(form.email.data) <= KEPT
