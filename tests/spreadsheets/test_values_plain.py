import pytest

from app.spreadsheets.values import (
    Unclear,
    fold,
    is_nothing,
    key,
    looks_like_formula,
    pieces,
    plain,
    read_email,
    read_name,
    read_postcode,
    read_reference,
    read_whole,
    read_yes_no,
    unguarded,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Inês", "Inês"),
        (" Zoë\u00a0 Rose ", "Zoë Rose"),
        ("O’Neill", "O’Neill"),
        ("da", "da"),
        ("\ufeffŁukasz", "Łukasz"),
        ("Kazlauskiene\u0307", "Kazlauskienė"),
        ("Anne-Marie (Annie)", "Anne-Marie (Annie)"),
        ("علی\u200cرضا", "علی\u200cرضا"),
    ],
)
def test_reads_a_name_as_it_is(text, name):
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "@SUM(A1)", "123", "<b>Jo</b>", "x" * 81, "+cmd|' /C calc'!A0", "?"]
)
def test_refuses_what_is_no_name(text):
    with pytest.raises(Unclear):
        read_name(text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", " =A1", "'=A1", "＝1", "@SUM(1)", "+cmd|x", "-A1*2", '=HYPERLINK("x")', "\ufeff=1"],
)
def test_knows_a_formula(text):
    assert looks_like_formula(text)


@pytest.mark.parametrize(
    "text", ["+44 7700 900142", "- ring first", "-", "a=b", "18m", "@home", ""]
)
def test_knows_what_is_no_formula(text):
    assert not looks_like_formula(text)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("pl329nh", "PL32 9NH"),
        ("PL254LP", "PL25 4LP"),
        ("TR15 2RA ", "TR15 2RA"),
        ("TR36GW", "TR3 6GW"),
        ("TR12QL", "TR1 2QL"),
        ("ex23  8al", "EX23 8AL"),
        ("TR1\u00a03AY", "TR1 3AY"),
        ("W1A 1AA", "W1A 1AA"),
    ],
)
def test_reads_a_postcode(text, postcode):
    assert read_postcode(text) == postcode


@pytest.mark.parametrize("text", ["PL25", "Truro", "TR1 3AV", "PL25 4L", "12345", "=TR1 3AY"])
def test_refuses_what_is_no_full_postcode(text):
    with pytest.raises(Unclear):
        read_postcode(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ref0@Example.org ", "ref0@example.org"),
        ("mailto:ref0@example.org", "ref0@example.org"),
        ("Jo Nance <jo@example.org>", "jo@example.org"),
    ],
)
def test_reads_an_email_address(text, address):
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text", ["jo", "jo@", "jo@example", "a@example.org, b@example.org", "x y@e.org"]
)
def test_refuses_what_is_no_email_address(text):
    with pytest.raises(Unclear):
        read_email(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("3.0", 3), ("three", 3), ("2 a month", 2), ("2/month", 2), ("max 2", 2)]
    + [("5 cycles", 5), ("lots", None), ("-1", None), ("2.5", None), ("99", None), ("1-2", None)],
)
def test_reads_a_whole_number_or_refuses(text, number):
    if number is not None:
        assert read_whole(text, 0, 31) == number
    else:
        with pytest.raises(Unclear):
            read_whole(text, 0, 31)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Y", True), ("Yes", True), ("yes ", True), ("y", True), ("TRUE", True), ("✓", True)]
    + [
        ("Yes - on 3/10", True),
        ("N", False),
        ("no", False),
        ("No, not yet", False),
        ("not yet", False),
    ]
    + [("unsure", None), ("not sure", None), ("maybe", None)],
)
def test_reads_yes_and_no(text, answer):
    assert read_yes_no(text) is answer


@pytest.mark.parametrize("text", ["x", "home", "no idea what this is"])
def test_refuses_what_is_neither_yes_nor_no(text):
    with pytest.raises(Unclear):
        read_yes_no(text)


@pytest.mark.parametrize(
    ("text", "reference"),
    [("F1000", "F1000"), (" f1000 ", "F1000"), ("F 1000", "F1000"), ("17", "17")],
)
def test_reads_a_reference(text, reference):
    assert read_reference(text) == reference


@pytest.mark.parametrize("text", ["none yet", "see below", "F1000 and F1001", "x" * 13, "=F1"])
def test_refuses_what_is_no_reference(text):
    with pytest.raises(Unclear):
        read_reference(text)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "N/A", "?", "tbc", "TBC", "Not known"])
def test_knows_that_nothing_is_said(text):
    assert is_nothing(text)


def test_words_are_compared_without_their_dress():
    assert fold("  Dad’s\u00a0 Story ") == "dad's story"
    assert key("O’Neill, Zoë") == key("o'neill zoe") == "oneillzoe"
    assert plain(" a\u00a0b \r\n c\t") == "a b\nc"


def test_a_list_is_cut_at_every_usual_mark():
    assert pieces("phone; video / text,call & ring and meet") == [
        "phone", "video", "text", "call", "ring", "meet",
    ]  # fmt: skip


def test_takes_off_exactly_the_guard_of_our_own_exports():
    assert unguarded("'=1+1") == "=1+1"
    assert unguarded("'+44 7700 900142") == "+44 7700 900142"
    assert unguarded("'tis") == "'tis"
