"""What comes between a yes and the first visit: the home, the programme, consent and goals."""

from tests.journey.walker import Walker

GOAL = "I want to wait and let Sam show me what he likes"


def warned_of_the_home(practitioner: Walker, reference: str) -> None:
    """A new home is not assessed: booking says what follows before anybody looks for a time."""
    practitioner.open(f"/families/{reference}")
    practitioner.sees("Not assessed")
    practitioner.follow("Book", exact=True)
    practitioner.sees("Not assessed", "nobody visits alone")


def assess_the_home(practitioner: Walker, reference: str) -> None:
    practitioner.open(f"/families/{reference}")
    practitioner.follow("Assess the home")
    practitioner.choose("Standard")
    practitioner.fill(controls="Ask for the dog to be in the kitchen.")
    practitioner.press("Save")
    practitioner.sees("Standard", "check in")


def start_the_programme(practitioner: Walker, reference: str) -> None:
    practitioner.open(f"/families/{reference}")
    practitioner.follow("Start the programme")
    practitioner.sees("3 to 7")
    practitioner.fill(planned_cycles="4")
    practitioner.press("Save")
    practitioner.sees("1 (now)", "Book video and review")


def record_consent(practitioner: Walker) -> None:
    practitioner.follow("Ask and record")
    practitioner.choose("Beth", "Sam", "Film the video session", "Yes", "Signed paper seen")
    practitioner.fill(given_by="Beth Silva")
    practitioner.press("Save the answer")
    assert practitioner.words().count("Yes, Tue 12 Jan") >= 2, "one answer for each"


def set_a_goal(practitioner: Walker, reference: str) -> None:
    practitioner.open(f"/families/{reference}/goals")
    practitioner.fill(words=GOAL)
    practitioner.page.check("input[name='about_adult']")
    practitioner.pick(first="3", hoped_for="8")
    practitioner.press("Add the goal")
    practitioner.sees(GOAL)
