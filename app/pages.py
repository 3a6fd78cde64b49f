"""What every page has: navigation, the strip of alarms, words for times, and addresses that are
ours.

`nav`, `strips` and `badges` are tables that `wiring` fills, so that the frame knows no package.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_login import current_user
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from sqlalchemy import ScalarSelect
from werkzeug.routing import BaseConverter, ValidationError

from app import access, clock, phones, times
from app.db import drawing
from app.registry import Registry


@dataclass(frozen=True)
class NavItem:
    """One place of the service navigation: `packages` have their pages there, but for single
    endpoints that another place names.
    """

    words: str
    endpoint: str
    packages: tuple[str, ...]
    href: str = ""
    current: bool = False
    badge: int | None = None
    badge_words: str = ""


@dataclass(frozen=True)
class Strip:
    """The red strip under the navigation: somebody may not be safe now."""

    words: str
    detail: str
    href: str
    link_words: str


# Filled by wiring. A badge is a function () -> (number, hidden words); a banner () -> Strip | None;
# `frame` gives what each page's frame shows: rules, watch words.
nav: Registry[NavItem] = Registry("pages.nav")
badges: Registry[Callable[[], tuple[int, str]]] = Registry("pages.badges")
banners: Registry[Callable[[], Strip | None]] = Registry("pages.banners")
frame: Registry[Callable[[], Any]] = Registry("pages.frame")
# Single values that the frame needs, each a subquery: read together with whose session it is.
small_reads: Registry[Callable[[], ScalarSelect[Any]]] = Registry("pages.small_reads")


def small_read(name: str) -> Any:
    """One of the `small_reads`, as it was read with the session; nobody signed in: None."""
    return g.get("small_reads", {}).get(name)


class IdConverter(BaseConverter):
    """A row's number: 1 to 2^31 - 1, so that no database is asked about a number it cannot hold."""

    regex = r"\d{1,10}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 1 <= number <= 2_147_483_647:
            raise ValidationError
        return number

    def to_url(self, value: Any) -> str:
        return str(int(value))


@lru_cache(maxsize=1)
def built(folder: str) -> dict[str, str]:
    manifest = Path(folder) / "manifest.json"
    if not manifest.exists():
        return {}
    found: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return found


def asset(name: str) -> str:
    """The address of a built file, with its hash in the name."""
    known = built(current_app.static_folder or "")
    return url_for("static", filename=known.get(name, name))


def public_address(endpoint: str, **values: Any) -> str:
    """An address for texts, e-mails and calendars: always built from PUBLIC_URL."""
    base: str = current_app.config["PUBLIC_URL"]
    with current_app.test_request_context(base_url=base):
        return base + url_for(endpoint, **values)


def navigation() -> list[NavItem]:
    here = request.endpoint or ""
    if not any(here in nav[name].packages for name in nav):
        here = (request.blueprint or "").partition(".")[0]
    items = []
    for name in nav:
        item = nav[name]
        if not access.may_open(item.endpoint, current_user):
            continue
        number, words = badges[name]() if name in badges else (None, "")
        items.append(
            replace(
                item,
                href=url_for(item.endpoint),
                current=here in item.packages,
                badge=number or None,
                badge_words=words,
            )
        )
    return items


def strip() -> Strip | None:
    for show in banners.values():
        if found := show():
            return found
    return None


def framed() -> dict[str, Any]:
    """What stands around every page, for whoever is signed in."""
    shown: dict[str, Any] = {"now": clock.now, "today": clock.today}
    for name in frame:
        shown[name] = frame[name]()
    signed_in = current_user and current_user.is_authenticated
    shown["nav"] = navigation() if signed_in else []
    shown["strip"] = strip() if signed_in else None
    return shown


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.undefined = ChainableUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(Path(app.root_path).parent / "templates")),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    WTFormsHelpers(app)
    app.jinja_env.globals.update(
        asset=asset, may_open=lambda endpoint: access.may_open(endpoint, current_user)
    )
    app.jinja_env.filters.update(
        staff_time=times.staff_time,
        for_staff=times.for_staff,
        staff_date=lambda day: times.staff_date(day, clock.today()),
        staff_range=times.staff_range,
        staff_span=times.staff_span,
        near=lambda at: times.near(at, clock.now()),
        for_family=times.for_family,
        family_date=times.for_family_date,
        family_time=times.for_family_time,
        family_range=times.for_family_range,
        how_long=times.how_long,
        phone=phones.shown,
        words=lambda windows: windows.words() if windows is not None else "not known",
    )

    @app.context_processor
    def context() -> dict[str, Any]:
        """What every page has. A form's field is a template of its own: asked once a request."""
        if "shown" in g:
            return dict(g.shown)
        if not has_request_context():
            return framed()
        with drawing():
            g.shown = framed()
        return dict(g.shown)
