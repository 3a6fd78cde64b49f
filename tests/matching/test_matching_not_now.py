"""The "Not now" table, and that nobody can tell an exclusion from anything else in it."""

from datetime import UTC, date, datetime

import pytest

from app.matching.not_now import listed, not_now
from app.matching.overrides import may_override
from app.matching.ranking import blockers, shown
from app.matching.rules import HIDDEN_ROW
from tests.matching.matching_cast import (
    AT,
    FAMILY,
    NO_PAIRS,
    RULES,
    family,
    free,
    peer,
    ranked,
    words,
)

PAIR = frozenset({(FAMILY.id, 7)})
LIMIT = {"limits": words("not_outcode:TR10")}
HIDDEN_ALONE = [
    ({}, PAIR),
    ({"sector": FAMILY.sector}, NO_PAIRS),
    ({"schools": FAMILY.schools}, NO_PAIRS),
    ({"limits": words("not_outcode:TR10")}, NO_PAIRS),
    ({"family_id": FAMILY.id}, NO_PAIRS),
]


def standing(changes, pairs=NO_PAIRS):
    return blockers(FAMILY, peer(7, **changes), pairs, RULES, at=AT)


def test_each_row_has_its_count_an_example_and_who_can_change_it():
    rows = not_now(
        ranked(
            peer(1),
            peer(2, training_until=date(2026, 4, 25)),
            peer(3, checks_until=date(2026, 11, 1)),
            peer(4, languages=words("Romanian")),
            peer(5, open_offer_until=datetime(2026, 11, 24, 16, tzinfo=UTC)),
            peer(6, conversations_this_month=3),
        )
    )

    assert [
        (row.words, row.count, row.example_peer_id, row.example_words, row.who_can_change)
        for row in rows
    ] == [
        (
            "Checks or training out of date",
            2,
            2,
            "training ended Sat 25 Apr",
            "nobody, renew first",
        ),
        ("No shared language", 1, 4, "Romanian", "you, by booking an interpreter"),
        ("Has an open offer", 1, 5, "until Tue 24 Nov 16:00", "wait"),
        ("Full this month", 1, 6, "3 of 3", "you, with a reason"),
    ]


def test_everybody_counts_once_under_the_most_severe_rule():
    ranking = ranked(
        peer(1, status="paused", languages=words("Polish")),
        peer(2, languages=words("Polish"), free=free("weekdays am")),
    )

    assert [(row.words, row.count) for row in not_now(ranking)] == [
        ("On a break", 1),
        ("No shared language", 1),
    ]


def test_a_break_has_no_name_and_no_reason():
    (row,) = not_now(ranked(peer(1, status="paused")))

    assert (row.example_peer_id, row.example_words) == (None, "not asked why")
    assert row.who_can_change == "the peer parent"


def test_an_exclusion_adds_no_row_of_its_own():
    peers = (peer(1), peer(7), peer(8, **LIMIT), peer(9, sector=FAMILY.sector))

    before, after = not_now(ranked(*peers)), not_now(ranked(*peers, pairs=PAIR))

    assert [row.words for row in before] == [row.words for row in after] == [HIDDEN_ROW]
    assert (before[0].count, after[0].count) == (2, 3)


@pytest.mark.parametrize(("changes", "pairs"), HIDDEN_ALONE)
def test_whatever_hides_in_the_safety_row_it_reads_the_same(changes, pairs):
    ranking = ranked(peer(7, **changes), pairs=pairs)

    (row,) = not_now(ranking)

    assert (row.words, row.count, row.who_can_change) == (HIDDEN_ROW, 1, "a manager")
    assert (row.example_peer_id, row.example_words) == (None, "reasons are not shown here")
    assert listed(ranking) == ((7, HIDDEN_ROW),)


@pytest.mark.parametrize(("changes", "pairs"), HIDDEN_ALONE)
def test_a_coordinator_reads_the_same_of_a_pair_whatever_is_hidden(changes, pairs):
    (seen,) = shown(standing(changes, pairs), "coordinator")

    assert (seen.code, seen.words) == ("hidden", HIDDEN_ROW)


@pytest.mark.parametrize(("changes", "pairs"), HIDDEN_ALONE)
def test_a_coordinator_who_tries_is_told_the_same_whatever_is_hidden(changes, pairs):
    override = may_override(standing(changes, pairs), "coordinator")

    assert not override.allowed
    assert override == may_override(standing(LIMIT), "coordinator")


def test_a_manager_reads_which_rule_it_is():
    assert [one.code for one in shown(standing({}, PAIR), "manager")] == ["exclusion"]


def test_several_hidden_rules_are_shown_as_one_in_their_place():
    changes = {"sector": FAMILY.sector, "status": "paused", "languages": words("Polish"), **LIMIT}

    seen = shown(standing(changes, PAIR), "practitioner")

    assert [one.code for one in seen] == ["paused", "hidden", "no_shared_language"]


def test_what_is_not_hidden_stays_as_it_is():
    plain = standing({"languages": words("Polish")})

    assert shown(plain, "coordinator") == plain


def test_the_counts_add_up_to_all_who_cannot_be_asked():
    peers = [peer(n, **change) for n, change in enumerate(({}, LIMIT, {"status": "left"}, LIMIT))]

    ranking = ranked(*peers)

    assert sum(row.count for row in not_now(ranking)) == len(ranking.cannot) == 3


CLOSED = {"status": "paused"}
FULL = {"conversations_this_month": 3}


@pytest.mark.parametrize(
    ("changes", "pairs", "role", "allowed", "least"),
    [
        ({}, NO_PAIRS, "coordinator", True, 0),
        ({}, NO_PAIRS, "practitioner", False, 0),
        (FULL, NO_PAIRS, "coordinator", True, 1),
        (FULL, NO_PAIRS, "manager", True, 1),
        (FULL, NO_PAIRS, "practitioner", False, 0),
        ({}, PAIR, "coordinator", False, 0),
        ({}, PAIR, "manager", True, 10),
        (LIMIT, NO_PAIRS, "coordinator", False, 0),
        (LIMIT, NO_PAIRS, "manager", True, 10),
        (CLOSED, NO_PAIRS, "coordinator", False, 0),
        (CLOSED, PAIR, "manager", False, 0),
        ({"family_id": FAMILY.id}, NO_PAIRS, "manager", False, 0),
    ],
)
def test_who_may_choose_against_a_rule_and_what_they_must_write(
    changes, pairs, role, allowed, least
):
    override = may_override(standing(changes, pairs), role)

    assert (override.allowed, override.reason_least) == (allowed, least)


@pytest.mark.parametrize(
    ("reason", "goes"),
    [
        ("They asked", True),
        ("too short", False),
        ("   short   ", False),
        ("", False),
        (None, False),
    ],
)
def test_a_safety_reason_has_ten_characters_that_are_not_spaces_around(reason, goes):
    override = may_override(standing({}, PAIR), "manager")

    assert (override.refusal(reason) is None) is goes


def test_a_closed_rule_is_refused_whatever_the_reason():
    override = may_override(standing(CLOSED), "manager")

    refusal = override.refusal("a very good reason indeed")
    assert refusal == (
        "This peer parent cannot be chosen. On a break. Who can change it: the peer parent."
    )


def test_nothing_shows_a_family_or_a_peer_by_accident():
    about = family(circumstances=words("SECRET"), musts=words("SECRET"))
    ranking = ranked(peer(1, status="paused"), peer(2, circumstances=words("SECRET")), about=about)

    assert "SECRET" not in f"{ranking} {ranking.can} {ranking.cannot} {about!r} {peer(3)!r}"
