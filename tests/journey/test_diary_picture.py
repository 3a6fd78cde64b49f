"""The diary in Chromium: every view looked over by axe at a desk and on a phone, and its picture by
mouse and by keyboard. A drag opens a check page, and moves nothing by itself.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator

from app.clock import at_london
from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.families.models import Family
from app.families.queries import practitioners
from app.scheduling.book import Booking, book
from app.wiring import create_app
from tests import databases
from tests.journey.base import lay
from tests.journey.service import running
from tests.journey.steps_desk import JAGO, TAMSIN, sign_in
from tests.journey.test_journey import WITHOUT_CHROMIUM
from tests.journey.walker import Walker, browsers

MONDAY = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)
TUESDAY = date(2027, 1, 12)
DAY = "/diary/2027-01-12?view=team"
VIEWS = ("team", "week", "month", "list", "week&who=3", "team&kind=goals_visit&mine=1")
BOXES = "a.app-diary__event"


def lay_two_visits(environ: Mapping[str, str]) -> None:
    """Tamsin goes to Hannah at 10:00 and Kerensa to Jodie at 14:00."""
    app = create_app(environ, instance=databases.folder() / "instance")
    with app.app_context():
        kerensa, tamsin = practitioners()
        for family, staff, hour in ((1, tamsin, 10), (2, kerensa, 14)):
            transact(lambda family=family, staff=staff, hour=hour: visit(family, staff, hour))
        db.session.remove()
        db.engine.dispose()


def visit(family_id: int, staff: object, hour: int) -> None:
    family = db.session.get_one(Family, family_id)
    record_choice(family, "yes", on=MONDAY.date(), how="phone", by=staff, at=MONDAY)
    starts_at = at_london(TUESDAY, time(hour))
    wanted = Booking(
        kind="goals_visit", family_id=family.id, staff_id=staff.id, starts_at=starts_at,
        minutes=60, place_id=family.home_id,
    )  # fmt: skip
    book(wanted, by=staff, at=MONDAY)


@pytest.mark.browser
@pytest.mark.skipif(WITHOUT_CHROMIUM, reason="Chromium is not on this machine")
@pytest.mark.timeout(300)
def test_the_diary_by_mouse_and_by_keyboard(tmp_path: Path) -> None:
    with running(tmp_path, MONDAY) as service:
        lay(service.environ)
        lay_two_visits(service.environ)
        with browsers(service.address) as people:
            jago = sign_in(people.person(), JAGO)
            phone = sign_in(people.person(phone=True), TAMSIN)
            for view in VIEWS:
                jago.open(f"/diary/2027-01-12?view={view}")
                phone.open(f"/diary/2027-01-12?view={view}")
            a_page_for_each(jago)
            by_keyboard(jago)
            free_time(jago)
            left_where_it_is(jago)
            to_somebody_else(jago)


def boxes(walker: Walker) -> Locator:
    """The boxes of the day's picture, once it is drawn: in order of time."""
    walker.page.goto(walker.address + DAY)
    found = walker.page.locator(BOXES)
    found.nth(1).wait_for()
    return found


def a_page_for_each(walker: Walker) -> None:
    """The day sheets on paper: one page of A4 for each of the two who go somewhere."""
    walker.open("/day-sheet/2027-01-12?who=all")
    assert walker.page.locator("section.app-sheet").count() == 2
    printed = walker.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2


def by_keyboard(walker: Walker) -> None:
    hannah, jodie = boxes(walker).all()
    focused = walker.page.locator(f"{BOXES}:focus")

    hannah.focus()
    for key, expected in (("ArrowRight", jodie), ("ArrowDown", hannah), ("ArrowUp", jodie)):
        walker.page.keyboard.press(key)
        assert focused.get_attribute("href") == expected.get_attribute("href"), key
    walker.page.keyboard.press("7")  # a letter or a number does nothing
    assert walker.page.url == walker.address + DAY
    walker.page.keyboard.press("PageDown")
    walker.page.wait_for_url("**/diary/2027-01-13?view=team")


def free_time(walker: Walker) -> None:
    at = place(boxes(walker).first)
    walker.page.mouse.click(at["x"] + 2.5 * at["width"], at["y"] + 5)
    walker.page.wait_for_url("**/book?start=2027-01-12T12*&who=*")
    walker.look_over()


def place(box: Locator) -> FloatRect:
    found = box.bounding_box()
    assert found is not None
    return found


def drag(walker: Walker, box: Locator, right: float, down: float, *, escape: bool = False) -> None:
    """Take a box in its middle, and let it go somewhere else: its check page opens, but for a drag
    that Escape ended.
    """
    at = place(box)
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    walker.page.mouse.move(x, y)
    walker.page.mouse.down()
    walker.page.mouse.move(x + right / 2, y + down / 2, steps=5)
    walker.page.mouse.move(x + right, y + down, steps=5)
    if escape:
        walker.page.keyboard.press("Escape")
    walker.page.mouse.up()
    if escape:
        return
    walker.page.wait_for_url(re.compile(r"/move\?time="))
    walker.look_over()


def left_where_it_is(walker: Walker) -> None:
    hannah = boxes(walker).first
    before = place(hannah)
    asked: list[str] = []
    walker.page.on("request", lambda request: asked.append(request.url))
    drag(walker, hannah, 2 * before["width"], 0, escape=True)
    assert place(boxes(walker).first) == before
    assert not [address for address in asked if "/move" in address]
    drag(walker, boxes(walker).first, 2 * before["width"], 0)
    walker.sees("Check and move", "Tuesday 12 January, 12:00–13:00", "with Tamsin Nance")

    walker.follow("Leave it where it is")

    assert walker.page.url == walker.address + DAY
    assert place(boxes(walker).first) == before


def to_somebody_else(walker: Walker) -> None:
    hannah, jodie = boxes(walker).all()
    drag(walker, hannah, 0, place(jodie)["y"] - place(hannah)["y"])
    walker.sees("Tuesday 12 January, 10:00–11:00", "with Kerensa Tregenza")
    walker.fill(override_reason="Tamsin is ill")
    walker.select(reason="We asked")

    walker.press("Move it")

    assert walker.page.url == walker.address + DAY
    walker.sees("Moved to Tue 12 Jan 10:00.")
    hannah, jodie = boxes(walker).all()
    assert abs(place(hannah)["y"] - place(jodie)["y"]) < 10  # both in Kerensa's row
