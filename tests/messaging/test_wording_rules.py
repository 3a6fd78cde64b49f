from dataclasses import fields, replace
from datetime import date, time

import pytest

from app import clock
from app.messaging.segments import BASIC, measure
from app.messaging.wordings import FOLDER, Facts, NoWording, body, says_too_much, worded
from app.settings.rules import Rules

LINK = "https://example.org/a/k3vT9wQx7LmZ2bN8pRs5Ug"
FACTS = Facts.of(
    Rules(),
    when=clock.at_london(date(2026, 3, 3), time(10)),
    also=clock.at_london(date(2026, 3, 3), time(14, 15)),
    was=clock.at_london(date(2026, 2, 26), time(12)),
    answer_by=clock.at_london(date(2026, 2, 27), time(12)),
    sent_on=date(2026, 3, 2),
    worker="Tamsin",
    other="Hannah",
    where="at your home",
    link=LINK,
    ends_at=clock.at_london(date(2026, 3, 3), time(11)),
    reference="F1042",
    staff_phone="07700 900 142",
    extend_minutes=30,
)
# As long as things get: a Wednesday in November at a quarter past ten, and the longest names.
LONGEST = replace(
    FACTS,
    when=clock.at_london(date(2026, 11, 25), time(10, 15)),
    also=clock.at_london(date(2026, 11, 25), time(11, 45)),
    was=clock.at_london(date(2026, 11, 24), time(10, 15)),
    answer_by=clock.at_london(date(2026, 11, 25), time(12)),
    sent_on=date(2026, 11, 24),
    worker="Christopher",
    other="Christopher",
    where="at Wadebridge Children’s Centre",
    link="https://longish.host.example/a/k3vT9wQx7LmZ2bN8pRs5Ug",
)

REMINDER = "Reminder: appointment tomorrow, Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
TO_PEOPLE = [(purpose, wording) for purpose, wording in sorted(worded()) if wording != "staff"]


def said(purpose, wording, facts=FACTS, **how):
    return body(purpose, wording, facts, **how).replace(LINK, "LINK")


@pytest.mark.parametrize(("purpose", "wording"), sorted(worded()))
def test_the_longest_fits_one_segment(purpose, wording):
    size = measure(body(purpose, wording, replace(LONGEST, worker=longest_worker(wording))))

    assert (size.encoding, size.segments) == ("GSM-7", 1)


def longest_worker(wording):
    return "Morwenna Trevithick" if wording == "staff" else "Christopher"


@pytest.mark.parametrize(("purpose", "wording"), TO_PEOPLE)
def test_the_first_text_to_a_number_fits_two(purpose, wording):
    text = body(purpose, wording, LONGEST, first=True)

    assert measure(text).segments <= 2
    assert text.count("Reply STOP to stop these texts.") == 1


@pytest.mark.parametrize("wording", ["full", "neutral", "strict"])
def test_the_first_text_begins_with_who_texts(wording):
    text = said("reminder", wording, first=True)

    assert text == f"{said('first_text', wording)} {said('reminder', wording)}"


@pytest.mark.parametrize(("purpose", "wording"), sorted(worded()))
def test_is_plain_letters(purpose, wording):
    assert set(body(purpose, wording, LONGEST)) <= BASIC


SECRETS = ["Tamsin", "Hannah", "at your home", "VIG", LINK, "F1042", "07700 900 142"]


@pytest.mark.parametrize(("purpose", "wording"), sorted(worded()))
def test_neutral_and_strict_give_nothing_away(purpose, wording):
    text = body(purpose, wording, FACTS, first=True)
    if wording in ("neutral", "strict"):
        assert not [secret for secret in SECRETS if secret in text]
        assert says_too_much(text) == []
    if wording == "strict":
        assert "01632 960 100" not in text
        assert "Jo at" not in text


