"""What every page behind a link has in common: it tells no other site its address, and every dead
kind of link gets the same answer.
"""

from typing import TypeVar

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from app.settings import store

A = TypeVar("A", bound=Answer)


def private(response: A) -> A:
    """The address holds the token: no other site is told it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def ended_page(status: int = 404) -> Response:
    """The one answer to every link that does not open, the same bytes whatever it was."""
    words = render_template("scheduling/link_ended.html", rules=store.current())
    return private(make_response(words, status))


def asked_page() -> Response:
    """The one answer to whoever asks for a new link: it does not say whether the old one was
    ours.
    """
    words = render_template("scheduling/link_asked.html", rules=store.current())
    return private(make_response(words))


def from_elsewhere() -> bool:
    """Whether another site sent this form: it never came from our page."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"
