import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.phones import Phone, UnclearPhone, read_phone, search_key, shown

MOBILES = [
    "07700 900 142",
    "07700900142",
    "(07700) 900142",
    "+44 7700 900142",
    "00447700900142",
    "447700900142",
    "7700900142",
    "7700900142.0",
    "07700\u00a0900142",
    "07700.900.142",
    "07700-900-142",
    "07700\u2013900\u2013142",
    "+44 (0)7700 900142",
    "+44 (0) 7700 900 142",
    "0044 (0)7700 900142",
    "\u202a+44 7700 900142\u202c",
    "  07700 900142  ",
    "O7700 9OO142",
    "0770 0900 142",
    "'07700900142",
    "Tel: 07700 900142",
    "mob 07700 900142",
    "\uff10\uff17\uff17\uff10\uff10 900142",
]


@pytest.mark.parametrize("text", MOBILES)
def test_reads_a_mobile_however_it_is_written(text):
    assert read_phone(text) == Phone("+447700900142", "mobile")


@pytest.mark.parametrize("number", ["07123 456789", "07437 123456", "07911 012345", "7800 123456"])
def test_reads_other_uk_mobiles(number):
    assert read_phone(number).kind == "mobile"


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("01726 123456", "+441726123456"),
        ("01726/123456", "+441726123456"),
        ("1726123456", "+441726123456"),
        ("01209 614173", "+441209614173"),
        ("01632 960 100", "+441632960100"),
        ("020 7946 0123", "+442079460123"),
        ("0300 123 1234", "+443001231234"),
        ("+44 1872 222222", "+441872222222"),
        ("0800 123456", "+44800123456"),
        ("01697 72123", "+44169772123"),
    ],
)
def test_a_landline_can_be_rung_but_is_no_mobile(text, e164):
    assert read_phone(text) == Phone(e164, "landline")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0770090012", "one digit short"),
        ("770090012", "one digit short"),
        ("+44 770090012", "one digit short"),
        ("077009001", "two digits short"),
        ("07700 900 1423", "one digit too many"),
        ("01726 12345", "one digit short"),
        ("614173", "area code"),
        ("07700 900142 / 07700 900143", "more here than one"),
        ("07700 900142 or 01726 123456", "more here than one"),
        ("07700 900142 (partner)", "more here than one"),
        ("+353 86 123 4567", "abroad"),
        ("00380 50 123 4567", "abroad"),
        ("070 1234 5678", "070"),
        ("07600 123456", "076"),
        ("07624 123456", "Isle of Man"),
        ("07797 712345", "Jersey"),
        ("07700 300123", "Jersey"),
        ("07781 123456", "Guernsey"),
        ("0909 123 4567", "charged"),
        ("0871 123 4567", "charged"),
        ("0845 123 4567", "charged"),
        ("7.7009E+09", "spreadsheet has shortened"),
        ("4.47701E+11", "spreadsheet has shortened"),
        ("999", "too short"),
        ("ask mum", "not a phone number"),
        ("", "Enter a phone number"),
        ("+", "not a phone number"),
        ("\u0660\u0667\u0667\u0660\u0660 900142", "more here than one"),
        ("=1+1", "more here than one"),
        ("0400 123 4567", "No UK number"),
    ],
)
def test_refuses_what_is_no_usable_number_and_says_why(text, said):
    with pytest.raises(UnclearPhone) as refusal:
        read_phone(text)

    assert said in str(refusal.value)


def test_shows_a_number_as_people_read_it():
    assert shown("+447700900142") == "07700 900 142"
    assert shown("+441726123456") == "01726 123456"
    assert shown("nonsense") == "nonsense"


@pytest.mark.parametrize(
    "typed",
    ["07700", "07700 9", "900 142", "+44 7700 9", "0044 7700 9", "7700-900", "142", "+44(0)7700"],
)
def test_a_part_of_a_number_finds_it(typed):
    key = search_key(typed)

    assert key
    assert key in "+447700900142"


def test_words_give_no_key():
    assert search_key("Tonkin") == ""


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        read = read_phone(text)
    except UnclearPhone:
        return
    assert read_phone(shown(read.e164)) == read


@given(st.integers(0, 999))
def test_the_whole_drama_range_is_accepted(last):
    assert read_phone(f"07700 900{last:03d}").e164 == f"+447700900{last:03d}"