@pytest.mark.parametrize(("purpose", "wording"), sorted(worded()))
def test_invites_no_word_that_twilio_takes(purpose, wording):
    words = body(purpose, wording, FACTS).replace(",", " ").replace(".", " ").split()

    assert not {"YES", "CANCEL", "END", "QUIT", "START", "HELP", "INFO"} & set(words)
    assert not {"yes", "cancel", "quit"} & {word.lower() for word in words}


@pytest.mark.parametrize("name", ["Penhallow Council", "Jo, VIG team", "the children’s team"])
def test_a_neutral_name_that_is_not_neutral_makes_the_text_strict(name):
    text = said("reminder", "neutral", replace(FACTS, neutral_name=name))

    assert text == REMINDER


def test_a_strict_person_gets_no_link():
    for wording in ("neutral", "strict"):
        with pytest.raises(NoWording):
            body("link_again", wording, FACTS)


def test_without_a_link_the_full_wording_still_says_how_to_answer():
    assert said("booked", "full", replace(FACTS, link=None)) == (
        "Booked: appointment with Tamsin, Tue 3 Mar 10am, at your home. "
        "Reply 1 to keep it, 2 to change it."
    )


def test_without_a_worker_nobody_is_named():
    facts = replace(FACTS, worker=None, where=None)

    assert said("booked", "full", facts) == (
        "Booked: appointment Tue 3 Mar 10am. Reply 1 to keep, 2 to change: LINK"
    )


def test_the_place_goes_first_when_a_text_is_too_long():
    text = said("booked", "full", LONGEST)

    assert "Wadebridge" not in text
    assert LONGEST.link in text


def test_the_place_stays_where_no_link_shows_it():
    assert "Wadebridge" in said("booked", "full", replace(LONGEST, link=None))


def test_letters_of_a_name_are_kept_though_they_cost_a_part():
    facts = replace(FACTS, worker="Rūta")

    assert "with Rūta, Tue 3 Mar 10am, at your home" in said(
        "booked", "full", replace(facts, link=None)
    )
    assert said("booked", "full", facts) == (  # the place would cost a third part
        "Booked: appointment with Rūta, Tue 3 Mar 10am. Reply 1 to keep, 2 to change: LINK"
    )


def test_a_reminder_says_tomorrow_only_on_the_day_before():
    assert said("reminder", "strict", replace(FACTS, sent_on=date(2026, 2, 26))) == (
        "Reminder: appointment Tue 3 Mar 10am. Reply 1 to keep it, 2 to change it."
    )


def test_a_name_cannot_bring_a_second_line():
    text = said("booked", "full", replace(FACTS, worker="Tam\r\nsin\t“T”"))

    assert 'with Tam sin "T", Tue' in text
    assert text.isprintable()


def test_a_missing_time_is_an_error_and_never_the_word_none():
    with pytest.raises(ValueError, match="do not hold"):
        body("reminder", "strict", replace(FACTS, when=None))


def test_a_change_without_a_date_is_noted_too():
    assert said("change_noted", "strict", replace(FACTS, when=None)) == (
        "Thank you. We will ring you about another time."
    )


def test_staff_texts_have_one_wording_whatever_is_asked_for():
    assert said("overdue_manager", "strict") == said("overdue_manager", "staff")


def test_an_unknown_purpose_is_refused():
    with pytest.raises(NoWording):
        body("birthday", "full", FACTS)


def test_nothing_about_a_child_a_surname_or_an_address_can_be_told_to_a_text():
    assert {f.name for f in fields(Facts)} == {
        "service_name",
        "service_phone",
        "service_hours",
        "neutral_name",
        "when",
        "also",
        "was",
        "answer_by",
        "sent_on",
        "worker",
        "other",
        "where",
        "link",
        "ends_at",
        "reference",
        "staff_phone",
        "extend_minutes",
    }


def test_every_file_is_a_template_of_a_wording():
    for file in FOLDER.iterdir():
        assert file.name.startswith("_") or len(file.name.split(".")) == 3
