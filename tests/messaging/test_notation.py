"""How the words of a text are written down: what stands for a fact, what is left out or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.notation import BadNotation, fill, names, sure, unsure
from app.messaging.wordings import MAY_SAY, shipped

FACTS = {"when": "Tue 3 Mar", "worker": "Tamsin", "where": None, "link": None}
FILLED = [
    # words, what is said
    ("Nothing to fill.", "Nothing to fill."),
    ("On {when}.", "On Tue 3 Mar."),
    ("On { when }.", "On Tue 3 Mar."),
    ("A talk[ with {worker},] {when}[, {where}].", "A talk with Tamsin, Tue 3 Mar."),
    ("Reply 1[, or {link}| or 2].", "Reply 1 or 2."),
    ("[{where}: {when}|{when}]", "Tue 3 Mar"),
    ("[At {where} with {worker}|]none", "none"),
    ("1 | 2", "1 | 2"),
    ("", ""),
]


@pytest.mark.parametrize(("words", "said"), FILLED)
def test_facts_stand_where_they_are_named(words, said):
    assert fill(words, FACTS) == said


@pytest.mark.parametrize("name", ["{when}", "[{when}]", "a|b]", "{{ 7 * 7 }}", "}{"])
def test_what_a_fact_says_is_never_read_as_notation(name):
    assert (
        fill("[With {worker}|Alone] {when}", FACTS | {"worker": name}) == f"With {name} Tue 3 Mar"
    )


REFUSED = [
    ("on {when", "stands alone"),
    ("on when}", "stands alone"),
    ("{{when}}", "stands alone"),
    ("{{ 7 * 7 }}", "stands alone"),
    ("{% if when %}", "stands for nothing"),
    ("{}", "stands for nothing"),
    ("{When}", "stands for nothing"),
    ("{0}", "stands for nothing"),
    ("{when.year}", "stands for nothing"),
    ("{when!r}", "stands for nothing"),
    ("a [b", "not closed"),
    ("a ]b", "not opened"),
    ("[a [{when}]]", "inside square brackets"),
    ("[a]", "needs something"),
    ("[a|{when}]", "needs something"),
    ("[{when}|b|c]", "Only one |"),
]


@pytest.mark.parametrize(("words", "why"), REFUSED)
def test_what_cannot_be_read_is_refused_with_what_would_work(words, why):
    with pytest.raises(BadNotation, match=why):
        fill(words, FACTS)


def test_a_fact_that_is_needed_and_missing_is_an_error():
    with pytest.raises(ValueError, match="where"):
        fill("at {where}", FACTS)


def test_a_fact_that_may_not_be_said_is_an_error():
    with pytest.raises(KeyError):
        fill("[{child}]", FACTS)


def test_tells_which_facts_it_waits_for_and_which_it_needs():
    words = "{when}[, {where}|, ring {phone}][ {was}]"

    assert (sure(words), unsure(words)) == ({"when", "phone"}, {"where", "was"})
    assert names(words) == {"when", "phone", "where", "was"}


@given(st.text(alphabet="{}[]|ab \n{when}"))
def test_any_words_are_said_or_refused_and_nothing_else_happens(words):
    try:
        said = fill(words, dict.fromkeys(names(words), "x"))
    except BadNotation:
        return
    assert not set("[]{}") & set(said)


@pytest.mark.parametrize(("purpose", "wording"), sorted(shipped()))
def test_the_texts_that_the_service_comes_with_say_only_what_their_wording_may(purpose, wording):
    assert names(shipped()[purpose, wording]) <= MAY_SAY[wording]
