"""A person in a browser: opens pages, fills in forms, and has every page looked over by
axe-core.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.journey.service import ROOT, chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_script() -> str:
    build = ROOT / "app" / "static" / "build"
    name = json.loads((build / "manifest.json").read_text(encoding="utf-8"))["axe.js"]
    return (build / name).read_text(encoding="utf-8")


class Walker:
    """Walks pages of one service; `looked_over` holds the address of every page that axe has
    seen.
    """

    def __init__(self, page: Page, address: str):
        self.page = page
        self.address = address
        self.axe = axe_script()
        self.looked_over: list[str] = []
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
        # Read into the page's own world by the protocol: the content policy forbids script tags.
        self.page.evaluate(self.axe)
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))",
            RULES,
        )
        assert found == [], f"{self.page.url}: {found}"
        assert self.messages == [], f"{self.page.url}: {self.messages}"
        self.looked_over.append(self.page.url)

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press the button of this name and look the next page over."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
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

    def pick(self, **fields: str) -> None:
        """Choose the radio or box of this name and value."""
        for name, value in fields.items():
            self.page.check(f"input[name='{name}'][value='{value}']")

    def select(self, **fields: str) -> None:
        for name, words in fields.items():
            self.page.select_option(f"select[name='{name}']", label=words)

    def choose(self, *labels: str) -> None:
        """Tick the radios or boxes that have these labels."""
        for label in labels:
            self.page.get_by_label(label, exact=False).first.check()

    def sees(self, *words: str) -> None:
        text = self.page.inner_text("body")
        for word in words:
            assert word in text, f"{self.page.url} does not say {word!r}"


@contextmanager
def browser(address: str, *, phone: bool = False) -> Iterator[Walker]:
    path = chromium()
    assert path, "Chromium is not on this machine"
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = chrome.new_context(viewport=size).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        yield Walker(page, address)
        chrome.close()


def picture(walker: Walker, name: str, folder: Path) -> None:
    walker.page.screenshot(path=folder / f"{name}.png", full_page=True)
