"""What the tests of these pages share: typed dates, and what a refused form must do."""

from datetime import date
from html import unescape
from typing import Any

from flask.testing import FlaskClient


def typed(day: date) -> list[str]:
    """A date as three parts of a form."""
    return [str(day.day), str(day.month), str(day.year)]


def words_of(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def refused(client: FlaskClient, path: str, data: dict[str, Any], says: str, field: str) -> str:
    """The page of a form that was refused: 422, and the sentence beside its field."""
    answer = client.post(path, data=data)
    words = words_of(answer)
    assert answer.status_code == 422, words
    beside = words.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert says in beside, words
    assert f'href="#{field}' in words, "the summary leads to the field"
    return words
