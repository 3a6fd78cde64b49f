"""Who said what to each purpose of filming, as a table. Pure: people and answers come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.programmes.filmed import Person
from app.programmes.models import PURPOSES, Consent


@dataclass(frozen=True)
class Answer:
    """The last answer of one person for one purpose; `consent_id` where there is a yes to take
    back.
    """

    purpose: str
    words: str  # 'Yes', 'No', 'Taken back', 'Not asked'
    on: date | None = None
    consent_id: int | None = None


@dataclass(frozen=True)
class Row:
    name: str
    answers: Sequence[Answer]


def table_of(people: Mapping[Person, str], consents: Sequence[Consent]) -> list[Row]:
    """A row for each person with their last answer for every purpose; `consents` newest first.

    Who has left the family has a row while a yes of theirs stands.
    """
    last: dict[tuple[Person, str], Consent] = {}
    names = dict(people)
    for consent in consents:
        person = (consent.person_kind, consent.person_id or 0)
        last.setdefault((person, consent.purpose), consent)
        if consent.live and consent.given:
            names.setdefault(person, consent.person_name)
    return [
        Row(name, [answer_of(purpose, last.get((person, purpose))) for purpose in PURPOSES])
        for person, name in names.items()
    ]


def answer_of(purpose: str, consent: Consent | None) -> Answer:
    if consent is None:
        return Answer(purpose, "Not asked")
    if consent.withdrawn_on:
        return Answer(purpose, "Taken back", consent.withdrawn_on)
    if not consent.given:
        return Answer(purpose, "No", consent.on)
    return Answer(purpose, "Yes", consent.on, consent.id if consent.live else None)
