import pytest

from app.phones import Phone
from app.spreadsheets.safety import (
    Number,
    Risk,
    SafeToText,
    is_plain_answer,
    read_number,
    read_phone_owner,
    read_risk,
    read_safe_to_text,
)
from app.spreadsheets.values import Unclear

MOBILE = Phone("+447700900142", "mobile")


@pytest.mark.parametrize(
    "text", ["Y", "y", "Yes", "YES", " yes ", "yes.", "TRUE", "✓", "Yes please"]
)
def test_only_a_clear_yes_is_yes(text):
    assert read_safe_to_text(text).code == "yes"


@pytest.mark.parametrize("text", ["N", "No", "not safe", "NOT SAFE", "never", "do not text"])
def test_a_no_is_no(text):
    assert read_safe_to_text(text) == SafeToText("no")


@pytest.mark.parametrize("text", ["No - partner reads her phone", "not safe at home", "don't text"])
def test_a_no_with_more_words_is_still_no(text):
    assert read_safe_to_text(text).code == "no"


@pytest.mark.parametrize(
    "text",
    ["ask first", "Yes but only after six", "Y?", "yes/no", "ok", "1", "maybe", "sometimes", "Y/N"]
    + ["yes when he is at work", "probably", "=Y", "safe?", "Yes (not evenings)", "yes, no"],
)
def test_everything_else_is_not_asked_and_kept(text):
    assert read_safe_to_text(text) == SafeToText("not_asked", text)


@pytest.mark.parametrize("text", ["", "?", "n/a", "tbc"])
def test_nothing_said_is_not_asked(text):
    assert read_safe_to_text(text) == SafeToText("not_asked")


def test_ask_first_is_a_usual_answer_and_a_condition_is_not():
    assert is_plain_answer("ask first")
    assert not is_plain_answer("yes when he is at work")


@pytest.mark.parametrize(
    ("text", "owner"),
    [("own", "own"), ("shared", "shared"), ("partner's", "partner"), ("Partner’s", "partner")]
    + [("landline", "landline"), ("husband", "partner"), ("son's", "child")],
)
def test_reads_whose_phone_it_is(text, owner):
    assert read_phone_owner(text) == owner


@pytest.mark.parametrize("text", ["ex's", "ex-partner's", "neighbour", "her mum's", "work"])
def test_refuses_an_owner_that_it_does_not_know(text):
    with pytest.raises(Unclear):
        read_phone_owner(text)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("HIGH", "high"),
        ("high risk", "high"),
        ("two workers", "high"),
        ("2 workers; dog", "high"),
        ("standard", "standard"),
        ("Raised", "raised"),
        ("raised - two workers", "high"),
        ("no home visits", "no_home_visits"),
    ],
)
def test_a_clear_level_is_a_level(text, level):
    assert read_risk(text) == Risk(level, text)


@pytest.mark.parametrize(
    "text",
    ["none known", "dog", "no signal at property", "ex-partner - see notes", "low", "medium", "ok"]
    + ["fine", "no risk", "none", "N", "Y", "not high", "standard?", "standard, dog", "high chair"],
)
def test_everything_else_is_not_assessed_and_kept(text):
    assert read_risk(text) == Risk("not_assessed", text)


@pytest.mark.parametrize("text", ["", "not yet assessed", "n/a", "?"])
def test_nothing_said_about_risk_is_not_assessed(text):
    assert read_risk(text) == Risk("not_assessed")


def test_words_beside_a_number_are_kept_apart():
    assert read_number("07700 900142 (after six)") == Number(MOBILE, "(after six)")
    assert read_number("Mum: 07700 900142") == Number(MOBILE, "Mum:")
    assert read_number("(07700) 900142") == Number(MOBILE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("07700 900142 or 07700 900143", "more here than one"),
        ("mum 07700 900142 dad 07700 900143", "more here than one"),
        ("0770090014", "one digit short"),
        ("ask mum", "not a phone number"),
        ("call 0770090014 mornings", "one digit short"),
    ],
)
def test_refuses_a_number_that_is_not_clear(text, said):
    with pytest.raises(Unclear) as refusal:
        read_number(text)

    assert said in str(refusal.value)
