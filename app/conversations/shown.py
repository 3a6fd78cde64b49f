"""What an offer shows its peer parent, and its words. Pure.

`stored` turns matching's allow-listed view into what is kept with the offer; the words are made
from that alone, so a page cannot say more than the view holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from app.matching.offers import OfferView

BY = {
    "phone": "by phone",
    "video": "by video call",
    "in person": "in person",
    "text": "by text",
}


def stored(view: OfferView, minutes: int) -> dict[str, Any]:
    """The view as it is kept, with how long the conversation takes."""
    return {**asdict(view), "minutes": minutes}


def who_words(shown: Mapping[str, Any]) -> str:
    """'A parent with a child aged 2 to 3. They say we may tell you: adoption, sleep.'"""
    ages = list(shown.get("child_ages") or ())
    children = " and ".join(f"a child {age}" for age in ages) if ages else ""
    who = f"A parent with {children}." if children else "A parent."
    told = list(shown.get("may_tell") or ())
    return f"{who} They say we may tell you: {', '.join(told)}." if told else who


def how_words(shown: Mapping[str, Any]) -> str:
    """'By phone or by video call, about 30 minutes. We connect the call. …'"""
    ways = [BY.get(way, way) for way in shown.get("ways") or ()]
    minutes = shown.get("minutes")
    about = f"about {minutes} minutes" if minutes else ""
    first = ", ".join(part for part in (either(ways), about) if part)
    sentences = [f"{first[:1].upper()}{first[1:]}."] if first else []
    if "by phone" in ways or not ways:
        sentences.append("We connect the call. Nobody sees your number.")
    if shown.get("interpreter"):
        sentences.append("An interpreter will help you both.")
    return " ".join(sentences)


def either(words: Sequence[str]) -> str:
    return " or ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} or {words[-1]}"


def as_stored(times: Sequence[datetime]) -> list[str]:
    """Starts as they are kept: ISO, UTC, soonest first, none twice."""
    return [at.astimezone(UTC).isoformat() for at in sorted(set(times))]


def as_times(stored_times: Sequence[str]) -> list[datetime]:
    return [datetime.fromisoformat(words) for words in stored_times]
