"""Which settings must be in which order, and the sentence that says what would fit.

Pure. A limit of one setting that follows from another is written once, here; `store.change_setting`
asks it before anything is stored.
"""

from dataclasses import fields
from typing import Any

from app.settings.rules import Rules
from app.windows import wall

DECLARED = {f.name: f for f in fields(Rules)}
KINDS = ("goals_visit", "video_session", "shared_review", "conversation", "follow_up")

# (the lower, the higher): the lower may be equal, unless `BEFORE` has the pair.
IN_ORDER: tuple[tuple[str, str], ...] = (
    *((f"{kind}_least", f"{kind}_minutes") for kind in KINDS),
    *((f"{kind}_minutes", f"{kind}_most") for kind in KINDS),
    ("cycles_least", "cycles_most"),
    ("review_target_days", "review_warn_days"),
    ("review_warn_days", "review_flag_days"),
    ("clip_least_seconds", "clip_most_seconds"),
    ("cover_from", "cover_until"),
    ("overdue_buddy_minutes", "overdue_manager_minutes"),
    ("overdue_manager_minutes", "overdue_all_minutes"),
    ("overdue_manager_minutes_raised", "overdue_manager_minutes"),
    ("overdue_manager_minutes_raised", "overdue_all_minutes_raised"),
    ("overdue_all_minutes_raised", "overdue_all_minutes"),
    ("texts_from", "reminder_at"),
    ("reminder_at", "texts_until"),
)
BEFORE = {("cover_from", "cover_until"), ("reminder_at", "texts_until")}


def in_words(name: str, value: Any) -> str:
    """A setting's value as people read it: times of day as 08:30, numbers without needless
    zeros.
    """
    unit = DECLARED[name].metadata["unit"]
    if unit == "time of day":
        return wall(int(value))
    if isinstance(value, str):
        return value
    return f"{value:g} {unit.removesuffix('s') if value == 1 else unit}"


def disagreement(name: str, rules: Rules) -> str | None:
    """Why a setting's new value does not go with the others, and what would, or None."""
    for low, high in IN_ORDER:
        if name not in (low, high):
            continue
        lower, higher = getattr(rules, low), getattr(rules, high)
        strictly = (low, high) in BEFORE
        if lower < higher or (lower == higher and not strictly):
            continue
        other = high if name == low else low
        said = in_words(other, getattr(rules, other))
        way = (
            ("less than" if strictly else "at most")
            if name == low
            else ("more than" if strictly else "at least")
        )
        label = DECLARED[other].metadata["label"]
        return f"Enter {way} {said}: that is “{label}”. Or change that one first."
    return None
