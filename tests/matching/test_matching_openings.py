"""What would open more: each change is tried on the rules, and nothing hidden is counted."""

from datetime import timedelta

import pytest

from app.matching.openings import what_would_open
from tests.matching.matching_cast import AT, FAMILY, TODAY, family, free, peer, ranked, words

DAY = timedelta(days=1)


def opened(ranking):
    return {opening.code: opening.count for opening in what_would_open(ranking)}


@pytest.mark.parametrize(
    ("code", "asked", "blocked"),
    [
        ("interpreter", {}, {"languages": words("Polish")}),
        ("way:in_person", {}, {"ways": words("in_person")}),
        ("way:text", {}, {"ways": words("text")}),
        ("times:mornings", {}, {"free": free("Mon am")}),
        ("times:afternoons", {}, {"free": free("Fri pm")}),
        ("times:evenings", {}, {"free": free("Fri evenings")}),
        ("times:weekends", {}, {"free": free("Sun 10-12")}),
        ("gender_wish", {"gender_wish": "man"}, {}),
        ("musts", {"musts": words("twins")}, {"circumstances": words("sleep")}),
        ("renewal", {}, {"checks_until": TODAY - DAY, "trained_on": None}),
        ("open_offer", {}, {"open_offer_until": AT + DAY}),
        ("next_month", {}, {"conversations_this_month": 3}),
        ("vig_ended", {}, {"vig_completed_on": TODAY - DAY}),
        ("consent", {"wants_to_talk": False}, {}),
    ],
)
def test_the_one_change_that_would_do_is_named_with_its_count(code, asked, blocked):
    ranking = ranked(peer(1, **blocked), peer(2, **blocked), about=family(**asked))

    assert opened(ranking) == {code: 2}


def test_the_change_that_opens_most_comes_first():
    ranking = ranked(
        peer(1, languages=words("Polish")), peer(2, ways=words("text")), peer(3, ways=words("text"))
    )

    assert [opening.code for opening in what_would_open(ranking)] == ["way:text", "interpreter"]


def test_what_already_fits_is_not_counted():
    assert opened(ranked(peer(1), peer(2))) == {}


def test_a_peer_who_needs_two_changes_is_not_promised_for_one():
    ranking = ranked(peer(1), peer(2, languages=words("Polish"), ways=words("text")))

    assert opened(ranking) == {}


def test_when_nobody_is_left_two_changes_are_named_together():
    ranking = ranked(peer(2, languages=words("Polish"), ways=words("text")))

    assert [(one.code, one.words, one.count) for one in what_would_open(ranking)] == [
        (
            "interpreter+way:text",
            "An interpreter (none is known yet), and a conversation by text",
            1,
        )
    ]


def test_an_interpreter_who_needs_more_time_than_there_is_opens_nobody():
    about = family(free=free("Tue 18-18:30"), interpreter="possible")

    assert "interpreter" not in opened(ranked(peer(1, languages=words("Polish")), about=about))


@pytest.mark.parametrize(
    "hidden",
    [
        {"sector": FAMILY.sector},
        {"schools": FAMILY.schools},
        {"limits": words("not_outcode:TR10")},
        {"family_id": FAMILY.id},
    ],
)
def test_no_change_lifts_what_is_hidden(hidden):
    ranking = ranked(peer(1, **hidden), peer(2, languages=words("Polish"), **hidden))

    assert what_would_open(ranking) == ()


def test_an_exclusion_is_never_counted_as_about_to_open():
    peers = (peer(7, languages=words("Polish")),)

    assert opened(ranked(*peers)) == {"interpreter": 1}
    assert opened(ranked(*peers, pairs=frozenset({(FAMILY.id, 7)}))) == {}


def test_a_break_is_nobody_s_to_open():
    assert opened(ranked(peer(1, status="paused"), peer(2, break_until=TODAY))) == {}


def test_nobody_and_nothing_that_would_help_is_said_as_it_is():
    assert what_would_open(ranked()) == ()
