import pytest

from app.messaging.segments import BASIC, EXTENDED, Size, measure, tidy

SIZES = [
    # text, encoding, units, segments, left
    ("", "GSM-7", 0, 0, 160),
    ("a", "GSM-7", 1, 1, 159),
    ("a" * 160, "GSM-7", 160, 1, 0),
    ("a" * 161, "GSM-7", 161, 2, 145),
    ("a" * 306, "GSM-7", 306, 2, 0),
    ("a" * 307, "GSM-7", 307, 3, 152),
    ("a" * 459, "GSM-7", 459, 3, 0),
    ("a" * 612, "GSM-7", 612, 4, 0),
    ("£" * 160, "GSM-7", 160, 1, 0),
    ("Ça va à 5é", "GSM-7", 10, 1, 150),
    ("€" * 80, "GSM-7", 160, 1, 0),
    ("a" * 159 + "€", "GSM-7", 161, 2, 145),
    # a pair does not straddle: 152 and a pair leave one unit of the first part empty
    ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3, 152),
    ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2, 0),
    ("ç", "UCS-2", 1, 1, 69),
    ("ł" * 70, "UCS-2", 70, 1, 0),
    ("ł" * 71, "UCS-2", 71, 2, 63),
    ("ł" * 134, "UCS-2", 134, 2, 0),
    ("ł" * 135, "UCS-2", 135, 3, 66),
    ("😀" * 35, "UCS-2", 70, 1, 0),
    ("ł" * 66 + "😀" + "ł" * 66, "UCS-2", 134, 3, 66),
    ("ł" * 65 + "😀" + "ł" * 67, "UCS-2", 134, 2, 0),
]


@pytest.mark.parametrize(("text", "encoding", "units", "segments", "left"), SIZES)
def test_counts_what_networks_count(text, encoding, units, segments, left):
    assert measure(text) == Size(encoding, units, segments, left)


def test_the_alphabet_has_its_128_letters():
    # 127 letters and the escape; ten more behind the escape
    assert (len(BASIC), len(EXTENDED)) == (127, 10)


@pytest.mark.parametrize("letter", "çãõáíóúłąęśżćńșțăжש")
def test_one_letter_outside_the_alphabet_turns_the_whole_text(letter):
    assert measure("a" * 69 + letter).segments == 1
    assert measure("a" * 70 + letter).segments == 2


TIDIED = [
    ("it’s “fine” – really…", 'it\'s "fine" - really...'),
    ("Jo‘s", "Jo's"),
    ("10am\u00a0Tue\u202f3\u2009Mar", "10am Tue 3 Mar"),
    ("a\tb", "a b"),
    ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
    ("ring\u200b me\ufeff now\u2060", "ring me now"),
    ("\u202a07700 900123\u202c", "07700 900123"),
    ("soft\u00adhyphen", "softhyphen"),
    ("  ends  ", "ends"),
    ("cafe\u0301", "café"),
    ("a\u200db", "ab"),
    ("10−11", "10-11"),
    ("• one", "- one"),
]


@pytest.mark.parametrize(("typed", "plain"), TIDIED)
def test_punctuation_becomes_plain(typed, plain):
    assert tidy(typed) == plain


@pytest.mark.parametrize(
    "text",
    ["Łukasz i Świętosława", "João", "Rūta", "Олена", "مرحبا \u200fسام", "می\u200cروم", "👩‍👧"],
)
def test_letters_are_kept_whatever_they_cost(text):
    assert tidy(text) == text


@pytest.mark.parametrize(("typed", "_"), TIDIED)
def test_tidying_twice_changes_nothing_more(typed, _):
    assert tidy(tidy(typed)) == tidy(typed)
