"""A referral's answers in words and in groups, as staff read them: how to reach the carer first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app import clock
from app.enquiries.answers import ASKED_OF_REFERRER, YES_NO, YES_NO_YET
from app.enquiries.models import Referral
from app.families.models import CARER_TYPES, PHONE_OWNERS, SAFE, WHERE, WORDINGS
from app.phones import shown
from app.times import for_family_date
from app.windows import Windows

Group = tuple[str, Sequence[tuple[str, str]]]

CHOICE = {
    "choice_explained": "It is the family’s own choice: explained",
    "willing": "Willing to think about change",
    "wants_to_talk": "Wants to talk to another parent",
    "goals_discussed": "Goals talked about",
    "goals_words": "Which goals",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(ASKED_OF_REFERRER, YES_NO_YET),
    **dict.fromkeys(("carer_type", "second_carer_type"), CARER_TYPES),
    "still_involved": YES_NO,
    "phone_owner": PHONE_OWNERS,
    "safe_to_text": SAFE,
    "wording": WORDINGS,
    "where": WHERE,
}


def shown_answers(referral: Referral) -> list[Group]:
    """Groups of (question, answer); a question without an answer says 'Not said'."""
    answers = {name: words_of(name, value) for name, value in referral.answers.items()}

    def group(heading: str, asked: Mapping[str, str]) -> Group:
        return heading, [(asked[name], answers.get(name) or "Not said") for name in asked]

    carers = [full_name(referral.answers, ""), full_name(referral.answers, "second_")]
    return [
        group("Their choice", CHOICE),
        group(
            "How to reach them",
            {
                "mobile": "Mobile",
                "landline": "Landline",
                "phone_owner": "Whose phone",
                "safe_to_text": "May we text",
                "wording": "What a text may say",
                "safe_times": "When it is safe",
                "contact_note": "Anything else",
            },
        ),
        (
            "The family",
            [
                ("Carers", ", ".join(name for name in carers if name)),
                (
                    "Children",
                    children_words(referral.answers, clock.london(referral.received_at).date()),
                ),
                ("Postcode", answers.get("postcode") or "Not said"),
                ("Language", answers.get("language") or "Not said"),
                ("Interpreter", answers.get("interpreter") or "Not said"),
                ("Where to meet", answers.get("where") or "Not said"),
            ],
        ),
        group(
            "For visits", {"safety_words": "To keep workers safe", "other_words": "Anything else"}
        ),
        (
            "The referrer",
            [
                ("Name", referral.referrer_name),
                ("Role", referral.referrer_role),
                ("Team", referral.referrer_team or "Not said"),
                ("E-mail", referral.referrer_email or "Not said"),
                (
                    "Phone",
                    shown(referral.referrer_phone) if referral.referrer_phone else "Not said",
                ),
                ("Still working with them", answers.get("still_involved") or "Not said"),
            ],
        ),
    ]


def words_of(name: str, value: Any) -> str:
    if name in ("mobile", "landline") and value:
        return shown(value)
    if name == "safe_times":
        return Windows.from_json(value).words() if value else ""
    if name in WORDS:
        words = WORDS[name].get(value, "")
        return words[:1].upper() + words[1:]
    return str(value or "")


def full_name(answers: Mapping[str, Any], which: str) -> str:
    name = f"{answers.get(f'{which}first_name', '')} {answers.get(f'{which}surname', '')}".strip()
    kind = CARER_TYPES.get(answers.get(f"{which}carer_type", ""))
    return f"{name} ({kind.lower()})" if name and kind else name


def children_words(answers: Mapping[str, Any], received: date) -> str:
    told = []
    for child in answers.get("children", ()):
        day = born(date.fromisoformat(child["day"]), received) if "day" in child else ""
        school = f"at {child['school']}" if child.get("school") else ""
        told.append(" ".join(w for w in (child.get("first_name", "No name"), day, school) if w))
    return "; ".join(told) or "Not said"


def born(day: date, received: date) -> str:
    lead = "born" if day <= received else "expected"
    return f"{lead} {for_family_date(day).partition(' ')[2]} {day.year}"
