"""`python -m tests.pictures`: takes the pictures of the README, of the sample service on a Tuesday
morning, in Chromium; each page is looked over by axe on the way.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.demo.team import PASSWORD
from tests.journey.service import ROOT, Service, running
from tests.journey.walker import Walker, browser

TUESDAY = datetime(2026, 11, 24, 10, 40, tzinfo=UTC)
FOLDER = ROOT / "app" / "demo" / "pictures"
COORDINATOR, PRACTITIONER = "jago.penrose@example.org", "tamsin.nance@example.org"
# Name -> address; an offer is out for Ruth's family, Hannah's is in its second cycle.
WIDE = {
    "today": "/",
    "family": "/families/F1042",
    "matching": "/families/F1058/match",
    "diary": "/diary",
}


def enter(walker: Walker, email: str) -> None:
    walker.open("/sign-in")
    walker.fill(email=email, password=PASSWORD)
    walker.press("Sign in")


def taken(walker: Walker, name: str, height: int) -> None:
    """The top of the page as it stands, as a small file."""
    size = walker.page.viewport_size
    assert size is not None
    walker.page.screenshot(
        path=FOLDER / f"{name}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": size["width"], "height": height},
    )


def take(service: Service) -> None:
    with browser(service.address) as walker:
        enter(walker, COORDINATOR)
        for name, address in WIDE.items():
            walker.open(address)
            walker.page.wait_for_load_state("networkidle")
            taken(walker, name, 1000)
        walker.open("/families/F1042/book?kind=pair")
        walker.press("See free times")
        taken(walker, "booking", 1000)
    with browser(service.address, phone=True) as walker:
        enter(walker, PRACTITIONER)
        taken(walker, "my-day", 844)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), TUESDAY, sample=True) as service,
    ):
        take(service)


if __name__ == "__main__":
    main()
