"""From the offer to a peer parent to the family's own yes."""

from tests.journey.steps_desk import JAGO, sign_in
from tests.journey.steps_phones import arrives, clock_to, discreet, link_in
from tests.journey.walker import Walker


def offer(coordinator: Walker, reference: str) -> None:
    coordinator.open(f"/families/{reference}/match")
    coordinator.follow("Offer to Chloe U")
    coordinator.press("Send the offer")
    coordinator.sees("Offer sent to Chloe U")


def peer_says_yes(peer: Walker, onlooker: Walker) -> None:
    text = arrives(onlooker, "Chloe", "Could you talk with a parent?")
    discreet(text)
    peer.open(link_in(text))
    discreet(peer.words())
    peer.page.locator("input[name='time']").nth(1).check()
    peer.page.locator("input[name='time']").nth(2).check()
    peer.press("Yes, I can talk")
    peer.sees("Thank you")


def is_asked_for_a_time(carer: Walker, onlooker: Walker) -> None:
    """The family could pick a time by itself, and reads no name before both have agreed."""
    text = arrives(onlooker, "Beth", "Pick a time that suits you")
    discreet(text)
    carer.open(link_in(text))
    carer.sees("When do you want to talk?", "Tuesday 12 January at 12 noon")
    assert "Chloe" not in carer.words()


def agree_a_time(coordinator: Walker) -> None:
    coordinator.open("/")
    coordinator.follow("Agree a time")
    coordinator.choose("Tue 12 Jan 12:00 (the peer parent said yes to it)")
    coordinator.press("Book the conversation")
    coordinator.sees("Booked for")


def they_talk(coordinator: Walker, onlooker: Walker) -> None:
    arrives(onlooker, "Beth", "Booked: your talk with Chloe")
    arrives(onlooker, "Chloe", "Booked: your talk with Beth")
    here = coordinator.page.url.removeprefix(coordinator.address)
    clock_to(onlooker, "To the next appointment")
    clock_to(onlooker, "One hour on")
    sign_in(coordinator, JAGO, here)
    coordinator.follow("Record how it went")
    coordinator.pick(outcome="held")
    coordinator.fill(how_family="Glad to hear that it is not about being told off.")
    coordinator.press("Save")
    coordinator.follow("Debrief")
    coordinator.pick(worried="no", rest="no")
    coordinator.press("Save")


def says_yes(carer: Walker, coordinator: Walker, onlooker: Walker, reference: str) -> None:
    coordinator.press("Ask by text")
    text = arrives(onlooker, "Beth", "How would you like to go on?")
    discreet(text)
    carer.open(link_in(text))
    carer.choose("Yes, I want to go on")
    carer.press("Tell us")
    carer.sees("Thank you")
    coordinator.open(f"/families/{reference}")
    coordinator.sees("Yes")
