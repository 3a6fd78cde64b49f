"""Each hard rule alone: two peers who differ only in what the rule reads."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.matching import near
from app.matching.rules import RULES as TABLE
from app.matching.rules import Tier
from tests.matching.matching_cast import (
    AT,
    FAMILY,
    RULES,
    TODAY,
    family,
    free,
    peer,
    ranked,
    words,
)

DAY = timedelta(days=1)
TREVU = near.schools("Trevu Primary School")

# code, family's changes, changes that break the rule, changes that only just keep it
CASES = [
    ("left", {}, {"status": "left"}, {"status": "active"}),
    ("paused", {}, {"status": "paused"}, {"status": "active"}),
    ("paused", {}, {"break_until": TODAY}, {"break_until": TODAY - DAY}),
    ("not_trained", {}, {"trained_on": None}, {"trained_on": TODAY}),
    ("not_trained", {}, {"trained_on": TODAY + DAY}, {"trained_on": TODAY}),
    ("not_trained", {}, {"training_until": TODAY - DAY}, {"training_until": TODAY}),
    ("checks_lapsed", {}, {"checks_until": None}, {"checks_until": TODAY}),
    ("checks_lapsed", {}, {"checks_until": TODAY - DAY}, {"checks_until": TODAY}),
    (
        "vig_too_recent",
        {},
        {"vig_completed_on": date(2026, 8, 25)},
        {"vig_completed_on": date(2026, 8, 24)},
    ),
    ("vig_too_recent", {}, {"vig_completed_on": None}, {}),
    ("same_family", {}, {"family_id": FAMILY.id}, {"family_id": FAMILY.id + 1}),
    ("same_sector", {}, {"sector": "TR10 8"}, {"sector": "TR10 9"}),
    ("same_school", {}, {"schools": TREVU}, {"schools": near.schools("Nancledra School")}),
    ("not_from_there", {"not_from": words("PL25")}, {}, {"sector": "PL24 5"}),
    ("place_not_known", {"not_from": words("PL24")}, {"sector": None}, {}),
    ("place_not_known", {"sector": None}, {"limits": words("not_outcode:TR14")}, {}),
    ("peer_limit", {}, {"limits": words("not_outcode:TR10")}, {"limits": words("not_outcode:TR1")}),
    ("peer_limit", {"carer_type": "foster"}, {"limits": words("not_fostering")}, {}),
    ("peer_limit", {"carer_gender": "man"}, {"limits": words("mums_only")}, {}),
    ("peer_limit", {}, {"limits": words("dads_only")}, {"limits": words("mums_only")}),
    (
        "peer_limit",
        {},
        {"limits": words("not_about:separation")},
        {"limits": words("not_about:autism")},
    ),
    ("no_shared_language", {}, {"languages": words("Polish")}, {"languages": words()}),
    ("no_shared_way", {}, {"ways": words("text", "in_person")}, {"ways": words("video")}),
    ("no_common_time", {}, {"free": free("weekdays am")}, {"free": None}),
    ("no_common_time", {}, {"free": free("Tue 20:15-21:00")}, {"free": free("Tue 20:00-21:00")}),
    ("gender_wish", {"gender_wish": "woman"}, {"gender": "man"}, {"gender": "woman"}),
    ("gender_wish", {"gender_wish": "woman"}, {"gender": None}, {"gender": "woman"}),
    ("must_missing", {"musts": words("twins")}, {"circumstances": words("sleep")}, {}),
    ("open_offer", {}, {"open_offer_until": AT + DAY}, {"open_offer_until": AT}),
    ("full_this_month", {}, {"conversations_this_month": 3}, {"conversations_this_month": 2}),
    (
        "full_this_month",
        {},
        {"monthly_limit": None, "conversations_this_month": RULES.peer_monthly_limit},
        {"monthly_limit": None, "conversations_this_month": RULES.peer_monthly_limit - 1},
    ),
    ("full_this_month", {}, {"monthly_limit": 0}, {}),
]


@pytest.mark.parametrize(("code", "asked", "breaks", "keeps"), CASES)
def test_a_rule_stops_the_one_who_breaks_it_and_nobody_else(code, asked, breaks, keeps):
    ranking = ranked(peer(1, **breaks), peer(2, **keeps), about=family(**asked))

    assert [one.peer_id for one in ranking.can] == [2]
    assert [one.code for one in ranking.cannot[0].blockers] == [code]


def test_every_rule_of_the_table_has_a_case():
    others = {"no_consent", "exclusion", "declined_before"}  # tested below
    assert {case[0] for case in CASES} | others == {rule.code for rule in TABLE}


def test_a_family_that_has_not_asked_is_offered_nobody():
    ranking = ranked(peer(1), peer(2), about=family(wants_to_talk=False))

    assert ranking.can == ()
    assert ranking.cannot[0].rule.code == "no_consent"


def test_an_exclusion_holds_for_its_own_family_only():
    pairs = frozenset({(FAMILY.id, 1), (FAMILY.id + 1, 2)})

    ranking = ranked(peer(1), peer(2), pairs=pairs)

    assert [one.peer_id for one in ranking.can] == [2]
    assert [one.code for one in ranking.cannot[0].blockers] == ["exclusion"]


def test_a_peer_who_was_asked_about_this_family_before_is_not_first_again():
    ranking = ranked(peer(1), peer(2), about=family(declined_by=frozenset({1})))

    assert [one.peer_id for one in ranking.can] == [2]


@pytest.mark.parametrize("near_each_other", [{"sector": "TR10 8"}, {"schools": TREVU}])
@pytest.mark.parametrize(
    ("family_says", "peer_says", "offered"),
    [(True, True, 1), (True, False, 0), (False, True, 0), (False, False, 0)],
)
def test_neighbours_may_talk_only_if_both_say_that_is_fine(
    near_each_other, family_says, peer_says, offered
):
    one = peer(1, near_is_fine=peer_says, **near_each_other)

    assert len(ranked(one, about=family(near_is_fine=family_says)).can) == offered


@pytest.mark.parametrize(
    ("field", "code"), [("schools", "school"), ("sector", "postcode"), ("free", "times")]
)
def test_what_is_not_known_is_a_question_and_not_a_block(field, code):
    for ranking in (ranked(peer(**{field: None})), ranked(peer(), about=family(**{field: None}))):
        assert [question.code for question in ranking.can[0].questions] == [code]


def test_a_district_alone_is_asked_when_it_is_the_family_s_own():
    same, other, known = ranked(
        peer(1, sector="TR10"), peer(2, sector="TR11"), peer(3, sector="TR10 9")
    ).can

    assert [question.code for question in same.questions] == ["postcode"]
    assert other.questions == known.questions == ()


def test_a_booked_interpreter_takes_the_place_of_a_shared_language_and_is_asked_about():
    about = family(interpreter="booked")

    ranking = ranked(peer(1, languages=words("Polish")), peer(2), about=about)

    assert [(one.peer_id, len(one.questions)) for one in ranking.can] == [(2, 0), (1, 1)]


def test_an_interpreter_needs_twice_the_time():
    about = family(interpreter="booked", free=free("Tue 18-18:45"))
    evening = free("Tue evenings")

    ranking = ranked(
        peer(1, languages=words("Polish"), free=evening), peer(2, free=evening), about=about
    )

    assert [one.peer_id for one in ranking.can] == [2]
    assert ranking.cannot[0].rule.code == "no_common_time"


def test_a_limit_in_words_is_asked_and_never_passed_over():
    ranking = ranked(peer(limits=words("not on market days")))

    assert "not on market days" in ranking.can[0].questions[0].words


def test_mums_only_is_asked_where_it_is_not_known_who_the_carer_is():
    ranking = ranked(peer(limits=words("mums_only")), about=family(carer_gender=None))

    assert [question.code for question in ranking.can[0].questions] == ["limit"]


@pytest.mark.parametrize(("ways", "offered"), [(words("text"), 0), (words("text", "phone"), 1)])
def test_no_texts_after_six_counts_only_where_they_could_talk_by_text_alone(ways, offered):
    about = family(ways=words("text", "phone"))

    ranking = ranked(peer(ways=ways, limits=words("no_texts_after_18")), about=about)

    assert len(ranking.can) == offered


def test_blockers_stand_with_the_most_severe_first_whatever_breaks():
    worst = peer(
        status="paused",
        sector="TR10 8",
        languages=words("Polish"),
        conversations_this_month=9,
    )

    blockers = ranked(worst).cannot[0].blockers

    assert [one.code for one in blockers] == [
        "paused",
        "same_sector",
        "no_shared_language",
        "full_this_month",
    ]
    assert [one.tier for one in blockers] == [
        Tier.CLOSED,
        Tier.SAFETY,
        Tier.PRACTICAL,
        Tier.PRACTICAL,
    ]


@pytest.mark.parametrize(
    ("changes", "words_for_staff"),
    [
        ({"training_until": date(2026, 4, 25)}, "Training out of date: training ended Sat 25 Apr"),
        ({"checks_until": date(2025, 1, 3)}, "Checks out of date: checks ended Fri 3 Jan 2025"),
        ({"vig_completed_on": date(2026, 11, 30)}, "can be asked from Sun 28 Feb 2027"),
        ({"open_offer_until": datetime(2026, 11, 24, 16, tzinfo=UTC)}, "until Tue 24 Nov 16:00"),
        ({"open_offer_until": datetime(2026, 11, 27, 12, tzinfo=UTC)}, "until Fri 27 Nov 12:00"),
        ({"conversations_this_month": 3}, "Full this month: 3 of 3"),
        ({"free": free("weekdays am")}, "No common time: weekday mornings only"),
        ({"languages": words("Romanian")}, "No shared language: Romanian"),
        ({"ways": words("in_person")}, "No shared way to talk: in person only"),
    ],
)
def test_a_blocker_says_the_fact(changes, words_for_staff):
    assert words_for_staff in ranked(peer(**changes)).cannot[0].blockers[0].words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("St. Mary's C of E Primary School", "Saint Mary’s", True),
        ("Trevu", "trevu primary school, Camborne", True),
        ("Trevu Primary", "Penair School", False),
        ("Truro College", "Truro School", True),  # in doubt: the same
        ("Community Primary School", "Trevu", False),
    ],
)
def test_one_school_written_in_two_ways_is_one(one, other, same):
    assert near.same_school(near.schools(one), near.schools(other)) is same


@pytest.mark.parametrize(
    ("postcode", "sector"),
    [
        ("TR15 1UQ", "TR15 1"),
        (" pl31 2na ", "PL31 2"),
        ("TR7\u00a01WW", "TR7 1"),
        ("TR14", "TR14"),
        ("TR15 1U", None),
        ("", None),
        (None, None),
    ],
)
def test_a_postcode_becomes_its_sector(postcode, sector):
    assert near.sector(postcode) == sector
