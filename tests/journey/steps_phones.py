"""What the simulator shows: phones with their texts, and the clock."""

import re

from playwright.sync_api import Locator

from tests.journey.walker import Walker

CHILD, SURNAMES = "Sam", ("Silva", "Uren", "Nance")


def phone_of(onlooker: Walker, who: str) -> Locator:
    owner = onlooker.page.get_by_role("heading", name=who, level=3)
    return onlooker.page.locator("section.app-phone").filter(has=owner)


def arrives(onlooker: Walker, who: str, words: str) -> str:
    """The newest text on a phone that holds these words, once the worker has sent it."""
    onlooker.waits_for(words, "/simulator")
    bubbles = phone_of(onlooker, who).locator(".app-thread__words", has_text=words)
    texts = bubbles.all_inner_texts()
    assert texts, f"the text went to another phone than {who}'s"
    return texts[-1]


def discreet(text: str) -> None:
    """No child's name, no surname, no address; and no word of VIG, but in the first text to a
    number, which says who texts in the wording that the person allows.
    """
    text = text.removeprefix("From VIG service,")
    for word in (CHILD, *SURNAMES, "VIG", "TR14", "council"):
        assert word not in text, f"{word!r} in {text!r}"


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, f"no link in {text!r}"
    return found.group(0)


def replies(onlooker: Walker, who: str, words: str) -> None:
    """A reply typed on a simulated phone goes to the webhook as Twilio would post it."""
    onlooker.open("/simulator")
    phone = phone_of(onlooker, who)
    phone.get_by_label("Reply from this phone").fill(words)
    onlooker.press("Send", within=phone)
    onlooker.sees("Sent. The worker reads it")


def clock_to(onlooker: Walker, button: str) -> None:
    onlooker.open("/simulator")
    onlooker.press(button)
    onlooker.sees("The clock was moved.")
