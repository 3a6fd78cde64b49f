"""Words in other languages to begin with, in `templates/drafts`: nobody who speaks the language has
read them.

They stand in the box of a text that has no words yet, for an interpreter to put right, and are
never sent: only what a person approved is in `own_texts`.
"""

from functools import cache
from pathlib import Path

from app.messaging.wordings import Key

FOLDER = Path(__file__).parents[2] / "templates" / "drafts"


def draft_for(key: Key, language: str) -> str | None:
    """The words to begin with for a text in a language, if there are any."""
    return drafts_in(language).get(key)


@cache
def drafts_in(language: str) -> dict[Key, str]:
    """Every draft of a language: a line each, 'booked.strict: the words'."""
    file = FOLDER / f"{language}.txt"
    if not file.exists():
        return {}
    found = {}
    for line in file.read_text("utf-8").splitlines():
        name, _, words = line.partition(": ")
        purpose, _, wording = name.partition(".")
        found[purpose, wording] = words
    return found
