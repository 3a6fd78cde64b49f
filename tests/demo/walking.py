"""Walking the sample service by its links and forms, as one person."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from tests.sessions import signed_in

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
TYPED = ("text", "email", "tel", "search", "date", "number", "url", "password")


def enter(app: Flask, role: str) -> FlaskClient:
    """The browser of the first person in this role."""
    with app.app_context():
        people = select(Staff).where(Staff.role == role).order_by(Staff.id).limit(1)
        return signed_in(app, db.session.scalars(people).one())


@dataclass
class Walk:
    """What was opened: how many of each kind of page, the pages' words, and what led astray."""

    opened: Counter[str] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)


def walk(app: Flask, client: FlaskClient, often: int = 6) -> Walk:
    """Follow links from Today, opening at most `often` pages of each kind."""
    kind_of, made = kinds_of(app), Walk()
    waiting, known = [("/", "")], {"/"}
    while waiting:
        address, origin = waiting.pop(0)
        kind = kind_of(address)
        if kind == "static" or made.opened[kind] >= often:
            continue
        made.opened[kind] += 1
        answer = client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            made.astray.append(f"{origin} -> {address}: {answer.status_code}")
            continue
        if answer.mimetype != "text/html":
            continue
        made.pages[address] = answer.text
        for link in LINK.findall(answer.text):
            target = unescape(link).partition("#")[0]
            if target.startswith("/") and target not in known:
                known.add(target)
                waiting.append((target, address))
    return made


def kinds_of(app: Flask, method: str = "GET") -> Callable[[str], str]:
    """Which page of ours an address is."""
    rules = app.url_map.bind("127.0.0.1")

    def kind(address: str) -> str:
        endpoint, _ = rules.match(urlsplit(address).path, method=method)
        return str(endpoint)

    return kind


@dataclass
class FormOnPage:
    """A form as a browser would send it: where to, and its fields by name and kind. Of what is
    chosen, the answer that stands there, else the first."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Every form of a page that is sent by POST."""

    def __init__(self, address: str, words: str):
        super().__init__()
        self.address = address
        self.found: list[FormOnPage] = []
        self.open: FormOnPage | None = None
        self.select = ""
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and has.get("method", "get").lower() == "post":
            self.open = FormOnPage(has.get("action") or self.address)
            self.found.append(self.open)
        elif self.open is not None and tag == "option":
            self.offer(self.open, self.select, has, standing="selected" in has)
        elif self.open is not None and has.get("name"):
            self.add(self.open, tag, has)

    def add(self, form: FormOnPage, tag: str, has: dict[str, str]) -> None:
        name, kind = has["name"], has.get("type", "text")
        if tag == "textarea" or (tag == "input" and kind in TYPED):
            form.typed.append(name)
        elif tag == "input" and kind == "hidden":
            form.hidden[name] = has.get("value", "")
        elif tag == "select":
            self.select = name
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.offer(form, name, has, standing="checked" in has)
        elif tag == "button":
            form.buttons.append((name, has.get("value", "")))

    def offer(self, form: FormOnPage, name: str, has: dict[str, str], *, standing: bool) -> None:
        if standing or not form.chosen.get(name):
            form.chosen[name] = has.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
