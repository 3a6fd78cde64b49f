"""What holds for any family and any peers: hard rules above every score, a score that adds up."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import near
from app.matching.not_now import not_now
from app.matching.openings import what_would_open
from app.matching.people import CARER_WORDS, WAY_WORDS, Family, Peer
from app.matching.ranking import blockers, rank
from app.settings.rules import Rules
from tests.matching.matching_cast import AT, RULES, TODAY, free

maybe = st.none()
some = st.sampled_from
sets = st.frozensets
TOPICS = sets(some(["adoption", "sleep", "twins", "foster placement"]))
LANGUAGES = sets(some(["English", "Polish", "BSL"]))
WAYS = sets(some(list(WAY_WORDS)))
SECTORS = maybe | some(["TR10 8", "TR10 9", "TR14 1", "TR14"])
SCHOOLS = maybe | some([near.schools("Trevu"), near.schools("Penair"), frozenset()])
FREE = some(["any", "Tue evenings", "weekdays am", None]).map(free)
GENDERS = maybe | some(["woman", "man"])
CARERS = maybe | some(list(CARER_WORDS))
DAYS = st.dates(TODAY - timedelta(days=200), TODAY + timedelta(days=200))
LIMITS = sets(
    some(["mums_only", "not_fostering", "no_texts_after_18", "not_outcode:TR14", "in words"]),
    max_size=2,
)

families = st.builds(
    Family,
    id=some([1, 2]),
    wants_to_talk=some([True, True, True, False]),
    carer_type=CARERS,
    carer_gender=GENDERS,
    child_months=st.lists(st.integers(-9, 216), max_size=3).map(tuple),
    circumstances=TOPICS,
    may_be_told=TOPICS,
    languages=LANGUAGES,
    interpreter=some(["none", "possible", "booked"]),
    ways=WAYS,
    likes_best=maybe | some(list(WAY_WORDS)),
    free=FREE,
    sector=SECTORS,
    schools=SCHOOLS,
    near_is_fine=st.booleans(),
    gender_wish=maybe | GENDERS,
    not_from=sets(some(["TR14"])),
    musts=sets(some(["adoption"])),
    declined_by=sets(st.integers(0, 3)),
)
fit = {"trained_on": date(2025, 1, 1), "checks_until": date(2028, 1, 1)}
crowds = st.lists(
    st.builds(
        Peer,
        id=st.integers(0, 40),
        status=some(["active", "active", "active", "paused", "left"]),
        break_until=maybe | DAYS,
        trained_on=some([fit["trained_on"], None]),
        checks_until=some([fit["checks_until"], None]),
        vig_completed_on=some([date(2025, 1, 1), TODAY]),
        family_id=maybe | some([1, 2]),
        carer_type=CARERS,
        gender=GENDERS,
        child_months_then=maybe | st.integers(-9, 216),
        circumstances=TOPICS,
        may_be_told=TOPICS,
        languages=LANGUAGES,
        ways=WAYS,
        limits=LIMITS,
        free=FREE,
        sector=SECTORS,
        schools=SCHOOLS,
        near_is_fine=st.booleans(),
        monthly_limit=maybe | st.integers(0, 4),
        conversations_this_month=st.integers(0, 3),
        last_conversation_on=maybe | DAYS,
        training_until=maybe | DAYS,
        open_offer_until=some([None, None, AT, AT + timedelta(hours=1)]),
    ),
    max_size=12,
    unique_by=lambda peer: peer.id,
)
pairs = sets(st.tuples(some([1, 2]), st.integers(0, 40)), max_size=20)
many = settings(max_examples=80, deadline=None)


@many
@given(families, crowds, pairs)
def test_nobody_with_a_broken_rule_can_be_asked_and_nobody_else_is_left_out(about, peers, kept):
    ranking = rank(about, peers, kept, RULES, at=AT)

    free_of_blockers = {one.id for one in peers if not blockers(about, one, kept, RULES, at=AT)}
    assert {one.peer_id for one in ranking.can} == free_of_blockers
    assert not free_of_blockers & {one.peer_id for one in ranking.cannot}


@many
@given(families, crowds, pairs)
def test_an_exclusion_pair_is_never_among_those_who_can_be_asked(about, peers, kept):
    ranking = rank(about, peers, kept, RULES, at=AT)

    assert not {(about.id, one.peer_id) for one in ranking.can} & kept


@many
@given(families, crowds, pairs)
def test_the_printed_parts_add_up_to_the_points_and_their_mosts_to_100(about, peers, kept):
    for one in rank(about, peers, kept, RULES, at=AT, minutes_to={"TR10": 20}).can:
        assert sum(part.points for part in one.parts) == one.points <= 100
        assert sum(part.most for part in one.parts) == 100
        assert all(0 <= part.points <= part.most for part in one.parts)


@many
@given(families, crowds, pairs, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_reading(about, peers, kept, chance):
    shuffled = list(peers)
    chance.shuffle(shuffled)

    one, other = (rank(about, crowd, kept, RULES, at=AT) for crowd in (peers, shuffled))

    assert [each.peer_id for each in one.can] == [each.peer_id for each in other.can]
    assert not_now(one) == not_now(other)


@many
@given(families, crowds, pairs)
def test_counts_of_the_table_add_up_and_common_times_are_long_enough(about, peers, kept):
    ranking = rank(about, peers, kept, RULES, at=AT)

    assert sum(row.count for row in not_now(ranking)) == len(ranking.cannot)
    for one in ranking.can:
        for start, end in one.common_times or ():
            assert end - start >= timedelta(minutes=Rules().conversation_minutes)


@many
@given(families, crowds, pairs)
def test_no_opening_promises_more_than_those_whom_nothing_hidden_stops(about, peers, kept):
    ranking = rank(about, peers, kept, RULES, at=AT)
    openable = [one for one in ranking.cannot if not any(each.hidden for each in one.blockers)]

    assert all(0 < opening.count <= len(openable) for opening in what_would_open(ranking))
