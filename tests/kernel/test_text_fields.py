"""What was typed into a box, without what no keyboard sends."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app import forms


class Asked(forms.Form):
    name = forms.text("Name")
    words = forms.area("Words")


def typed(text: str) -> Asked:
    app = Flask("forms")
    app.config.update(SECRET_KEY="of a test", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        return Asked(MultiDict({"name": text, "words": text}))


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Ana\r\nBcc: x@example.org", "Ana Bcc: x@example.org", "Ana\nBcc: x@example.org"),
        (" Ana \t Bray ", "Ana Bray", "Ana \t Bray"),
        ("A\0na\x07", "Ana", "Ana"),
        ("\u2028", "", ""),
        ("O’Brien-Nuñez", "O’Brien-Nuñez", "O’Brien-Nuñez"),
    ],
)
def test_one_line_stays_one_line(text: str, name: str, words: str) -> None:
    form = typed(text)

    assert (form.name.data, form.words.data) == (name, words)
