"""From a referrer's form to the family's record, taken up by a coordinator."""

from tests.journey.walker import Walker


def refer(referrer: Walker) -> None:
    referrer.open("/refer")
    referrer.fill(
        referrer_name="Nia Thomas", referrer_role="Health visitor", referrer_email="nia@example.org"
    )
    referrer.pick(still_involved="yes")
    referrer.press("Continue")
    referrer.fill(first_name="Beth", surname="Silva", postcode="TR14 8NS")
    referrer.pick(carer_type="adoptive")
    referrer.press("Continue")
    referrer.fill(mobile="07700 900 321")
    referrer.pick(phone_owner="own", safe_to_text="yes", wording="full")
    referrer.press("Continue")
    referrer.fill(child_1_first_name="Sam")
    referrer.fill_day("child_1_day", "3", "5", "2025")
    referrer.press("Continue")
    referrer.pick(choice_explained="yes", willing="yes", wants_to_talk="yes", goals_discussed="yes")
    referrer.press("Continue")
    referrer.pick(where="home")
    referrer.press("Continue")
    referrer.press("Send")
    referrer.sees("Your reference is")


def take_up(coordinator: Walker) -> str:
    """The family's reference."""
    coordinator.open("/referrals")
    coordinator.follow("Beth Silva")
    coordinator.select(practitioner_id="Tamsin Nance")
    coordinator.press("Take up")
    coordinator.sees("Wants to talk to a parent", "Find a peer parent")
    reference = coordinator.page.url.rsplit("/", 1)[1]
    coordinator.open(f"/families/{reference}/edit")
    coordinator.page.check("input[name='ways_to_talk'][value='phone']")
    coordinator.fill(free_times="Mon-Fri 9:30-19:00")
    coordinator.press("Save")
    return reference


def may_send_links(coordinator: Walker) -> None:
    """Asked on the phone: a link is safe too."""
    coordinator.follow("Change how to reach Beth")
    coordinator.pick(safe_to_text="yes")
    coordinator.page.check("input[name='link_ok']")
    coordinator.press("Save")
    coordinator.sees("How to reach Beth is saved.")
