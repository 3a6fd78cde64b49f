"""The score: each part alone, the printed sum, the order and what settles ties."""

from datetime import date, timedelta

import pytest

from app.matching import scoring
from tests.matching.matching_cast import TODAY, family, free, peer, ranked, words


def part(code, about=None, minutes_to=None, **changes):
    (one,) = ranked(peer(**changes), about=about or family(), minutes_to=minutes_to).can
    return next(part for part in one.parts if part.code == code)


def test_the_mosts_add_up_to_100_by_phone_and_in_person():
    by_phone, in_person = ranked(
        peer(1), peer(2, ways=words("in_person")), about=family(ways=words("phone", "in_person"))
    ).can

    assert sum(each.most for each in by_phone.parts) == 100
    assert sum(each.most for each in in_person.parts) == 100


def test_a_perfect_fit_scores_100():
    about = family(
        circumstances=words("a", "b", "c"), may_be_told=words("a", "b", "c"), free=free("any")
    )
    perfect = peer(
        circumstances=words("a", "b", "c"),
        may_be_told=words("a", "b", "c"),
        child_months_then=30,
        free=free("any"),
    )

    assert ranked(perfect, about=about).can[0].points == 100


@pytest.mark.parametrize(
    ("family_is", "peer_is", "points", "said"),
    [
        ("adoptive", "adoptive", 25, "adoptive parent too"),
        ("adoptive", "kinship", 10, "not an adoptive parent"),
        ("foster", "adoptive", 10, "not a foster carer"),
        ("birth", "step", 10, "not a birth parent"),
        ("birth", "adoptive", 0, "not a birth parent"),
        ("birth", None, 0, "what kind of carer one of them is, is not known"),
    ],
)
def test_carer_type(family_is, peer_is, points, said):
    found = part("carer", family(carer_type=family_is), carer_type=peer_is)

    assert (found.points, found.words) == (points, said)


@pytest.mark.parametrize(
    ("now", "then", "points"),
    [
        ((30,), 30, 20),
        ((30,), 36, 17),
        ((30,), 24, 16),
        ((30,), 60, 5),
        ((30,), 96, 0),
        ((96,), 30, 0),
        ((-2,), 1, 18),
        ((0,), 6, 10),
        ((156,), 120, 14),
        ((3, 96), 100, 19),  # the nearest of several children
        ((), 30, 0),
        ((30,), None, 0),
    ],
)
def test_childs_age_then(now, then, points):
    assert part("age", family(child_months=now), child_months_then=then).points == points


@pytest.mark.parametrize(
    ("family_ticked", "peer_ticked", "points", "said"),
    [
        (words("adoption", "sleep"), words("adoption", "sleep"), 14, "both allow: adoption, sleep"),
        (words("adoption"), words("adoption", "sleep"), 7, "both allow: adoption only"),
        (words("adoption"), words("sleep"), 0, "nothing shared that both allow to be mentioned"),
        (words(), words("adoption"), 0, "nothing shared that both allow to be mentioned"),
    ],
)
def test_a_circumstance_counts_only_if_both_ticked_it(family_ticked, peer_ticked, points, said):
    found = part("circumstances", family(may_be_told=family_ticked), may_be_told=peer_ticked)

    assert (found.points, found.words) == (points, said)


def test_a_tick_left_behind_for_a_circumstance_since_removed_does_not_count():
    assert part("circumstances", circumstances=words("twins")).points == 0


@pytest.mark.parametrize(
    ("asked", "offered", "points", "said"),
    [
        ({}, ("phone",), 10, "phone, what the family likes best"),
        ({"likes_best": "video"}, ("phone", "video"), 10, "video, what the family likes best"),
        ({}, ("video",), 6, "video, not what the family likes best"),
        ({"likes_best": None}, ("phone", "video"), 10, "phone or video"),
        ({}, (), 0, "ways to talk not known: ask"),
        ({"ways": words("in_person"), "likes_best": None}, ("in_person",), 5, "in person"),
        ({"languages": words("Polish"), "interpreter": "booked"}, ("phone",), 5, "phone, through"),
    ],
)
def test_way_to_talk(asked, offered, points, said):
    found = part("way", family(**asked), ways=words(*offered))

    assert found.points == points
    assert found.words.startswith(said)


