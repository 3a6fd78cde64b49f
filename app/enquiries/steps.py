"""The steps of a family's own choice: which may follow which, and which of them undo a yes. Pure.

No answer is better than another: every decision may be followed by every other one, as often as the
family likes. What a referrer says never stands above what the family has said itself.
"""

from datetime import date

from app.enquiries.models import STEPS
from app.errors import DomainError

FROM_REFERRER = ("told_by_referrer", "willing")
FROM_FAMILY = ("wants_to_talk", "thinking", "yes", "not_now", "no", "withdrew")
# A yes stands until one of the others is said. To want another conversation does not undo it.
ABOUT_THE_YES = ("yes", "thinking", "not_now", "no", "withdrew")
OVER = ("not_now", "no", "withdrew")

HOWS = {
    "phone": "On the phone",
    "in_person": "Face to face",
    "text": "By text",
    "email": "By e-mail or letter",
    "worker": "Through their worker",
    "link": "On their own page",
    "form": "On the referral form",
    "spreadsheet": "In the team’s spreadsheet",
}
ASKED = ("phone", "in_person", "text", "email", "worker")  # what staff choose from

ON_THEIR_OWN = (
    "A yes is the family’s own: it cannot be given for them. "
    "Ring them, or ask face to face, and record what they say."
)


def check_step(
    latest: tuple[str, date] | None,
    step: str,
    on: date,
    how: str,
    ask_again_on: date | None,
    *,
    today: date,
) -> None:
    """Raise DomainError where this step cannot follow `latest` (step, day), or none may."""
    if step not in STEPS:
        raise DomainError("Choose what the family said.", "step")
    if how not in HOWS:
        raise DomainError("Choose how they said it.", "how")
    check_days(latest, step, on, ask_again_on, today=today)
    if step == "yes" and how in ("worker", "form"):
        raise DomainError(ON_THEIR_OWN, "how")
    before = latest[0] if latest else None
    if step in FROM_REFERRER and before not in (None, *FROM_REFERRER, *OVER):
        raise DomainError("The family has spoken for itself since. Record what they say.", "step")
    if step == "withdrew" and before in (None, *FROM_REFERRER, "withdrew", "no"):
        raise DomainError("There is nothing to stop. If they do not want VIG, record “No”.", "step")


def check_days(
    latest: tuple[str, date] | None, step: str, on: date, ask_again_on: date | None, *, today: date
) -> None:
    if on > today:
        raise DomainError("Enter the day they said it; it cannot lie ahead.", "on")
    if latest and on < latest[1]:
        raise DomainError(
            f"“{STEPS[latest[0]]}” of {latest[1].day}/{latest[1].month}/{latest[1].year} is on "
            "record already. Enter that day or a later one.",
            "on",
        )
    if step == "not_now" and ask_again_on is None:
        raise DomainError("Enter the day on which to ask again.", "ask_again_on")
    if step == "not_now" and ask_again_on is not None and ask_again_on <= on:
        raise DomainError("Ask again on a day after they said it.", "ask_again_on")
