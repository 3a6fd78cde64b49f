"""A referral as a referrer sends it, for the tests of this folder."""

from datetime import date
from typing import Any

ANSWERS: dict[str, Any] = {
    "referrer_name": "Dee Angove",
    "referrer_role": "Health visitor",
    "referrer_email": "dee@example.org",
    "first_name": "Ana",
    "surname": "Kelly",
    "second_first_name": "Rui",
    "postcode": "tr1 3ay",
    "mobile": "+447700900321",
    "phone_owner": "own",
    "safe_to_text": "yes",
    "wording": "neutral",
    "children": [{"first_name": "Mia", "day": date(2024, 2, 1)}, {"day": date(2027, 2, 1)}],
    "choice_explained": "yes",
    "goals_discussed": "not_yet",
    "willing": "yes",
    "wants_to_talk": "yes",
    "safety_words": "A large dog, kept in the yard.",
}


def answers(**changed: Any) -> dict[str, Any]:
    return {**ANSWERS, **changed}
