"""The words to begin with in other languages: they keep the rules, and are never sent."""

import pytest
from flask import Flask

from app.messaging.drafts import FOLDER, draft_for, drafts_in
from app.messaging.languages import ENGLISH, LANGUAGES
from app.messaging.own_texts import book
from app.messaging.own_words import checked
from app.messaging.wordings import NoWording
from tests.cast import Cast

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
EVERY = [(language, *key) for language in OTHERS for key in drafts_in(language)]


@pytest.mark.parametrize(("language", "purpose", "wording"), EVERY)
def test_each_keeps_the_rules_of_the_team_s_own_words(language, purpose, wording):
    words = draft_for((purpose, wording), language)

    assert checked(purpose, wording, language, words) == words


def test_the_languages_have_the_same_ones():
    assert {file.stem for file in FOLDER.iterdir()} == set(OTHERS)
    assert len({frozenset(drafts_in(language)) for language in OTHERS}) == 1
    assert len(drafts_in("pl")) == 20


def test_english_needs_none():
    assert drafts_in(ENGLISH) == {}


@pytest.mark.parametrize("language", OTHERS)
def test_none_is_in_use(app: Flask, cast: Cast, language: str) -> None:
    for key in drafts_in(language):
        with pytest.raises(NoWording):
            book(language).words(*key)
