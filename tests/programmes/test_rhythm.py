"""A programme's dates proposed in one step: what keeps the rhythm, what gives way, and why.

Tamsin works Monday to Friday from nine to five; the home is where she starts from, so nobody
drives unless a case says so. Today is Monday 23 November 2026.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.programmes.departures import WHY
from app.programmes.rhythm import (
    FOLLOWS,
    NOTHING,
    REVIEW,
    STANDS,
    TOO_FAR,
    VIDEO,
    Course,
    Given,
    Proposal,
    propose,
)
from app.scheduling.pairs import first_review_day
from app.scheduling.reasons import DAY_WORDS
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Stop, Wanted, Worker
from app.settings.rules import Rules
from app.windows import Window, Windows
from app.working_days import bank_holidays, is_working_day
from tests.scheduling.obvious_slots import Person, fits
from tests.scheduling.winter_tuesday import BASE, CAMBORNE, HOURS, NEXT_DOOR, at, times

RULES = Rules()
TODAY = date(2026, 11, 23)
NOW = at("09:00", TODAY)
LAST = TODAY + timedelta(weeks=12)
TAMSIN = Worker(1, "Tamsin", HOURS, BASE)
VISIT = Wanted(VIDEO, 45, TODAY, LAST, BASE, family_times=times("Mon-Fri 10-12"))


def leave(first: date, last: date) -> tuple[datetime, datetime]:
    return clock.midnight(first), clock.midnight(last + timedelta(days=1))


def day(month: int, number: int) -> date:
    return date(2027 if month < 11 else 2026, month, number)


def course(worker: Worker = TAMSIN, rules: Rules = RULES, **wanted) -> Course:
    asked = replace(VISIT, **wanted)
    others = {"now": NOW, "bank_holidays": bank_holidays(TODAY, LAST)}
    found = [
        find_slots(replace(asked, kind=kind, minutes=minutes), (worker,), rules, **others)
        for kind, minutes in ((VIDEO, 45), (REVIEW, 60))
    ]
    return Course(*found, rules, TODAY, LAST, is_working_day, worker.name)


def planned(
    cycles: int | Sequence[Given] = 3, since: date | None = None, **changed
) -> tuple[Proposal, ...]:
    given = [Given(n) for n in range(1, cycles + 1)] if isinstance(cycles, int) else cycles
    return propose(given, course(**changed), since)


def dates(proposals: Sequence[Proposal]) -> list[str]:
    """'Tue 24 Nov 10:00', or the code of why there is none."""
    return [
        f"{clock.london(p.slot.starts_at):%a %-d %b %H:%M}" if p.slot else p.code for p in proposals
    ]


def away(first: date, last: date, **more) -> Worker:
    return replace(TAMSIN, absences=(leave(first, last),), **more)


WEEKS = ["Tue 24 Nov 10:00", "Tue 1 Dec 10:00", "Tue 8 Dec 10:00", "Tue 15 Dec 10:00",
         "Tue 22 Dec 10:00", "Tue 29 Dec 10:00"]  # fmt: skip


def test_a_week_lies_between_each_and_the_next() -> None:
    found = planned()

    assert dates(found) == WEEKS
    assert [p.days for p in found] == [None, 7, 7, 7, 7, 7]
    assert all(not p.why for p in found)


def taken(words: str, on: date) -> Worker:
    start, end = words.split("-")
    return replace(TAMSIN, stops=(Stop(at(start, on), at(end, on), BASE, travels=True),))


# A video on Tuesday 24 November at 10:00, and what is proposed for its review.
CASES = [
    ("nothing in the way", {}, "Tue 1 Dec 10:00", ()),
    ("leave on the day", {"worker": away(day(12, 1), day(12, 1))},
     "Mon 30 Nov 10:00", ("6 days after its video: Tue 1 Dec, Tamsin is away",)),
    ("leave for the week", {"worker": away(day(11, 30), day(12, 4))},
     "Fri 27 Nov 10:00", ("3 days after its video: Mon 30 Nov to Fri 4 Dec, Tamsin is away",)),
    ("leave until then too", {"worker": away(day(11, 25), day(12, 4))},
     "Tue 8 Dec 10:00", ("14 days after its video: Wed 25 Nov to Fri 4 Dec, Tamsin is away",)),
    ("leave for more than the settings warn of", {"worker": away(day(11, 25), day(12, 11))},
     "Tue 15 Dec 10:00",
     ("21 days after its video: Wed 25 Nov to Fri 11 Dec, Tamsin is away",)),
    ("half a day of leave", {"worker": replace(
        TAMSIN, absences=((at("09:00", day(12, 1)), at("11:00", day(12, 1))),))},
     "Tue 1 Dec 11:00", ("10:00 is not free that day",)),
    ("the hour is taken", {"worker": taken("10:00-10:30", day(12, 1))},
     "Tue 1 Dec 10:30", ("10:00 is not free that day",)),
    ("the day is full", {"worker": taken("09:00-16:00", day(12, 1))},
     "Mon 30 Nov 10:00", ("6 days after its video: Tue 1 Dec, no time is free",)),
    ("the family is free on Wednesdays", {"family_times": times("Wed 10-12")},
     "Wed 2 Dec 10:00", ("8 days after its video: Tue 1 Dec, outside the family’s times",)),
    ("another hour is liked best", {"preferred_times": times("Tue 10:30-12")},
     "Tue 1 Dec 10:30", ("Not 10:00: the family likes this time better",)),
    ("another day is liked best", {"preferred_times": times("Wed 10:30-12")},
     "Tue 1 Dec 10:00", ()),
    ("she is next door the day after", {"worker": replace(TAMSIN, base=CAMBORNE, stops=(
        Stop(at("12:30", day(12, 2)), at("13:30", day(12, 2)), NEXT_DOOR, travels=True),))},
     "Wed 2 Dec 10:00",
     ("8 days after its video: 62 minutes less driving than on Tue 1 Dec",)),
    ("she works too short a day", {"worker": replace(TAMSIN, hours=times("Mon 9-9:30"))}, NOTHING,
     ("No free time keeps every rule.",)),
    ("a home that nobody visits alone", {"at_home": True, "level": "not_assessed"}, NOTHING,
     ("No free time keeps every rule.",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "when", "why"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_review_keeps_the_rhythm_or_says_why_not(changed, when: str, why) -> None:
    (found,) = planned([Given(1, at("10:00", day(11, 24)))], **changed)

    assert (dates([found]), found.why) == ([when], why)


def test_every_rule_that_takes_whole_days_has_its_words() -> None:
    assert set(DAY_WORDS) <= set(WHY)


def test_the_first_video_gives_way_to_a_better_pair() -> None:
    """A day later costs less than a review that departs from its week."""
    assert dates(planned(1, worker=taken("09:00-16:00", day(12, 1)))) == [
        "Wed 25 Nov 10:00", "Wed 2 Dec 10:00",
    ]  # fmt: skip


def test_bank_holidays_are_passed_over_and_the_weekday_comes_back() -> None:
    held = Given(1, at("10:00", day(12, 4)), at("10:00", day(12, 11)))

    found = planned([held, Given(2), Given(3)])

    assert dates(found) == [
        "Fri 18 Dec 10:00", "Thu 24 Dec 10:00", "Thu 31 Dec 10:00", "Fri 8 Jan 10:00",
    ]  # fmt: skip
    assert [p.why for p in found] == [
        (), ("6 days after its video: Fri 25 to Mon 28 Dec, a bank holiday",),
        (), ("8 days after its video: to keep Fridays",),
    ]  # fmt: skip


def test_two_weeks_of_leave_are_waited_for() -> None:
    found = planned(worker=away(day(12, 2), day(12, 16)))

    assert dates(found)[:3] == ["Tue 24 Nov 10:00", "Tue 1 Dec 10:00", "Thu 17 Dec 10:00"]
    assert found[2].why == ("16 days after the review: Wed 2 to Wed 16 Dec, Tamsin is away",)


def test_what_was_chosen_stands_and_the_later_ones_follow_its_weekday_and_time() -> None:
    chosen = Given(1, at("11:00", day(11, 26)))

    assert dates(planned([chosen, Given(2)])) == [
        "Thu 3 Dec 11:00", "Thu 10 Dec 11:00", "Thu 17 Dec 11:00",
    ]  # fmt: skip


def test_proposing_again_from_any_point_gives_the_same() -> None:
    whole = planned(3, worker=away(day(12, 7), day(12, 11)))
    starts = [p.slot.starts_at for p in whole if p.slot]
    for kept in range(1, 3):
        given_ = [Given(n + 1, starts[2 * n], starts[2 * n + 1]) for n in range(kept)]
        given_ += [Given(n) for n in range(kept + 1, 4)]
        again = planned(given_, worker=away(day(12, 7), day(12, 11)))
        assert dates(again) == dates(whole)[2 * kept :]


def test_a_course_in_hand_goes_on_a_week_after_its_last_review() -> None:
    assert dates(planned(1, since=day(11, 25))) == ["Wed 2 Dec 10:00", "Wed 9 Dec 10:00"]
    long_ago = planned(1, since=day(11, 2))
    assert dates(long_ago)[0] == "Tue 24 Nov 10:00"
    assert long_ago[0].why == ("22 days after the review: Mon 23 Nov, too little notice",)


def test_a_review_alone_follows_its_video_and_a_video_alone_precedes_its_review() -> None:
    filmed = Given(1, at("10:00", day(11, 20)))
    assert dates(planned([filmed])) == ["Fri 27 Nov 10:00"]
    reviewing = Given(1, None, at("10:00", day(12, 10)))
    assert dates(planned([reviewing])) == ["Thu 3 Dec 10:00"]
    tomorrow = Given(1, None, at("10:00", day(11, 24)))
    (none,) = planned([tomorrow])
    assert (none.code, none.why) == (STANDS, ("No time is free before its review, which stands.",))


def test_a_review_of_an_old_film_is_the_soonest_there_is() -> None:
    filmed = Given(1, at("10:00", date(2026, 10, 1)))

    (found,) = planned([filmed])

    assert dates([found]) == ["Tue 24 Nov 10:00"]
    assert found.days == 54


def test_what_stands_ahead_is_never_passed() -> None:
    stands = Given(2, at("10:00", day(12, 9)), at("10:00", day(12, 16)))
    fits_between = planned([Given(1), stands])
    assert dates(fits_between) == ["Tue 24 Nov 10:00", "Tue 1 Dec 10:00"]
    soon = Given(2, at("10:00", day(11, 24)), at("10:00", day(12, 1)))
    assert [p.code for p in planned([Given(1), soon])] == [STANDS, STANDS]


def test_cycles_beyond_the_horizon_wait() -> None:
    found = planned(7)

    assert dates(found)[11:] == ["Tue 9 Feb 10:00", TOO_FAR, TOO_FAR]
    assert found[12].why == ("Bookings are taken up to 15 February. Propose it later.",)
    more = planned([*[Given(n) for n in range(1, 9)]])
    assert [p.code for p in more[14:]] == [FOLLOWS, FOLLOWS]
    assert more[14].why == ("It follows cycle 7.",)


def test_no_pair_is_longer_than_the_settings_flag() -> None:
    """She is there on 24 November and on 22 December, 28 days later, and on no other day."""
    away_ = leave(day(11, 25), day(12, 21)), leave(day(12, 23), LAST)

    found = planned(1, worker=replace(TAMSIN, absences=away_))

    assert [p.code for p in found] == [NOTHING, NOTHING]


def test_where_nothing_is_free_it_is_said() -> None:
    assert [p.code for p in planned(1, family_times=times("Sat 10-12"))] == [NOTHING, NOTHING]


def test_the_settings_are_obeyed() -> None:
    rules = RULES.changed(review_target_days=14, next_video_days=21, review_least_working_days=2)

    assert dates(planned(2, rules=rules)) == [
        "Tue 24 Nov 10:00", "Tue 8 Dec 10:00", "Tue 29 Dec 10:00", "Tue 12 Jan 10:00",
    ]  # fmt: skip


# Whatever the days are like, nothing proposed breaks a rule or the rhythm's hard edges.


@st.composite
def busy_days(draw: st.DrawFn) -> tuple[Worker, Wanted, list[Given], date | None]:
    spots = [BASE, NEXT_DOOR, CAMBORNE]
    some_day = st.integers(0, 83).map(lambda n: TODAY + timedelta(days=n))
    stops = []
    for each in draw(st.sets(some_day, max_size=25)):
        begins = clock.midnight(each) + timedelta(hours=9, minutes=15 * draw(st.integers(0, 24)))
        long = timedelta(minutes=15 * draw(st.integers(2, 12)))
        stops.append(Stop(begins, begins + long, draw(st.sampled_from(spots)), travels=True))
    absences = [
        leave(first, first + timedelta(days=draw(st.integers(0, 20))))
        for first in draw(st.lists(some_day, max_size=3))
    ]
    window = st.tuples(st.integers(0, 4), st.integers(36, 60), st.integers(5, 16))
    weekly = draw(st.lists(window, min_size=1, max_size=4))
    times_ = Windows(tuple(Window(w, 15 * s, 15 * (s + n)) for w, s, n in weekly))
    worker = Worker(1, "Tamsin", HOURS, draw(st.sampled_from(spots)), tuple(absences), tuple(stops))
    wanted = replace(
        VISIT,
        spot=draw(st.sampled_from(spots)),
        family_times=draw(st.sampled_from([None, times_])),
        preferred_times=draw(st.sampled_from([None, times("Wed 13-17")])),
    )
    given_ = []
    for number in range(1, draw(st.integers(3, 7)) + 1):
        maybe = st.one_of(st.none(), some_day) if number == 2 else st.none()
        fixed = [draw(maybe) for _ in range(2)]
        starts = [at("17:30", each) if each else None for each in fixed]
        if all(starts) and starts[1] <= starts[0]:
            starts[1] = None
        given_.append(Given(number, *starts))
    return worker, wanted, given_, draw(st.sampled_from([None, date(2026, 11, 18)]))


@given(busy_days())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_nothing_proposed_breaks_a_rule_or_the_order_when_all_are_booked(search) -> None:
    worker, wanted, cycles, since = search
    found = propose(cycles, course(worker, **{n: getattr(wanted, n) for n in CHANGED}), since)
    made = [p for p in found if p.slot]
    in_order(cycles, made, since)
    stops = {
        (p.number, p.kind): Stop(p.slot.starts_at, p.slot.ends_at, wanted.spot, travels=True)
        for p in made
    }
    for p in made:
        span = p.slot.starts_at, p.slot.ends_at
        on = clock.london(span[0]).date()
        others = tuple(stop for key, stop in stops.items() if key != (p.number, p.kind))
        booked = replace(worker, stops=(*worker.stops, *others))
        asked = replace(wanted, family_held=tuple((s.starts_at, s.ends_at) for s in others))
        assert Person(booked, on).can(span, asked)
        assert fits(span, asked, on, NOW, bank_holidays(TODAY, LAST))


CHANGED = ("spot", "family_times", "preferred_times")


def in_order(cycles: Sequence[Given], made: Sequence[Proposal], since: date | None) -> None:
    """What is proposed comes after everything before it and before everything that stands after."""
    starts = {(p.number, p.kind): clock.london(p.slot.starts_at).date() for p in made if p.slot}
    every = []
    for cycle in cycles:
        for kind, fixed in ((VIDEO, cycle.video), (REVIEW, cycle.review)):
            key = cycle.number, kind
            if fixed or key in starts:
                every.append((key, clock.london(fixed).date() if fixed else starts[key]))
    for place, (key, on) in enumerate(every):
        if key in starts:
            assert since is None or on > since
            assert all(before < on for _, before in every[:place])
            assert all(on < after for (_, after) in every[place + 1 :])
    for cycle in cycles:
        filmed = starts.get((cycle.number, VIDEO))
        reviewed = starts.get((cycle.number, REVIEW))
        if filmed and reviewed:
            least = first_review_day(filmed, RULES.review_least_working_days, is_working_day)
            assert least <= reviewed <= filmed + timedelta(days=RULES.review_flag_days)
