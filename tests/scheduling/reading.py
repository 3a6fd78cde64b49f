"""Reading pages as people do: their words without markup, and what a form carries."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def words(answer: TestResponse) -> str:
    """The words of a page's main part, with single spaces."""
    main = re.search(r"<main.*?</main>", answer.text, re.S)
    plain = re.sub(r"<[^>]+>", " ", main[0] if main else answer.text)
    return " ".join(unescape(plain).split())


def read(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, words(answer)
    return words(answer)


def value(page: str, name: str) -> str:
    """What a hidden field of this name holds."""
    tags = [tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag]
    assert tags, name
    found = re.search(r'value="([^"]*)"', tags[0])
    return unescape(found[1]) if found else ""


def choices(page: str, name: str = "time") -> list[str]:
    """The values of the radios of this name, in order."""
    tags = [t for t in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in t and "radio" in t]
    return [unescape(re.search(r'value="([^"]*)"', tag)[1]) for tag in tags]
