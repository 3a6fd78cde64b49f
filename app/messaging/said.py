"""A text's words for one person: in their language where the team has approved words for it, else
in English, with the note that somebody should ring.
"""

from app.messaging.languages import ENGLISH, code_of
from app.messaging.own_texts import books
from app.messaging.registry import Message, Recipient
from app.messaging.wordings import Facts, NoWording, body, opening


def message(purpose: str, person: Recipient, facts: Facts, *, first: bool = False) -> Message:
    """The text for a purpose in the person's wording and language; raises NoWording where nothing
    may be said. `first`: it opens with who texts.
    """
    language = code_of(person.language) or ENGLISH
    known = books((language,))
    if language != ENGLISH:
        try:
            words = body(purpose, person.wording, facts, first=first, book=known[language])
        except NoWording:
            pass
        else:
            return Message(words, language=language)
    words = body(purpose, person.wording, facts, first=first, book=known[ENGLISH])
    return Message(words, language=ENGLISH, foreign=not person.reads_english)


def opening_for(person: Recipient, facts: Facts) -> str:
    """Who texts and how to stop them, in the person's language where there are words for it."""
    language = code_of(person.language) or ENGLISH
    return opening(person.wording, facts, books((language,))[language])
