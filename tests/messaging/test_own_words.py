"""What the team's own words for a text may be, each refusal with what would do instead."""

import pytest

from app.errors import DomainError
from app.messaging.own_words import FACT_WORDS, SORTS, checked, editable, facts_for
from app.messaging.wordings import shipped

REFUSED = [
    # purpose, wording, language, words, part of the refusal
    ("booked", "strict", "en", "  \n ", "Write the text"),
    ("booked", "strict", "en", "x" * 601, "600 characters"),
    ("booked", "strict", "en", "On {when. Reply 1 or 2.", "stands alone"),
    ("booked", "strict", "en", "{% if when %}{when} 1 2", "stands for nothing"),
    ("booked", "strict", "en", "On {when.__class__}. Reply 1 or 2.", "stands for nothing"),
    ("booked", "strict", "en", "On {when}, {child}. 1 2", "{child} cannot be said"),
    ("booked", "strict", "en", "{when} with {worker}. 1 2", "{worker} cannot be said"),
    (
        "booked",
        "neutral",
        "en",
        "{when} {link} 1 2",
        "What can: {hours}, {neutral}, {phone}, {when}",
    ),
    ("booked", "full", "en", "With {worker}, {when}. 1 2", "square brackets around the part"),
    ("booked", "full", "en", "[With {worker}, {when}.] 1 2", "Say {when}, outside"),
    ("booked", "full", "en", "[{link}|{worker}] {when} 1 2", "square brackets around the part"),
    ("booked", "strict", "en", "We meet. Reply 1 or 2.", "Say {when}"),
    (
        "reminder_two",
        "strict",
        "en",
        "{soon_day} {time}. 1 2",
        "Say {also} and {soon_day} and {time}",
    ),
    ("link_again", "full", "en", "Here it is.", "Say {link}"),
    ("booked", "strict", "en", "Visit {when}. Reply 1.", "Keep the 2"),
    ("booked", "strict", "en", "Visit {when}. Reply 12.", "Keep the 1"),
    ("booked", "full", "en", "{when}. Reply 1[ or 2: {link}]", "Keep the 2"),
    ("booked", "full", "en", "{when}. Reply 1[: {link}| or 2]", "Keep the 2"),
    ("booked", "strict", "en", "{when}. Reply 1 or 2, or CANCEL.", "Take out “CANCEL”"),
    ("booked", "strict", "en", "{when}. Reply 1 for yes, 2 to change.", "Take out “yes”"),
    ("booked", "strict", "en", "{when}. Reply 1 or 2 or STOP.", "Take out “STOP”"),
    ("booked", "strict", "en", "{when}. Reply 1 or 2 or END.", "Take out “END”"),
    ("booked", "strict", "pl", "{when}. 1, 2 lub YES.", "Take out “YES”"),
    ("first_text", "strict", "en", "Texts come from this number.", "Keep the word STOP"),
    ("first_text", "strict", "en", "Reply stop to end these.", "Keep the word STOP"),
    ("first_text", "neutral", "pl", "{neutral}, {hours}. STOP", "{hours} is in English"),
    ("booked", "strict", "en", "Your VIG visit {when}. 1 2", "Take out “VIG”"),
    ("booked", "neutral", "en", "The council: {when}. 1 2", "Take out “council”"),
    ("booked", "strict", "pl", "Video {when}. 1 2", "Take out “Video”"),
    ("booked", "strict", "uk", "{when}. 1 2 " + "ї" * 240, "sent in 5 parts"),
    ("booked", "full", "en", "{when}. Reply 1 or 2[: {link}].", "Leave a space after {link}"),
    ("link_again", "full", "en", "It is {link}, keep it.", "Leave a space after {link}"),
    ("where_home", "full", "pl", "w domu {phone}", "Nothing can: write words only"),
    ("where_place", "full", "pl", "na miejscu", "Say {place}"),
]


@pytest.mark.parametrize(("purpose", "wording", "language", "words", "why"), REFUSED)
def test_what_cannot_be_sent_is_refused_with_what_would_do(purpose, wording, language, words, why):
    with pytest.raises(DomainError) as refusal:
        checked(purpose, wording, language, words)

    assert why in refusal.value.message
    assert refusal.value.field == "words"


TAKEN = [
    ("booked", "strict", "en", "We meet {when}. Reply 1 or 2."),
    ("booked", "strict", "en", "Start of our help: {when}, the end is near. Info: reply 1 or 2."),
    ("booked", "full", "en", "{when}[ with {worker}][, {where}]. Reply 1[ or 2: {link} | or 2]"),
    ("booked", "full", "en", "{when}. Reply 1 or 2[: {link}]"),
    ("booked", "full", "en", "Your video session {when}. Reply 1 or 2."),
    ("cancelled", "strict", "en", "{when} is off."),
    ("reminder", "strict", "en", "Soon: {soon_day} at {time}. Reply 1 or 2."),
    ("reminder", "strict", "en", "Soon: {when}. Reply 1 or 2."),
    ("first_text", "neutral", "pl", "Tu {neutral}, {phone}. STOP kończy."),
    ("booked", "strict", "ar", "موعد: {when}. أرسل 1 للتأكيد أو 2 للتغيير."),
    ("booked", "strict", "pl", "Ważne 😀 {when}. 1 lub 2."),
]


@pytest.mark.parametrize(("purpose", "wording", "language", "words"), TAKEN)
def test_what_can_be_sent_is_kept_as_it_was_written(purpose, wording, language, words):
    assert checked(purpose, wording, language, words) == words


def test_curly_quotes_and_new_lines_are_made_plain():
    assert checked("booked", "strict", "en", "“We’ll” meet\r\n {when} – 1\tor 2…") == (
        '"We\'ll" meet {when} - 1 or 2...'
    )


@pytest.mark.parametrize(("purpose", "wording"), editable())
def test_the_service_s_own_words_keep_the_rules(purpose, wording):
    words = shipped()[purpose, wording]

    assert checked(purpose, wording, "en", words) == words


def test_every_text_to_people_outside_can_be_written_afresh():
    not_yet_sent = {("change_noted", wording) for wording in ("full", "neutral", "strict")}
    outside = {key for key in shipped() if key[1] != "staff"}

    assert set(editable()) == outside - not_yet_sent
    assert {purpose for purpose, _ in editable()} == set(SORTS)


@pytest.mark.parametrize(("purpose", "wording"), editable())
def test_every_fact_is_explained(purpose, wording):
    always, may = facts_for(purpose, wording, "en")

    assert always | may <= set(FACT_WORDS)
    assert not always & may
