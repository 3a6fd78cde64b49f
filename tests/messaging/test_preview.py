"""What a text looks like before it is approved, and what it costs: counted as Twilio counts."""

from dataclasses import replace

import pytest

from app.messaging.languages import LANGUAGES, when_in
from app.messaging.own_texts import Book
from app.messaging.preview import Longest, longest_date, previews, replaced
from app.messaging.segments import costly, measure
from app.messaging.wordings import SHIPPED, Facts, body, shipped
from app.settings.rules import Rules
from tests.messaging.test_wordings import FACTS

LONGEST = Longest(
    worker="Christopher",
    other="Maximiliano",
    place="Wadebridge Children’s Centre",
    link="https://example.org/a/" + "x" * 22,
    other_letters="Łukasz",
)
KNOWN = Facts.of(Rules())


def shown(purpose, wording, words=None, book=SHIPPED):
    key = (purpose, wording)
    return previews(key, words or shipped()[key], book, KNOWN, LONGEST)


def test_a_text_with_names_and_a_link_is_shown_in_each_case_that_changes_it():
    cases = {each.case: each for each in shown("booked", "full")}

    assert list(cases) == [
        "With the longest names",
        "At home",
        "With a name like Łukasz",
        "Without a link",
        "Where nothing more is known",
    ]
    assert "with Christopher" in cases["With the longest names"].text
    assert cases["With the longest names"].size.segments == 1
    dear = cases["With a name like Łukasz"]
    assert (dear.size.encoding, dear.size.segments, dear.costly) == ("UCS-2", 2, ["Ł"])
    assert "Wadebridge" in cases["Without a link"].text


def test_a_reminder_is_shown_as_on_the_day_before_which_is_longer():
    assert "tomorrow, " in shown("reminder", "strict")[0].text


def test_a_text_that_says_no_name_has_one_case():
    assert [each.case for each in shown("booked", "strict")] == ["With the longest names"]


def test_a_text_that_needs_a_link_is_never_shown_without():
    assert all("https://" in each.text for each in shown("link_again", "full"))


def test_the_words_for_a_place_are_shown_with_the_longest_place():
    assert [each.text for each in shown("where_place", "full")] == [
        "at Wadebridge Children's Centre"
    ]


def test_a_name_longer_than_any_is_cut():
    (first, *_) = previews(
        ("cancelled", "full"), shipped()["cancelled", "full"], SHIPPED, KNOWN,
        replace(LONGEST, worker="x" * 80),
    )  # fmt: skip

    assert "x" * 40 + " on" in first.text
    assert "x" * 41 not in first.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_date_of_a_language_is_used(language):
    at = longest_date(language)

    assert len(when_in(language, at)) >= len(when_in(language, FACTS.when))


def test_another_language_is_previewed_with_its_own_dates_and_places():
    book = Book("ar", {("where_home", "full"): "في البيت"})
    cases = shown("booked", "full", "موعد[ مع {worker}]: {when}[، {where}]. 1 أو 2", book)

    assert "في البيت" in next(each.text for each in cases if each.case == "At home")
    assert {each.size.encoding for each in cases} == {"UCS-2"}


REPLACED = [
    ("“ok”", {"“ (left double quotation mark)": '"', "” (right double quotation mark)": '"'}),
    ("a – b…", {"– (en dash)": "-", "… (horizontal ellipsis)": "..."}),
    ("a\u00a0b\tc", {"(space that does not break)": "a space", "(tab)": "a space"}),
    ("a\r\nb", {"(line end)": "a space"}),
    ("a\u200bb", {"(zero width space)": "nothing"}),
    ("cafe\u0301", {"e\u0301 (a letter and a loose accent)": "é (one letter)"}),
    ("plain 'words'", {}),
    ("Łukasz, Олена, 😀", {}),
    ("می\u200cروم", {}),
]


@pytest.mark.parametrize(("typed", "signs"), REPLACED)
def test_every_sign_that_is_put_into_plainer_ones_is_shown(typed, signs):
    assert replaced(typed) == signs


# Fault 26 of the reference: how each counts at Twilio (their calculator's figures), and what of it
# a text in the team's own words says.
FAULT_26 = [
    # words; encoding, units, parts; what forces UCS-2
    ("Dydd Llun: tŷ, dŵr, gwên {x}", "UCS-2", 28, 1, ["ŷ", "ŵ", "ê"]),
    ("ŵ" * 71, "UCS-2", 71, 2, ["ŵ"]),
    ("😀" * 36, "UCS-2", 72, 2, ["😀"]),
    ("👩‍👧 " * 14, "UCS-2", 83, 2, ["👩", "\u200d", "👧"]),
    ("“smart”", "UCS-2", 7, 1, ["“", "”"]),
    ("{{ name }}", "GSM-7", 14, 1, []),
    ("[{worker}|x]", "GSM-7", 17, 1, []),
    ("one\ntwo", "GSM-7", 7, 1, []),
    ("a" * 918, "GSM-7", 918, 6, []),
    ("a" * 919, "GSM-7", 919, 7, []),
    ("a" * 917 + "€", "GSM-7", 919, 7, []),
    ("ї" * 402, "UCS-2", 402, 6, ["ї"]),
    ("ї" * 403, "UCS-2", 403, 7, ["ї"]),
]


@pytest.mark.parametrize(("words", "encoding", "units", "parts", "dear"), FAULT_26)
def test_counts_and_names_what_is_dear(words, encoding, units, parts, dear):
    size = measure(words.rstrip(" "))

    assert (size.encoding, size.units, size.segments) == (encoding, units, parts)
    assert costly(words) == dear


@pytest.mark.parametrize(
    "name", ["{when}", "[{link}]", "{{ 7 * 7 }}", "Ann|Bob", "O’Neil", "Siân", "Nia 😀", "{"]
)
def test_no_sign_of_a_name_is_lost_or_read_as_notation(name):
    text = body("cancelled", "full", replace(FACTS, worker=name))

    assert f"with {name.replace('’', chr(39))} on Tue 3 Mar" in text
