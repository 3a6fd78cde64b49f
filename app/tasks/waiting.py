"""One thing that waits for a person, in the one shape that every package's `waiting(at)` answers
with.

Derived things (clips not chosen, an offer due) are made of it on the spot; stored tasks become it
in `desk`. It goes by itself when its cause goes.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Words and colour of the tag of each kind (reference/pages.md section 5).
TAGS: dict[str, tuple[str, str]] = {
    "danger": ("Danger words", "red"),
    "alarm": ("Not checked out", "red"),
    "change_asked": ("Change asked", "yellow"),
    "ring": ("To ring", "orange"),
    "reply": ("Reply", "blue"),
    "book_again": ("To book again", "yellow"),
    "to_check": ("To check", "yellow"),
    "in_doubt": ("In doubt", "orange"),
    "let_go": ("Free again", "blue"),
    "number": ("Check the number", "yellow"),
    "not_sent": ("Text not sent", "orange"),
    "unanswered_offer": ("Unanswered offer", "yellow"),
    "next_offer": ("Offer due", "yellow"),
    "offer_due": ("Offer due", "yellow"),
    "date_due": ("Date to agree", "yellow"),
    "outcome_due": ("How did it go", "blue"),
    "debrief": ("Debrief due", "blue"),
    "decision_due": ("Decision due", "blue"),
    "caseload": ("Hand over", "yellow"),
    "other": ("To do", "blue"),
    "referral": ("New referral", "blue"),
    "to_ask": ("To ask", "yellow"),
    "ask_again": ("Ask again", "blue"),
    "to_book": ("To book", "yellow"),
    "clips_due": ("Clips due", "yellow"),
    "consent_due": ("Consent due", "yellow"),
    "look_again": ("Look again due", "yellow"),
    "approve": ("To approve", "yellow"),
    "follow_up": ("Follow-up due", "blue"),
    "media_due": ("Delete videos", "yellow"),
    "contact_check": ("Ask about texting", "yellow"),
    "checks_due": ("Checks due", "yellow"),
    "duty_gap": ("No duty manager", "orange"),
    "calendar": ("Calendar not read", "yellow"),
}

# The filters of the work list: what one person does in one go. Every kind is in exactly one.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "safety": ("Safety", ("danger", "alarm", "approve", "look_again", "duty_gap")),
    "replies": ("Replies", ("reply", "number", "not_sent")),
    "calls": ("To ring", ("ring", "to_ask", "ask_again", "contact_check")),
    "again": ("To book again", ("book_again", "change_asked", "in_doubt")),
    "booking": ("To book", ("to_book", "let_go", "to_check")),
    "cycles": (
        "Clips and consent", ("clips_due", "consent_due", "outcome_due", "follow_up", "media_due"),
    ),
    "conversations": (
        "Conversations",
        ("next_offer", "offer_due", "unanswered_offer", "date_due", "debrief", "decision_due"),
    ),
    "referrals": ("Referrals", ("referral",)),
    "others": ("Others", ("checks_due", "caseload", "calendar", "other")),
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """Why somebody should act, by when, and the one button. `due_at` None: no promise of time.

    `endpoint` and `values` name the page of the button; `family_id` or `peer_id` whom it is about,
    whose names `desk` looks up; `about` is shown where there is neither. A time let go is offered
    to others than the family in `let_go_by`.
    """

    kind: str
    why: str
    due_at: datetime | None
    since: datetime
    endpoint: str
    button: str
    values: dict[str, Any] = field(default_factory=dict)
    family_id: int | None = None
    peer_id: int | None = None
    owner_id: int | None = None
    about: str | None = None
    urgent: bool = False
    task_id: int | None = None
    let_go_by: int | None = None
