"""People in browsers: they open pages and fill in forms, and every page is looked over by axe-core.

A phone is 390 px wide, with a touch screen; on it no page may scroll sideways.
"""

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.journey.service import ROOT, chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """rules => axe.run(document, {runOnly: rules}).then(result => result.violations.map(
    v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"""
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE_WIDTH = 390
PHONE: dict[str, Any] = {
    "viewport": {"width": PHONE_WIDTH, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
Seen = set[tuple[str, bool, int]]
PATIENCE = 30  # seconds within which the worker has done what waits


def axe_script() -> str:
    build = ROOT / "app" / "static" / "build"
    name = json.loads((build / "manifest.json").read_text(encoding="utf-8"))["axe.js"]
    return (build / name).read_text(encoding="utf-8")


class Walker:
    """Somebody who walks pages of one service. `seen` holds every page that axe has looked over:
    its path, the width of its reader, and how many elements it had.
    """

    def __init__(self, page: Page, address: str, axe: str, seen: Seen, *, phone: bool = False):
        self.page = page
        self.address = address
        self.axe = axe
        self.phone = phone
        self.seen = seen
        self.messages: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.messages.append(str(error)))

    def _note(self, message: Any) -> None:
        if message.type == "error" and "favicon" not in message.text:
            self.messages.append(message.text)

    def open(self, path: str) -> None:
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look_over()

    def look_over(self) -> None:
        """No WCAG 2.2 A or AA violation on the page as it stands, and no error in its console."""
        assert self.messages == [], f"{self.page.url}: {self.messages}"
        if self.phone:
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE_WIDTH, f"{self.page.url} is {wide} px wide on a phone"
        path = self.page.url.removeprefix(self.address).partition("?")[0]
        elements = self.page.evaluate("document.querySelectorAll('*').length")
        if (path, self.phone, elements) in self.seen:
            return  # the sign-in page again, say
        picture(self)
        # Read into the page's own world by the protocol: the content policy forbids script tags.
        self.page.evaluate(self.axe)
        found = self.page.evaluate(AXE, RULES)
        assert found == [], f"{self.page.url}: {found}"
        self.seen.add((path, self.phone, elements))

    def press(self, name: str, *, exact: bool = False, within: Locator | None = None) -> None:
        """Press the button of this name and look the next page over."""
        (within or self.page).get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state("load")
        self.look_over()

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Follow the link (or the link that looks like a button) of this name."""
        target = self.page.get_by_role("link", name=name, exact=exact)
        if target.count() == 0:
            target = self.page.get_by_role("button", name=name, exact=exact)
        target.first.click()
        self.page.wait_for_load_state("load")
        self.look_over()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"[name='{name}']", value)

    def fill_day(self, name: str, *parts: str) -> None:
        for box, typed in zip(self.page.locator(f"input[name='{name}']").all(), parts, strict=True):
            box.fill(typed)

    def pick(self, **fields: str) -> None:
        """Choose the radio or box of this name and value."""
        for name, value in fields.items():
            self.page.check(f"input[name='{name}'][value='{value}']")

    def select(self, **fields: str) -> None:
        for name, words in fields.items():
            self.page.select_option(f"select[name='{name}']", label=words)

    def choose(self, *labels: str) -> None:
        """Tick the radios or boxes whose labels begin with these words."""
        for label in labels:
            self.page.get_by_label(re.compile(r"^\s*" + re.escape(label))).first.check()

    def words(self) -> str:
        return self.page.inner_text("body")

    def sees(self, *words: str) -> None:
        text = self.words()
        for word in words:
            assert word in text, f"{self.page.url} does not say {word!r}"

    def waits_for(self, words: str, path: str) -> None:
        """Open a page again until it says what the worker is about to bring about."""
        until = time.monotonic() + PATIENCE
        self.page.goto(self.address + path)
        while words not in self.words():
            assert time.monotonic() < until, f"{path} does not say {words!r}: {self.words()}"
            self.page.wait_for_timeout(250)  # a poll with a limit, not a guess
            self.page.reload()
        self.look_over()


class People:
    """Opens a browser of their own for each person of the walk, at a desk or on a phone."""

    def __init__(self, chrome: Browser, address: str):
        self.chrome = chrome
        self.address = address
        self.axe = axe_script()
        self.seen: Seen = set()

    def person(self, *, phone: bool = False) -> Walker:
        page = self.chrome.new_context(**(PHONE if phone else DESK)).new_page()
        page.set_default_timeout(30_000)
        return Walker(page, self.address, self.axe, self.seen, phone=phone)


@contextmanager
def browsers(address: str) -> Iterator[People]:
    path = chromium()
    assert path, "Chromium is not on this machine"
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield People(chrome, address)
        chrome.close()


@contextmanager
def browser(address: str, *, phone: bool = False) -> Iterator[Walker]:
    """One person alone."""
    with browsers(address) as people:
        yield people.person(phone=phone)


def picture(walker: Walker) -> None:
    """Keep a picture of the page, where JOURNEY_PICTURES names a folder: to look at by eye."""
    if folder := os.environ.get("JOURNEY_PICTURES"):
        path = Path(folder)
        number = len(list(path.glob("*.png"))) + 1
        name = re.sub(r"[^a-z]+", "-", walker.page.title().lower()).strip("-")[:40]
        walker.page.screenshot(path=path / f"{number:03}-{name}.png", full_page=True)
