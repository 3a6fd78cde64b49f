"""One shape for every form: draw it; run its act, say so and go on; or draw it again with what is
wrong beside where it is wrong, and what was typed kept.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import Response, flash, make_response, redirect

from app.db import Model, transact
from app.errors import DomainError, Gone, Stale, page_for
from app.forms import Form, PhoneField, put
from app.phones import shown
from app.windows import Windows

T = TypeVar("T")


def save(
    form: Form,
    act: Callable[[], T],
    *,
    page: Callable[[], str],
    then: Callable[[T], str],
    said: str | Callable[[T], str] = "",
    row: Model | None = None,
    version: Callable[[], int] | None = None,
) -> Any:
    """Draw `page()` for a GET; for a POST that fits run and commit `act`, then go to `then(made)`.

    A refusal is shown on the form with status 422. Where `row` changed since the form was opened
    the answer is 409, with what is stored beside what was typed, and nothing of it saved; with
    `version` instead it is the page again, which shows what is stored, the form as it was typed
    and carrying the version of now. `page` reads its rows anew, because a refused act has been
    rolled back.
    """
    if form.validate_on_submit():
        try:
            made = transact(act)
        except Gone:
            raise
        except Stale as error:
            if row is not None:
                return stale(form, row)
            put(form, error)
            if version is not None:
                form.version.data = str(version())
                return make_response(page(), 409)
        except DomainError as error:
            put(form, error)
        else:
            words = said(made) if callable(said) else said
            if words:
                flash(words, "success")
            return redirect(then(made))
    return make_response(page(), 422 if form.is_submitted() else 200)


def stale(form: Form, row: Model) -> Response:
    """The page that shows what changed meanwhile: what is stored beside what was typed."""
    changes = [
        (
            field.label.text,
            words_of(field, getattr(row, field.short_name)),
            words_of(field, field.data),
        )
        for field in form
        if hasattr(row, field.short_name) and field.short_name != "version"
    ]
    return page_for(409, changes=[change for change in changes if change[1] != change[2]])


def words_of(field: Any, value: Any) -> str:
    """A field's value as people read it: the words of a choice, times of the week, yes or no, a
    date, a phone number.
    """
    choices: dict[str, str] = {
        str(key): words for key, words in getattr(field, "choices", None) or ()
    }
    if isinstance(value, Windows):
        return value.words()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (list, tuple)):
        return ", ".join(choices.get(str(each), str(each)) for each in value) or "Nothing"
    if value in (None, ""):
        return "Nothing"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(field, PhoneField):
        return shown(str(value))
    return choices.get(str(value), str(value))
