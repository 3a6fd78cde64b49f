from datetime import date

import pytest

from app.spreadsheets.ages import read_ages, read_children
from app.spreadsheets.values import Unclear

ON = date(2026, 11, 23)


def months(text):
    return [(child.first_name, child.months) for child in read_children(text, ON).children]


@pytest.mark.parametrize(
    ("text", "children"),
    [
        ("Mia 4; Leo 2", [("Mia", 48), ("Leo", 24)]),
        ("Mia 4, Leo 2", [("Mia", 48), ("Leo", 24)]),
        ("Mia, 4, Leo, 2", [("Mia", 48), ("Leo", 24)]),
        ("Mia 4/Leo 2", [("Mia", 48), ("Leo", 24)]),
        ("Mia: 4\nLeo: 2", [("Mia", 48), ("Leo", 24)]),
        ("Mia and Leo (4 and 2)", [("Mia", 48), ("Leo", 24)]),
        ("Lily (5) and Sam (5)", [("Lily", 60), ("Sam", 60)]),
        ("Kai - 13", [("Kai", 156)]),
        ("Noah, 7", [("Noah", 84)]),
        ("Ellie (3)", [("Ellie", 36)]),
        ("ellie 3", [("Ellie", 36)]),
        ("Jack 18m", [("Jack", 18)]),
        ("Jack 18 mnths", [("Jack", 18)]),
        ("Jack 18/12", [("Jack", 18)]),
        ("Leo 2y 3m", [("Leo", 27)]),
        ("Leo 2 years and 3 months", [("Leo", 27)]),
        ("Mia aged 4½", [("Mia", 54)]),
        ("Mia 5 y/o", [("Mia", 60)]),
        ("Sam 6 weeks old", [("Sam", 1)]),
        ("Sam 10 (nearly 11)", [("Sam", 120)]),
        ("Mary Jane 4", [("Mary Jane", 48)]),
        ("Zoë 5, Ivy-Rose 3, O’Shea 1", [("Zoë", 60), ("Ivy-Rose", 36), ("O’Shea", 12)]),
        ("twins 11 months", [(None, 11), (None, 11)]),
        ("Mia and Leo (twins, 11 months)", [("Mia", 11), ("Leo", 11)]),
        ("Mia 4, twins 11m", [("Mia", 48), (None, 11), (None, 11)]),
        ("triplets 3", [(None, 36)] * 3),
        ("twin girls 3", [(None, 36)] * 2),
        ("2 boys 4 and 6", [(None, 48), (None, 72)]),
        ("girl (3) and boy (1)", [(None, 36), (None, 12)]),
        ("two children", [(None, None), (None, None)]),
        ("4, 6, 11", [(None, 48), (None, 72), (None, 132)]),
        ("4 and 9 months", [(None, 48), (None, 9)]),
        ("baby Leo 3m", [("Leo", 3)]),
        ("3 children: Al 3, Bo 5, Cy 7", [("Al", 36), ("Bo", 60), ("Cy", 84)]),
        ("Mia & Leo", [("Mia", None), ("Leo", None)]),
        ("", []),
        ("none", []),
    ],
)
def test_reads_children_and_their_ages(text, children):
    assert months(text) == children
    assert read_children(text, ON).unread == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("due Feb 2027", date(2027, 2, 1)),
        ("due Feb", date(2027, 2, 1)),
        ("baby due in March 2027", date(2027, 3, 1)),
        ("pregnant, due 3 Feb 2027", date(2027, 2, 3)),
        ("EDD 12/02/2027", date(2027, 2, 12)),
        ("unborn baby due 2/2/27", date(2027, 2, 2)),
    ],
)
def test_a_child_that_is_expected_has_a_date_and_no_age(text, expected):
    read = read_children(text, ON)

    assert [(child.months, child.expected_on) for child in read.children] == [(None, expected)]
    assert read.unread == ()


def test_a_child_and_one_expected():
    read = read_children("Mia 4 + due Feb 2027", ON)

    assert [child.first_name for child in read.children] == ["Mia", None]
    assert read.children[1].expected_on == date(2027, 2, 1)


@pytest.mark.parametrize("text", ["Mia dob 12/3/22", "Mia (12.3.2022)", "Mia b. 12.3.22"])
def test_a_date_of_birth_becomes_an_age(text):
    (child,) = read_children(text, ON).children

    assert (child.first_name, child.months, child.born_on) == ("Mia", 56, date(2022, 3, 12))


@pytest.mark.parametrize(
    ("text", "age"),
    [("baby", 6), ("newborn", 0), ("toddler", 24), ("Year 4", 102), ("reception", 54)],
)
def test_a_rough_age_says_that_it_is_rough(text, age):
    (child,) = read_children(text, ON).children

    assert (child.months, child.about) == (age, True)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see notes", ("see", "notes")),
        ("Mia 4 (SEND)", ("SEND",)),
        ("Mia 36", ("36",)),
        ("Jack 18 moons", ("18", "moons")),
        ("due soon", ("due soon",)),
        ("Mia 3-4", ("36 months", "48 months")),
        ("Mia 4 and unborn", ("unborn",)),
        ("=1+1", ("=1+1",)),
    ],
)
def test_gives_back_what_it_does_not_understand(text, left):
    assert read_children(text, ON).unread == left


def test_the_whole_cell_stays_with_each_child():
    assert {child.words for child in read_children("Mia 4; Leo 2", ON).children} == {"Mia 4; Leo 2"}


@pytest.mark.parametrize(
    ("text", "ages"),
    [("18m", [18]), ("2 and 5", [24, 60]), ("4, 6, 11", [48, 72, 132]), ("9 months", [9])]
    + [("14", [168]), ("6 weeks", [1]), ("baby", [6]), ("10", [120]), ("1", [12])],
)
def test_reads_ages_alone(text, ages):
    assert [child.months for child in read_ages(text, ON)] == ages


@pytest.mark.parametrize("text", ["various", "Mia", "36", "=4"])
def test_refuses_ages_that_are_none(text):
    with pytest.raises(Unclear):
        read_ages(text, ON)


@pytest.mark.parametrize("text", ["due March 2027", "expecting in March", "expecting, due Mar 27"])
def test_a_child_that_is_expected(text):
    (child,), unread = read_children(text, ON)

    assert (child.expected_on, child.months, unread) == (date(2027, 3, 1), None, ())


@pytest.mark.parametrize("text", ["unborn", "expecting", "expecting twins", "see notes"])
def test_nobody_is_born_of_words_without_an_age(text):
    children, unread = read_children(text, ON)

    assert children == ()
    assert unread


def test_fewer_children_than_are_counted_is_told():
    assert read_children("3 children: Al 3, Bo 5", ON).unread == ("3 children",)
