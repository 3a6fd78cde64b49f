"""Peer parents: added, changed, resting, leaving, kept apart; whether they may be texted."""

from datetime import date

import pytest

from app.db import db, transact
from app.errors import DomainError, Stale
from app.families.models import Carer
from app.peers.add_peer import add_peer, become_peer
from app.peers.change_peer import change_peer, pause_peer, peer_leaves, resume_peer
from app.peers.exclusions import exclude, exclusions_of, lift
from app.peers.models import Exclusion, Peer
from app.peers.recipient import peer_recipient
from app.peers.waiting import waiting
from app.peers.weekly_ticks import ticks_of, windows_from
from app.windows import read_windows
from tests.cast import NOW, Cast


def changed(cast: Cast, **given) -> list[str]:
    return transact(lambda: change_peer(cast.chloe, by=cast.jago, at=NOW, **given))


def test_nothing_about_texting_is_assumed(cast: Cast) -> None:
    made = transact(
        lambda: add_peer(by=cast.jago, at=NOW, first_name="Perran", mobile="07700 900 321")
    )

    assert (made.safe_to_text, made.mobile) == ("not_asked", "+447700900321")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"first_name": "P", "mobile": "0770"}, "mobile"),
        ({"first_name": "P", "safe_to_text": "yes"}, "mobile"),
        ({"first_name": "P", "safe_to_text": "maybe"}, "safe_to_text"),
        ({"first_name": "P", "monthly_limit": -1}, "monthly_limit"),
        ({"first_name": "P", "ways_to_talk": ["pigeon"]}, "ways_to_talk"),
    ],
)
def test_what_no_form_offers_is_refused_beside_its_field(
    cast: Cast, given: dict, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        transact(lambda: add_peer(by=cast.jago, at=NOW, **given))
    assert refused.value.field == field


def test_only_what_is_so_may_be_told(cast: Cast) -> None:
    changed(cast, circumstances=["twins"], may_be_told=["twins", "adoption"])

    assert cast.chloe.may_be_told == ["twins"]


def test_another_number_is_not_asked_about_texting(cast: Cast) -> None:
    changed(cast, mobile="07700 900 321")

    assert cast.chloe.safe_to_text == "not_asked"


def test_a_form_of_an_older_version_is_refused(cast: Cast) -> None:
    changed(cast, notes="Prefers short calls")

    with pytest.raises(Stale):
        changed(cast, notes="Other", expect_version=1)


@pytest.mark.parametrize(("until", "status"), [(None, "paused"), (date(2027, 1, 31), "active")])
def test_a_break_until_a_day_or_until_they_say(cast: Cast, until, status: str) -> None:
    transact(lambda: pause_peer(cast.chloe, until=until, by=cast.jago, at=NOW))
    assert (cast.chloe.status, cast.chloe.break_until) == (status, until)

    transact(lambda: resume_peer(cast.chloe, by=cast.jago, at=NOW))
    assert (cast.chloe.status, cast.chloe.break_until) == ("active", None)


def test_leaving_removes_the_story_and_keeps_the_numbers(cast: Cast) -> None:
    changed(cast, introduction="We adopted", notes="kind", limits=["not about sleep"])

    transact(lambda: peer_leaves(cast.chloe, by=cast.jago, at=NOW))

    peer = cast.chloe
    assert (peer.introduction, peer.notes, peer.circumstances, peer.limits) == (None, None, [], [])
    assert (peer.vig_cycles, peer.trained_on, peer.child_age_then) == (4, date(2026, 5, 1), 24)
    assert peer_recipient(peer.id).refusal is not None


@pytest.mark.parametrize("safe", ["no", "not_asked"])
def test_only_a_clear_yes_to_texting_is_one(cast: Cast, safe: str) -> None:
    assert peer_recipient(cast.chloe.id).refusal is None

    changed(cast, safe_to_text=safe)

    assert peer_recipient(cast.chloe.id).refusal is not None


def test_a_number_on_another_record_is_not_texted(cast: Cast) -> None:
    changed(cast, mobile="07700 900 017", safe_to_text="yes")

    assert "another record" in peer_recipient(cast.chloe.id).refusal


def test_a_carer_who_becomes_a_peer_closes_their_familys_record(cast: Cast) -> None:
    carer = db.session.query(Carer).filter_by(family_id=cast.hannah.id).one()

    made = transact(lambda: become_peer(carer, by=cast.morwenna, at=NOW))

    assert (made.family_id, made.first_name) == (cast.hannah.id, "Hannah")
    assert cast.hannah.closed_to_matchers
    with pytest.raises(DomainError, match="already"):
        transact(lambda: become_peer(carer, by=cast.morwenna, at=NOW))


def test_who_left_may_become_a_peer_parent_again(cast: Cast) -> None:
    carer = db.session.query(Carer).filter_by(family_id=cast.hannah.id).one()
    before = transact(lambda: become_peer(carer, by=cast.morwenna, at=NOW))
    transact(lambda: peer_leaves(before, by=cast.morwenna, at=NOW))

    again = transact(lambda: become_peer(carer, by=cast.morwenna, at=NOW))

    assert (again.status, before.status) == ("active", "left")


def test_coordinators_keep_apart_and_only_managers_read_why_and_lift(cast: Cast) -> None:
    transact(lambda: exclude(cast.chloe, cast.hannah, "a long dispute", by=cast.jago, at=NOW))

    assert [p.reason for p in exclusions_of(cast.chloe, cast.jago)] == [None]
    assert [p.reason for p in exclusions_of(cast.chloe, cast.morwenna)] == ["a long dispute"]
    pair = db.session.query(Exclusion).one()
    with pytest.raises(DomainError, match="Only a manager"):
        transact(lambda: lift(pair, by=cast.jago, at=NOW))
    transact(lambda: lift(pair, by=cast.morwenna, at=NOW))
    assert db.session.query(Exclusion).count() == 0


def test_a_pair_is_kept_apart_once_and_with_a_reason(cast: Cast) -> None:
    with pytest.raises(DomainError, match="10 characters"):
        transact(lambda: exclude(cast.chloe, cast.hannah, "because", by=cast.jago, at=NOW))
    transact(lambda: exclude(cast.chloe, cast.hannah, "a long dispute", by=cast.jago, at=NOW))
    with pytest.raises(DomainError, match="kept apart already"):
        transact(lambda: exclude(cast.chloe, cast.hannah, "a long dispute", by=cast.jago, at=NOW))


def test_checks_that_end_within_30_days_wait_for_a_person(cast: Cast) -> None:
    assert waiting(NOW) == []

    changed(cast, checks_until=date(2026, 12, 10), training_until=date(2026, 12, 24))

    (item,) = waiting(NOW)
    assert (item.kind, item.peer_id) == ("checks_due", cast.chloe.id)
    assert item.why == "Checks end Thu 10 Dec."


@pytest.mark.parametrize("unchanged", ["Mon 9:15-11:50; Tue evenings", "Sat, Sun 13-16"])
def test_ticks_that_were_not_changed_keep_the_minutes(unchanged: str) -> None:
    present = read_windows(unchanged)

    assert windows_from(ticks_of(present), present) == present


def test_a_new_tick_is_a_whole_part_and_the_others_stay() -> None:
    present = read_windows("Mon 9:15-11:50")

    made = windows_from({(0, "morning"), (2, "evening")}, present)

    assert made.words() == "Mon 09:15–11:50, Wed 17:00–20:00"


def test_a_peer_is_found_by_name_without_accents(cast: Cast) -> None:
    from app.peers.queries import find_peers

    transact(lambda: add_peer(by=cast.jago, at=NOW, first_name="Anaïs", surname="O’Neill"))

    assert [p.first_name for p in find_peers(cast.jago, "anais oneill")] == ["Anaïs"]
    assert [p.id for p in find_peers(cast.jago, "900 447")] == [cast.chloe.id]
    assert find_peers(cast.tamsin, "anais") == []
    assert db.session.query(Peer).count() == 3
