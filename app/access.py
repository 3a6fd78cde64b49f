"""Who may open what: default deny, in one hook; a view says its readers as an attribute.

`@public` needs no account, `@signed_in` any member of staff, `@allow(*roles)` the roles named. A
view without one of them is refused for everybody; tests find each route that says nothing, and
each public one where none may be. Rows are narrowed by each package's `visible_to(user)`; `found`
turns what is not there, or not theirs, into the same 404.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

COORDINATOR = "coordinator"
PRACTITIONER = "practitioner"
MANAGER = "manager"
ROLES = (COORDINATOR, PRACTITIONER, MANAGER)
ARRANGERS = (COORDINATOR, MANAGER)

PUBLIC = "public"
View = TypeVar("View", bound=Callable[..., Any])


class User(Protocol):
    """What the kernel and the lower packages know of a signed-in member of staff."""

    id: int
    name: str
    role: str
    is_authenticated: bool


def public(view: View) -> View:
    """Anybody may open this view."""
    view.readers = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any member of staff may open this view."""
    view.readers = ROLES  # type: ignore[attr-defined]
    return view


def allow(*roles: str) -> Callable[[View], View]:
    """Only these roles may open this view; for others it does not exist."""

    def mark(view: View) -> View:
        view.readers = roles  # type: ignore[attr-defined]
        return view

    return mark


def readers(endpoint: str) -> Any:
    """Who may open an endpoint: PUBLIC, a tuple of roles, or None for nobody."""
    if endpoint == "static":
        return PUBLIC
    return getattr(current_app.view_functions.get(endpoint), "readers", None)


def may_open(endpoint: str, user: User) -> bool:
    """Whether a link to this endpoint should be shown to this user."""
    allowed = readers(endpoint)
    return bool(allowed == PUBLIC or (allowed and user.role in allowed))


def found(row: Any) -> Any:
    """The row, or the 404 that a missing record and another's record share."""
    if row is None:
        abort(404)
    return row


def safe_next(target: str | None) -> str | None:
    """A local path to go to after signing in, or None: only paths that a GET of ours answers.

    '/\\t/evil.example' and its kin are refused by allowing a short list of characters
    (reference/security.md section 0, fact 4).
    """
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./?=&")
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if not set(target) <= allowed or ".." in target:
        return None
    try:
        current_app.url_map.bind("local").match(urlsplit(target).path, method="GET")
    except HTTPException:
        return None
    return target


def init_app(app: Flask) -> None:
    @app.before_request
    def deny_by_default() -> Response | None:
        if request.endpoint is None:
            return None  # no such page: Flask answers 404 or 405 itself
        allowed = readers(request.endpoint)
        if allowed == PUBLIC:
            return None
        if not current_user.is_authenticated:
            target = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("accounts.sign_in", next=safe_next(target) or None))
        if not allowed or current_user.role not in allowed:
            abort(404)
        return None
