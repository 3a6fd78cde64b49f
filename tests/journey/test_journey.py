"""A family's first steps, walked in Chromium against the real server and worker, with axe on every
page.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journey.base import PASSWORD, lay
from tests.journey.service import Service, chromium, running
from tests.journey.walker import Walker, browser

MONDAY = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)


def refer(walker: Walker) -> None:
    walker.open("/refer")
    walker.fill(
        referrer_name="Nia Thomas", referrer_role="Health visitor", referrer_email="nia@example.org"
    )
    walker.pick(still_involved="yes")
    walker.press("Continue")
    walker.fill(first_name="Beth", surname="Silva", postcode="TR14 8NS")
    walker.pick(carer_type="adoptive")
    walker.press("Continue")
    walker.fill(mobile="07700 900 321")
    walker.pick(phone_owner="own", safe_to_text="yes", wording="full")
    walker.press("Continue")
    walker.fill(child_1_first_name="Sam")
    for part, typed in zip(
        walker.page.locator("input[name='child_1_day']").all(), ("3", "5", "2025"), strict=True
    ):
        part.fill(typed)
    walker.press("Continue")
    walker.pick(choice_explained="yes", willing="yes", wants_to_talk="yes", goals_discussed="yes")
    walker.press("Continue")
    walker.pick(where="home")
    walker.press("Continue")
    walker.press("Send")
    walker.sees("Your reference is")


def enter(walker: Walker, email: str) -> None:
    walker.open("/sign-in")
    walker.fill(email=email, password=PASSWORD)
    walker.press("Sign in")


def take_up(walker: Walker) -> str:
    walker.open("/referrals")
    walker.follow("Beth Silva")
    walker.select(practitioner_id="Tamsin Nance")
    walker.press("Take up")
    walker.sees("Wants to talk to a parent", "Find a peer parent")
    return walker.page.url.rsplit("/", 1)[1]


def offer(walker: Walker, reference: str) -> None:
    walker.open(f"/families/{reference}/edit")
    walker.page.check("input[name='ways_to_talk'][value='phone']")
    walker.fill(free_times="Mon-Fri 9:30-19:00")
    walker.press("Save")
    walker.open(f"/families/{reference}/match")
    walker.follow("Offer to Chloe U")
    walker.press("Send the offer")
    walker.sees("Offer sent to Chloe U")


def text_arrives(walker: Walker, service: Service) -> None:
    """The worker hands the text to the simulator: the page is opened until it is there."""
    for _ in range(60):
        walker.page.goto(f"{service.address}/simulator")
        if "Could you talk with a parent?" in walker.page.inner_text("body"):
            break
        walker.page.wait_for_timeout(500)
    walker.sees("Could you talk with a parent?")
    assert "Silva" not in walker.page.inner_text("body")


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None, reason="Chromium is not on this machine")
@pytest.mark.timeout(300)
def test_from_a_referral_to_an_offer_on_a_peers_phone(tmp_path: Path) -> None:
    with running(tmp_path, MONDAY) as service:
        lay(service.environ)
        with browser(service.address) as walker:
            refer(walker)
            enter(walker, "jago.penrose@example.org")
            reference = take_up(walker)
            offer(walker, reference)
            text_arrives(walker, service)
            for path in ("/", "/families", "/diary", "/peers", "/texts", "/lone-working"):
                walker.open(path)
