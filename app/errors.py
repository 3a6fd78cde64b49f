"""Refusals that people can act on, and what a page shows when something goes wrong.

An act raises `DomainError`: the message says why and what would work, in a sentence for staff;
where a family could see it, `family` holds the sentence for them, in which no other family appears.
"""

import logging
import uuid

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

log = logging.getLogger("app.errors")

TAKEN = "Somebody else took that time while you were reading. Choose another time."


class DomainError(Exception):
    """An act was refused. `field` is the form field it belongs beside, where there is one."""

    def __init__(self, message: str, field: str | None = None, *, family: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field
        self.family = family or "We could not do that. Ring us and we will help."


class Stale(DomainError):
    """The record changed since the form was opened."""

    def __init__(self, what: str = "This"):
        super().__init__(
            f"{what} was changed by somebody else since you opened it. "
            "What is stored now is shown below; check it and try again."
        )


class Gone(DomainError):
    """The record was taken away since it was read, so that there is no page of it to show."""

    def __init__(self, what: str = "This"):
        super().__init__(f"{what} was taken away by somebody else since you opened it.")


class Conflict(DomainError):
    """A person or room is held already by another appointment (the database refused)."""


PAGES = {400, 404, 409, 413, 429, 500, 503}


def page_for(status: int, **words: object) -> Response:
    """The page that explains an error status, as a response with that status."""
    name = status if status in PAGES else 400
    return make_response(render_template(f"errors/{name}.html", **words), status)


def bare_page(number: str) -> Response:
    """The page for a failure, drawn without asking anything of the database."""
    template = current_app.jinja_env.get_template("errors/500.html")
    return make_response(template.render(number=number), 500)


def fail(error: Exception) -> Response:
    """What was not foreseen: logged under a number that the page shows."""
    number = uuid.uuid4().hex[:8]
    # The rule's pattern, never the path: paths carry tokens, messages carry people.
    log.error(
        "failed %s %s: %s (%s)",
        request.method,
        request.url_rule,
        type(error).__name__,
        number,
        exc_info=error if current_app.debug or current_app.testing else None,
    )
    return bare_page(number)


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> Response:
        if isinstance(error, SecurityError):
            # A foreign Host: building any address for the page would raise again.
            return Response("This address is not served here.\n", 400, mimetype="text/plain")
        if error.response is not None and error.code is None:
            return make_response(error.response)
        status = error.code or 500
        if status in (401, 403):
            status = 404  # another's record and a missing one look the same
        if 300 <= status < 400:
            return make_response(error.get_response())
        # Werkzeug's own descriptions are for programmers; one that a view gave is for the reader.
        own = error.description if error.description != type(error).description else None
        return page_for(status, csrf=isinstance(error, CSRFError), reason=own)

    app.register_error_handler(Exception, fail)

    @app.errorhandler(DomainError)
    def refuse(error: DomainError) -> Response:
        """An act's refusal that no form showed: the sentence on a page of its own."""
        return page_for(409, reason=error.message)
