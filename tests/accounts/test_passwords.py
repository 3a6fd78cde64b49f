"""Which passwords may be chosen, and what is stored of them. No database."""

import pytest

from app.accounts import passwords
from app.accounts.passwords import check_choice, common_words, hashed, is_outdated, matches
from app.errors import DomainError

PERSONAL = ("Morwenna", "Trevithick", "morwenna.trevithick", "VIG service", "Penhallow Council")


@pytest.mark.parametrize(
    "typed",
    [
        "three loud herons",
        "kitchen table moon",
        "Zażółć gęślą jaźń",
        " spaces at both ends ",
        "xK9#vq2LmTzR",
        "monkeydragonfootball",  # three common words are a passphrase
        "heron kettle " * 70,
    ],
)
def test_accepts_long_words_of_any_kind(typed: str):
    check_choice(typed, personal=PERSONAL)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("elevenchars", "12 characters or more"),
        ("y" * 500 + "kitchen table moon" * 50, "1000 characters or fewer"),
        ("Password1234", "tried first"),
        ("P@ssw0rd12345", "tried first"),
        ("passwordpassword", "tried first"),
        ("Summer2026!!!", "tried first"),
        ("summer2026winter", "tried first"),
        ("Liverpool2026", "tried first"),
        ("correct horse battery staple", "tried first"),
        ("iloveyou2026!", "tried first"),
        ("familysupport1", "tried first"),
        ("aaaaaaaaaaaaaa", "run of keys"),
        ("123456789012", "run of keys"),
        ("qwertyuiop12", "run of keys"),
        ("1q2w3e4r5t6y", "run of keys"),
        ("abababababab", "run of keys"),
        ("MorwennaBlue99", "your name"),
        ("m0rwenna likes it", "your name"),
        ("vig service rules", "your name"),
        ("the penhallow council", "your name"),
    ],
)
def test_refuses_what_is_tried_first(typed: str, why: str):
    with pytest.raises(DomainError, match=why) as refused:
        check_choice(typed, personal=PERSONAL)

    assert refused.value.field == "password"


def test_the_list_of_common_words_is_long_enough_to_matter():
    assert len(common_words()) > 1000


def test_stores_argon2id_with_the_parameters_that_were_measured():
    stored = hashed("three loud herons")

    assert stored.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert not is_outdated(stored)
    assert matches("three loud herons", stored)
    assert not matches("three loud heron", stored)


def test_an_accent_typed_in_two_ways_is_one_password():
    assert matches("cafe\u0301 au lait!", hashed("caf\u00e9 au lait!"))


def test_nobodys_hash_matches_nothing_even_its_own_word(monkeypatch):
    monkeypatch.setattr(passwords, "NOBODY", hashed("a word that was kept"))

    assert not matches("a word that was kept", None)


@pytest.mark.parametrize("broken", ["", "plain text", "$argon2id$v=19$m=47104", "$2b$12$bcrypt"])
def test_a_broken_hash_matches_nothing(broken: str):
    assert not matches("plain text", broken)
