"""How each language says when, and what a text does without words in the language."""

from dataclasses import replace
from datetime import date, time

import pytest

from app import clock
from app.messaging.languages import LANGUAGES, code_of, when_in
from app.messaging.segments import measure
from app.messaging.wordings import SHIPPED, Book, NoWording, body
from tests.messaging.test_wordings import FACTS, LINK

TUESDAY = clock.at_london(date(2026, 3, 3), time(10))
WEDNESDAY = clock.at_london(date(2026, 11, 25), time(14, 15))
IN_SUMMER = clock.at_london(date(2027, 7, 1), time(12))
SAID = [
    # language, a Tuesday in March at 10, a Wednesday in November at a quarter past two, a noon
    ("en", "Tue 3 Mar 10am", "Wed 25 Nov 2:15pm", "Thu 1 Jul 12 noon"),
    ("pl", "wtorek, 3 marca, 10:00", "środa, 25 listopada, 14:15", "czwartek, 1 lipca, 12:00"),
    ("uk", "вівторок, 3 березня, 10:00", "середа, 25 листопада, 14:15", "четвер, 1 липня, 12:00"),
    (
        "lt",
        "kovo 3 d., antradienis, 10:00",
        "lapkričio 25 d., trečiadienis, 14:15",
        "liepos 1 d., ketvirtadienis, 12:00",
    ),
    (
        "pt",
        "terça-feira, 3 de março, 10:00",
        "quarta-feira, 25 de novembro, 14:15",
        "quinta-feira, 1 de julho, 12:00",
    ),
    ("ro", "marți, 3 martie, 10:00", "miercuri, 25 noiembrie, 14:15", "joi, 1 iulie, 12:00"),
    ("ar", "الثلاثاء، 3 مارس، 10:00 ص", "الأربعاء، 25 نوفمبر، 2:15 م", "الخميس، 1 يوليو، 12:00 م"),
]


@pytest.mark.parametrize(("language", "tuesday", "wednesday", "noon"), SAID)
def test_says_when_as_its_people_do(language, tuesday, wednesday, noon):
    said = [when_in(language, at).replace("\u00a0", " ") for at in (TUESDAY, WEDNESDAY, IN_SUMMER)]

    assert said == [tuesday, wednesday, noon]


def test_every_language_has_its_line_above():
    assert [row[0] for row in SAID] == list(LANGUAGES)


@pytest.mark.parametrize(
    ("recorded", "code"),
    [
        ("Polish", "pl"),
        ("polish ", "pl"),
        ("Portuguese (Brazil)", "pt"),
        ("Arabic, Sorani", "ar"),
        ("Kurdish", None),
        ("BSL", None),
        ("", None),
    ],
)
def test_a_language_is_known_as_records_name_it(recorded, code):
    assert code_of(recorded) == code


POLISH = {
    ("booked", "full"): "Wizyta[ z {worker}]: {when}[, {where}]. Odpowiedz 1 lub 2[: {link}].",
    ("booked", "strict"): "Wizyta: {when}. Odpowiedz 1 lub 2.",
    ("where_home", "full"): "w domu",
    ("reminder_two", "strict"): "2 wizyty: {soon_day}, {time} i {also}. Odpowiedz 1 lub 2.",
}


def test_a_text_in_another_language_has_its_dates_and_places_in_it_too():
    facts = replace(FACTS, link=None)

    assert body("booked", "full", facts, book=Book("pl", POLISH)) == (
        "Wizyta z Tamsin: wtorek, 3 marca, 10:00, w domu. Odpowiedz 1 lub 2."
    )
    assert body("reminder_two", "strict", facts, book=Book("pl", POLISH)) == (
        "2 wizyty: wtorek, 3 marca, 10:00 i 14:15. Odpowiedz 1 lub 2."
    )


def test_a_place_for_which_the_language_has_no_words_is_left_out():
    facts = replace(FACTS, where="by phone", link=None)

    assert body("booked", "full", facts, book=Book("pl", POLISH)) == (
        "Wizyta z Tamsin: wtorek, 3 marca, 10:00. Odpowiedz 1 lub 2."
    )


def test_what_nobody_wrote_in_another_language_is_not_made_up():
    with pytest.raises(NoWording):
        body("cancelled", "strict", FACTS, book=Book("pl", POLISH))


def test_a_first_text_opens_in_english_where_the_language_has_no_opening():
    text = body("booked", "strict", FACTS, first=True, book=Book("pl", POLISH))

    opening = body("first_text", "strict", FACTS)
    assert text == f"{opening} Wizyta: wtorek, 3 marca, 10:00. Odpowiedz 1 lub 2."


def test_the_team_s_own_english_stands_in_place_of_the_service_s():
    own = Book("en", {("booked", "strict"): "Appointment {when}. Reply 1 or 2."})

    assert body("booked", "strict", FACTS, book=own) == "Appointment Tue 3 Mar 10am. Reply 1 or 2."
    assert body("conversation_booked", "strict", FACTS, book=own) == (
        "Appointment Tue 3 Mar 10am. Reply 1 or 2."
    )
    assert body("moved", "strict", FACTS, book=own) == body("moved", "strict", FACTS)


def test_an_own_neutral_text_that_says_too_much_gives_way_to_the_strict_one():
    own = Book("en", {("booked", "neutral"): "Your video {when}. Reply 1 or 2."})

    assert body("booked", "neutral", FACTS, book=own) == body("booked", "strict", FACTS)


NAMES = [
    # the worker's name; encoding and parts of "booked" in full wording with a link, at your home;
    # whether the place is still said
    ("Tamsin", "GSM-7", 1, True),
    ("Zoë", "UCS-2", 2, True),
    ("André", "GSM-7", 1, True),
    ("Łukasz", "UCS-2", 2, False),
    ("Rūta", "UCS-2", 2, False),
    ("João", "UCS-2", 2, False),
    ("Олександр", "UCS-2", 2, False),
    ("عائشة", "UCS-2", 2, False),
    ("Siân", "UCS-2", 2, False),
    ("D’Arcy", "GSM-7", 1, True),
]


@pytest.mark.parametrize(("name", "encoding", "parts", "place"), NAMES)
def test_a_name_is_said_as_its_owner_writes_it_whatever_it_costs(name, encoding, parts, place):
    text = body("booked", "full", replace(FACTS, worker=name), book=SHIPPED)

    assert f"with {name.replace('’', chr(39))}, Tue 3 Mar" in text
    assert LINK in text
    assert ("at your home" in text) == place
    size = measure(text)
    assert (size.encoding, size.segments) == (encoding, parts)
