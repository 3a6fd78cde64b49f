"""A cycle: booked as a pair, reminded, confirmed by a reply, visited, its clips and its review."""

import re
from datetime import timedelta

from tests.journey.service import Service
from tests.journey.steps_begin import GOAL
from tests.journey.steps_desk import JAGO, TAMSIN, sign_in
from tests.journey.steps_phones import CHILD, arrives, clock_to, discreet, link_in, replies
from tests.journey.walker import Walker

# The second pair offered: the first is too near for a reminder.
VIDEO_DAY, REVIEW_DAY = "Thu 14 Jan", "Thu 21 Jan"


def book_the_pair(practitioner: Walker, reference: str) -> str:
    """The path of the video session's page."""
    practitioner.open(f"/families/{reference}")
    practitioner.follow("Find times")
    practitioner.sees("Choose times for the video and its review", "Home visits: standard")
    practitioner.choose(f"Video {VIDEO_DAY}")
    practitioner.press("Check and book")
    practitioner.sees("Thursday 14 January, 09:45", "Thursday 21 January, 09:45")
    practitioner.sees("provisional until the clips are chosen", "Standard", "What will be sent")
    practitioner.fill(activity="building blocks")
    practitioner.press("Book both")
    practitioner.sees("Booked: video session", "shared review")
    row = practitioner.page.get_by_role("row", name=re.compile("^1 "))
    row.get_by_role("link").first.click()
    practitioner.page.wait_for_load_state("load")
    practitioner.look_over()
    practitioner.sees("Booked", "building blocks")
    return practitioner.page.url.removeprefix(practitioner.address)


def decides_about_the_reminder(practitioner: Walker, visit: str, reference: str) -> None:
    """Held back and released; the pages before what cannot be undone; the family's whole thread."""
    practitioner.open(visit)
    reminder = practitioner.page.get_by_role("row").filter(has_text="tomorrow, Thu 14 Jan")
    practitioner.press("Hold back", within=reminder)
    practitioner.sees("Held back", "It is held back until somebody releases it.")
    practitioner.press("Release", within=reminder)
    practitioner.sees("It goes at its time again.")
    for link, question in (("Send now", "Send this text now?"), ("Stop", "Stop this text?")):
        reminder.get_by_role("link", name=link).click()
        practitioner.page.wait_for_load_state("load")
        practitioner.look_over()
        practitioner.sees(question, "This cannot be undone.")
        practitioner.follow("Leave it as it is")
    practitioner.open(f"/families/{reference}/texts")
    practitioner.sees("Planned next", "with Tamsin, tomorrow")


def reminded_and_confirmed(practitioner: Walker, onlooker: Walker, visit: str) -> None:
    discreet(arrives(onlooker, "Beth", f"Booked: appointment with Tamsin, {VIDEO_DAY}"))
    clock_to(onlooker, "To the next text")
    discreet(arrives(onlooker, "Beth", "Reminder: appointment with Tamsin"))
    replies(onlooker, "Beth", "1")
    sign_in(practitioner, TAMSIN, visit)
    practitioner.waits_for("Confirmed", visit)


def visit_the_home(practitioner: Walker, coordinator: Walker, service: Service) -> None:
    """Checked in and out on a phone, seen on the board at the desk."""
    sign_in(practitioner, TAMSIN)
    practitioner.press("Check in")
    practitioner.sees("Checked in")
    assert "Beth" not in practitioner.words(), "the family may see the screen"
    sign_in(coordinator, JAGO, "/lone-working")
    coordinator.sees("Tamsin Nance", "Standard")
    service.move_clock_to(service.now() + timedelta(minutes=40))
    sign_in(practitioner, TAMSIN)
    practitioner.press("Check out")
    practitioner.sees("Checked out")


def say_how_it_went(practitioner: Walker) -> None:
    practitioner.follow("Record how it went")
    practitioner.pick(status="done")
    practitioner.fill(minutes="35")
    practitioner.press("Save")
    practitioner.sees("Done")


def choose_clips(practitioner: Walker, onlooker: Walker, reference: str) -> None:
    """Until they are chosen the review is provisional; then the family is told of it."""
    sign_in(practitioner, TAMSIN, f"/families/{reference}")
    practitioner.sees("choose the clips", "has not been texted about it")
    practitioner.follow("Choose clips")
    for number, (start, end) in enumerate((("1:05", "1:32"), ("4:10", "4:25"), ("9:00", "9:48"))):
        practitioner.fill(**{f"from_{number + 1}": start, f"to_{number + 1}": end})
    practitioner.fill(note_1="She waits, he reaches for the red one")
    practitioner.press("Save clips")
    practitioner.sees("The clips are chosen.", "3 chosen")
    discreet(arrives(onlooker, "Beth", f"Booked: appointment with Tamsin, {REVIEW_DAY}"))


def opens_the_link(carer: Walker, onlooker: Walker) -> None:
    """What a text's link shows on the carer's phone; opening it changes nothing."""
    text = arrives(onlooker, "Beth", f"Booked: appointment with Tamsin, {VIDEO_DAY}")
    carer.open(link_in(text))
    carer.sees("Thursday 14 January", "9:45am")
    assert CHILD not in carer.words()


def looks_round(practitioner: Walker, reference: str, visit: str) -> None:
    """What a practitioner opens on a phone between two visits."""
    for path in (
        "/families", f"/families/{reference}", f"/families/{reference}/goals",
        f"/families/{reference}/consent", f"/families/{reference}/home",
        f"/families/{reference}/programme/dates", f"/families/{reference}/programme/dates/what",
        f"/families/{reference}/book", visit, f"{visit}/move", f"{visit}/cancel", "/diary",
        "/day-sheet/2027-01-14", "/texts", "/lone-working", "/me",
    ):  # fmt: skip
        practitioner.open(path)


def review(practitioner: Walker, reference: str) -> None:
    sign_in(practitioner, TAMSIN, f"/families/{reference}")
    practitioner.follow("Record it")
    goal = practitioner.page.get_by_role("group", name=GOAL)
    goal.get_by_label("5", exact=True).check()
    practitioner.fill(words="How long he looked at her")
    practitioner.press("The review is done")
    practitioner.sees("Reviewed", "2 (now)", "book the video session and its review")


def plan_the_rest(practitioner: Walker, onlooker: Walker, reference: str) -> None:
    """The dates of the cycles that are left, in one step; the family hears of the first alone."""
    practitioner.open(f"/families/{reference}")
    practitioner.follow("Plan the dates")
    practitioner.sees("7 days after the review", "7 days after its video")
    practitioner.follow("Change for the video session of cycle 3")
    practitioner.sees("Another time for the video session of cycle 3")
    practitioner.press("Use this time")
    practitioner.sees("Kept")
    practitioner.press("Check")
    practitioner.sees("What will be sent", "nothing about the 5 dates that are provisional")
    practitioner.press("Book all")
    practitioner.sees("The dates of the programme: 6 booked.")
    discreet(arrives(onlooker, "Beth", "Booked: appointment with Tamsin, Thu 28 Jan"))