@pytest.mark.parametrize(
    ("minutes", "points", "said"),
    [
        (12, 5, "about 12 minutes’ drive apart"),
        (40, 3, "about 40 minutes’ drive apart"),
        (90, 0, "about 90 minutes’ drive apart"),
        (None, 0, "distance not known"),
    ],
)
def test_distance_counts_in_person(minutes, points, said):
    about = family(ways=words("in_person"), likes_best=None)
    found = part("distance", about, {"PL25": minutes} if minutes else {}, ways=words("in_person"))

    assert (found.points, found.words) == (points, said)


def test_distance_does_not_count_by_phone():
    near, far = ranked(peer(1), peer(2, sector="TR27 4"), minutes_to={"PL25": 90, "TR27": 5}).can

    assert near.points == far.points


@pytest.mark.parametrize(
    ("when", "points", "said"),
    [
        ("Tue 18:30-19:00", 3, "1 evening in common"),
        ("Tue, Thu evenings", 9, "3 evenings in common"),
        ("any", 15, "5 evenings in common"),
        (None, 0, "times not known: ask"),
    ],
)
def test_times_in_common(when, points, said):
    found = part("time", free=free(when))

    assert (found.points, found.words) == (points, said)


@pytest.mark.parametrize(
    ("ago", "points", "said"),
    [
        (None, 10, "no conversation yet"),
        (120, 10, "last conversation 4 months ago"),
        (28, 10, "last conversation 4 weeks ago"),
        (14, 5, "last conversation 2 weeks ago"),
        (5, 1, "last conversation 5 days ago"),
        (1, 0, "last conversation yesterday"),
        (0, 0, "last conversation today"),
        (-2, 0, "a conversation is booked"),
    ],
)
def test_rest_since_the_last_conversation(ago, points, said):
    last = None if ago is None else TODAY - timedelta(days=ago)
    found = part("rest", last_conversation_on=last)

    assert (found.points, found.words) == (points, said)


def test_a_part_at_half_or_more_speaks_for_and_less_against():
    (one,) = ranked(peer(carer_type="kinship", may_be_told=words("sleep"))).can

    assert [each.code for each in one.speaks_for] == ["age", "way", "time", "rest"]
    assert [each.code for each in one.speaks_against] == ["carer", "circumstances"]


def test_the_last_conversation_they_have_room_for_is_said():
    (one,) = ranked(peer(conversations_this_month=2)).can

    assert one.facts_against == ("this would be their last of 3 this month",)


def test_gender_changes_no_score():
    woman, man, unknown = ranked(
        peer(1, gender="woman"), peer(2, gender="man"), peer(3, gender=None)
    ).can

    assert woman.points == man.points == unknown.points


def test_the_best_score_comes_first_and_says_its_place():
    ranking = ranked(
        peer(1, carer_type="birth"), peer(2, carer_type="kinship"), peer(3), peer(4, status="left")
    )

    assert [(one.position, one.peer_id) for one in ranking.can] == [(1, 3), (2, 2), (3, 1)]


@pytest.mark.parametrize(
    ("second", "first"),
    [
        ({"conversations_this_month": 1}, {}),
        (
            {"conversations_this_month": 1, "monthly_limit": 3},
            {"conversations_this_month": 1, "monthly_limit": 4},
        ),
        ({"last_conversation_on": date(2026, 10, 20)}, {"last_conversation_on": date(2026, 9, 20)}),
        ({"last_conversation_on": date(2026, 10, 20)}, {"last_conversation_on": None}),
    ],
    ids=["smaller load", "smaller share", "longer rest", "never yet"],
)
def test_ties_go_to_the_smaller_load_then_the_longer_rest(second, first):
    ranking = ranked(peer(1, **second), peer(2, **first))

    assert ranking.can[0].points == ranking.can[1].points
    assert [one.peer_id for one in ranking.can] == [2, 1]


def test_what_is_left_of_a_tie_goes_by_id_whatever_order_they_came_in():
    assert [one.peer_id for one in ranked(peer(3), peer(1), peer(2)).can] == [1, 2, 3]


def test_each_candidate_knows_their_place_however_they_are_come_to():
    can = ranked(peer(3), peer(1), peer(2)).can

    assert [(one.peer_id, one.position) for one in can] == [(1, 1), (2, 2), (3, 3)]
    assert (can[-1].peer_id, can[-1].position) == (3, 3)
    assert can[1:] == (can[1], can[2])


def test_the_points_are_whole_numbers():
    (one,) = ranked(peer()).can

    assert all(type(each.points) is int for each in one.parts)
    assert one.points == scoring.points(one.search, one.peer, one.starts)
