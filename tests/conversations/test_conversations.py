"""Arranging, holding and following up a conversation; dropping out; the family's decision."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.leaving import leave_staff
from app.accounts.models import Staff
from app.clock import at_london, london
from app.conversations.after_conversation import record_conversation, record_debrief
from app.conversations.answer_offer import accept_offer
from app.conversations.book_conversation import (
    ConversationTime,
    add_video_link,
    book_conversation,
    live_appointment,
    pick_time,
)
from app.conversations.conversation_slots import free_for_all
from app.conversations.drop_out import family_told, peer_drops_out
from app.conversations.models import Conversation, Offer
from app.conversations.waiting import waiting
from app.db import db, transact
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.merge import merge_families
from app.families.models import Carer
from app.peers.change_peer import pause_peer, peer_leaves
from app.peers.exclusions import exclude
from app.peers.models import Exclusion
from app.scheduling.models import Appointment, Reservation
from app.scheduling.move import Change, move
from app.scheduling.outcome import record_outcome
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.conversations.arranging import FIRST, SECOND, agreed, said, sent, tasks, texts

AFTER = FIRST + timedelta(hours=2)


def booked(cast: Cast, **more) -> Conversation:
    conversation = agreed(cast)
    wanted = ConversationTime(starts_at=FIRST, **more)
    transact(lambda: book_conversation(conversation, wanted, by=cast.jago, at=NOW))
    return conversation


def held(cast: Cast, **more) -> Conversation | None:
    conversation = booked(cast)
    return transact(
        lambda: record_conversation(conversation, "held", by=cast.jago, at=AFTER, **more)
    )


def test_a_booked_conversation_holds_host_family_and_peer_and_reminds_both(asking: Cast) -> None:
    conversation = booked(asking)

    appointment = live_appointment(conversation)
    assert (appointment.status, appointment.how, appointment.conversation_id) == (
        "booked", "phone", conversation.id,
    )  # fmt: skip
    assert db.session.query(Reservation).count() == 3
    told = {(t.purpose, t.recipient_kind) for t in texts() if t.about_kind == "appointment"}
    assert ("conversation_booked", "carer") in told
    assert ("conversation_reminder", "peer") in told


def test_where_neither_side_may_be_texted_each_is_rung(asking: Cast) -> None:
    hannah = db.session.scalars(select(Carer).where(Carer.family_id == asking.hannah.id)).one()
    hannah.safe_to_text = asking.chloe.safe_to_text = "no"
    db.session.commit()

    booked(asking)

    calls = [(task.family_id, task.peer_id) for task in tasks("ring") if "booked" in task.words]
    assert calls == [(asking.hannah.id, None), (None, asking.chloe.id)]


def test_the_family_picks_one_of_the_peers_times(asking: Cast) -> None:
    conversation = agreed(asking)

    transact(lambda: pick_time(conversation, FIRST, by="carer:1", at=NOW))

    assert live_appointment(conversation).starts_at == FIRST
    assert [t.state for t in texts("choose_time")] == ["cancelled"]


def test_the_family_cannot_pick_what_the_peer_did_not_tick(asking: Cast) -> None:
    conversation = agreed(asking)

    with pytest.raises(DomainError, match="not one of those offered"):
        transact(lambda: pick_time(conversation, SECOND, by="carer:1", at=NOW))


def test_a_conversation_is_booked_once(asking: Cast) -> None:
    conversation = booked(asking)

    with pytest.raises(DomainError, match="agreed already"):
        transact(
            lambda: book_conversation(
                conversation, ConversationTime(starts_at=SECOND), by=asking.jago, at=NOW
            )
        )


def test_a_pair_kept_apart_since_is_not_booked(asking: Cast) -> None:
    conversation = agreed(asking)
    exclude(asking.chloe, asking.hannah, "we just learned of it", by=asking.morwenna, at=NOW)
    db.session.commit()

    with pytest.raises(DomainError, match="manager has to look"):
        transact(
            lambda: book_conversation(
                conversation, ConversationTime(starts_at=FIRST), by=asking.jago, at=NOW
            )
        )
    assert [t.urgent for t in tasks("to_check")] == [True]


def test_a_conversation_by_video_without_its_link_tells_nobody_until_it_has_one(
    asking: Cast,
) -> None:
    conversation = booked(asking, how="video")
    assert live_appointment(conversation).status == "provisional"
    assert texts("conversation_booked") == []

    transact(
        lambda: add_video_link(
            conversation, "https://video.example.org/room", by=asking.jago, at=NOW
        )
    )

    assert live_appointment(conversation).status == "booked"
    assert len(texts("conversation_booked")) == 2


def test_a_held_conversation_ends_its_appointment_and_frees_the_family(asking: Cast) -> None:
    held(asking, how_family="Glad to hear it from somebody who knows")

    conversation = db.session.query(Conversation).one()
    assert (conversation.outcome, conversation.held_on) == ("held", date(2026, 11, 26))
    assert db.session.query(Appointment).one().status == "done"
    assert db.session.query(Offer).one().open_family is None


def test_a_held_conversation_asks_for_a_debrief_and_for_the_decision(asking: Cast) -> None:
    held(asking)

    assert {item.kind for item in waiting(AFTER)} == {"debrief", "decision_due"}


def test_the_decision_once_recorded_is_not_asked_for(asking: Cast) -> None:
    held(asking)
    transact(
        lambda: record_choice(
            asking.hannah, "yes", on=date(2026, 11, 26), how="phone", by=asking.jago, at=AFTER
        )
    )

    assert {item.kind for item in waiting(AFTER)} == {"debrief"}


def test_another_conversation_of_the_same_two_is_to_be_arranged(asking: Cast) -> None:
    following = held(asking, wants_another=True)

    assert (following.peer_id, following.number) == (asking.chloe.id, 2)
    assert {item.kind for item in waiting(AFTER)} == {"debrief", "date_due"}


@pytest.mark.parametrize("outcome", ["family_absent", "peer_absent", "not_held"])
def test_a_conversation_that_was_not_held_leaves_nothing_to_book_again(
    asking: Cast, outcome: str
) -> None:
    from app.scheduling.waiting import waiting as appointments_waiting

    conversation = booked(asking)

    transact(lambda: record_conversation(conversation, outcome, by=asking.jago, at=AFTER))

    assert conversation.held_on is None
    assert appointments_waiting(AFTER) == []


def test_a_conversation_that_has_not_begun_was_not_held(asking: Cast) -> None:
    conversation = booked(asking)

    with pytest.raises(DomainError, match="not begun"):
        transact(lambda: record_conversation(conversation, "held", by=asking.jago, at=NOW))


def test_a_worry_in_the_debrief_is_rung_about_and_written_nowhere(asking: Cast) -> None:
    held(asking)
    conversation = db.session.query(Conversation).one()

    transact(
        lambda: record_debrief(
            conversation, by=asking.jago, at=AFTER, how_peer="hard", worried=True
        )
    )

    (task,) = tasks("danger")
    assert task.urgent
    assert "hard" not in task.words
    assert {item.kind for item in waiting(AFTER)} == {"decision_due"}


def test_a_peer_who_drops_out_within_a_day_puts_ring_the_family_on_top(asking: Cast) -> None:
    conversation = booked(asking)
    soon = FIRST - timedelta(hours=1)
    before = len(texts())

    ready = transact(lambda: peer_drops_out(conversation, by="peer:1", at=soon))

    (task,) = tasks("ring")
    assert (task.urgent, task.due_at, task.family_id) == (True, soon, asking.hannah.id)
    assert task.words.startswith("Ring the family now. ")
    assert len(texts()) == before
    assert all(t.state == "cancelled" for t in texts() if t.about_kind == "appointment")
    assert db.session.query(Appointment).one().cancel_reason == "peer_dropped_out"
    assert db.session.query(Reservation).count() == 0
    assert ready.peer_id == asking.yusuf.id


def test_a_peer_who_drops_out_days_before_is_no_alarm(asking: Cast) -> None:
    conversation = booked(asking)

    transact(lambda: peer_drops_out(conversation, by="peer:1", at=NOW))

    assert [t.urgent for t in tasks("ring")] == [False]


def test_the_call_made_closes_the_task(asking: Cast) -> None:
    conversation = booked(asking)
    transact(lambda: peer_drops_out(conversation, by="peer:1", at=NOW))

    transact(lambda: family_told(conversation, by=asking.jago, at=NOW))

    assert tasks("ring") == []


@pytest.mark.parametrize("step", ["no", "not_now"])
def test_a_family_that_says_no_ends_the_open_offer(asking: Cast, step: str) -> None:
    sent(asking)

    decide(asking, step)

    assert [o.state for o in db.session.query(Offer)] == ["taken_back"]


def test_a_family_that_says_no_cancels_the_conversation_kindly_for_both(asking: Cast) -> None:
    booked(asking)

    decide(asking, "no")

    told = {t.recipient_kind for t in texts("conversation_cancelled")}
    assert told == {"carer", "peer"}
    assert waiting(NOW) == []


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("step", ["no", "not_now"])
def test_a_conversation_that_has_begun_still_waits_for_how_it_went(
    asking: Cast, recorded: bool, step: str
) -> None:
    conversation = booked(asking)
    appointment = live_appointment(conversation)
    if recorded:
        transact(lambda: record_outcome(appointment, "done", by=asking.jago, at=AFTER))

    decide(asking, step, at=AFTER)

    assert appointment.status == ("done" if recorded else "booked")
    assert conversation.outcome == ("held" if recorded else None)
    (item,) = [item for item in waiting(AFTER) if item.kind == "outcome_due"]
    assert item.why.startswith("The conversation on Thu 26 Nov")
    assert texts("conversation_cancelled") == []


def decide(cast: Cast, step: str, at: datetime = NOW) -> None:
    again = date(2027, 1, 5) if step == "not_now" else None
    transact(
        lambda: record_choice(
            cast.hannah, step, on=london(at).date(), how="phone", by=cast.jago, at=at,
            ask_again_on=again,
        )
    )  # fmt: skip


def test_a_break_is_a_no_to_the_open_offer(asking: Cast) -> None:
    sent(asking)

    transact(lambda: pause_peer(asking.chloe, until=None, by=asking.jago, at=NOW))

    assert sorted(o.state for o in db.session.query(Offer)) == ["declined", "draft"]


def test_leaving_gives_up_the_conversation_and_rings_the_family(asking: Cast) -> None:
    booked(asking)

    transact(lambda: peer_leaves(asking.chloe, by=asking.jago, at=NOW))

    assert [t.about_kind for t in tasks("ring")] == ["conversation"]
    assert db.session.scalars(select(Reservation)).all() == []


def test_who_leaves_after_a_conversation_has_not_dropped_out_of_it(asking: Cast) -> None:
    conversation = booked(asking)

    transact(lambda: peer_leaves(asking.chloe, by=asking.jago, at=AFTER))

    assert (conversation.dropped_out_at, tasks("ring")) == (None, [])
    with pytest.raises(DomainError, match="Record how it went"):
        transact(lambda: peer_drops_out(conversation, by=asking.jago, at=AFTER))


def test_who_leaves_the_team_hands_over_the_conversations_they_would_hold(asking: Cast) -> None:
    conversation = agreed(asking)
    with pytest.raises(DomainError, match="1 conversation"):
        transact(lambda: leave_staff(asking.jago, hand_to=None, by=asking.morwenna, at=NOW))

    transact(lambda: leave_staff(asking.jago, hand_to=asking.tamsin, by=asking.morwenna, at=NOW))

    picked = transact(lambda: pick_time(conversation, FIRST, by="carer:1", at=NOW))
    assert (conversation.host_id, picked.staff_id) == (asking.tamsin.id, asking.tamsin.id)


def test_a_family_that_wants_to_talk_waits_for_its_first_offer(asking: Cast) -> None:
    said(asking, "thinking", asking.jodie)

    (item,) = waiting(NOW)
    assert (item.kind, item.family_id, item.endpoint) == (
        "offer_due", asking.hannah.id, "conversations.match",
    )  # fmt: skip


def test_a_sent_offer_waits_for_nobody_here(asking: Cast) -> None:
    sent(asking)

    assert waiting(NOW) == []


def test_a_yes_waits_for_a_date(asking: Cast) -> None:
    agreed(asking)

    assert [item.kind for item in waiting(NOW)] == ["date_due"]


EVENING = at_london(date(2026, 11, 26), time(18, 30))


def test_an_evening_that_was_offered_and_taken_is_booked_without_another_reason(
    asking: Cast,
) -> None:
    offer = sent(asking, times=[EVENING])
    conversation = transact(
        lambda: accept_offer(offer, [EVENING], by="peer:1", at=NOW, how="phone")
    )

    transact(
        lambda: book_conversation(
            conversation, ConversationTime(starts_at=EVENING), by=asking.jago, at=NOW
        )
    )

    made = live_appointment(conversation)
    assert (made.starts_at, made.override_reason) == (EVENING, "Offered by Jago Penrose")


def test_an_evening_that_nobody_offered_needs_a_reason(asking: Cast) -> None:
    conversation = agreed(asking)
    later = ConversationTime(starts_at=EVENING + timedelta(hours=1))

    with pytest.raises(DomainError, match="Give a reason"):
        transact(lambda: book_conversation(conversation, later, by=asking.jago, at=NOW))


@pytest.mark.parametrize("said_of_the_twin", [True, False])
@pytest.mark.parametrize("booked_already", [True, False])
def test_joining_records_ends_what_is_open_with_whom_either_is_kept_apart(
    asking: Cast, said_of_the_twin: bool, booked_already: bool
) -> None:
    asked, twin = asking.hannah, asking.jodie
    duplicate, into = (twin, asked) if said_of_the_twin else (asked, twin)
    if booked_already:
        booked(asking)
    else:
        sent(asking)
    db.session.add(
        Exclusion(
            peer_id=asking.chloe.id, family_id=twin.id,
            reason="a long dispute", by="Jago Penrose", at=NOW,
        )
    )  # fmt: skip
    db.session.commit()

    transact(lambda: merge_families(duplicate, into, by=asking.jago, at=NOW))

    if booked_already:
        assert [task.urgent for task in tasks("to_check") if "looked at again" in task.words]
    else:
        assert db.session.scalars(select(Offer.state)).all() == ["taken_back"]


def test_a_peer_parent_never_meets_a_family_at_its_home(
    asking: Cast, sign_in: Callable[[Staff], FlaskClient]
) -> None:
    home = asking.hannah.home_id
    conversation = agreed(asking)
    at_home = ConversationTime(starts_at=FIRST, how="in_person", place_id=home)
    with pytest.raises(DomainError, match="never visits a home"):
        transact(lambda: book_conversation(conversation, at_home, by=asking.jago, at=NOW))

    by_phone = ConversationTime(starts_at=FIRST)
    made = transact(lambda: book_conversation(conversation, by_phone, by=asking.jago, at=NOW))

    change = Change(starts_at=SECOND, how="in_person", place_id=home, override_reason="They asked")
    with pytest.raises(DomainError, match="never visits a home"):
        transact(lambda: move(made, change, by=asking.jago, at=NOW))
    assert "At home" not in sign_in(asking.jago).get(f"/appointments/{made.id}/move").text


def test_moved_before_they_were_told_both_sides_are_told_of_a_booking(
    asking: Cast,
) -> None:
    conversation = booked(asking)
    appointment = live_appointment(conversation)
    assert appointment is not None

    change = Change(starts_at=SECOND, override_reason="They asked")
    transact(lambda: move(appointment, change, by=asking.jago, at=NOW))

    told = {
        (t.purpose, t.recipient_kind)
        for t in texts(state="ready")
        if t.about_kind == "appointment" and "reminder" not in t.purpose
    }
    assert told == {("conversation_booked", "carer"), ("conversation_booked", "peer")}


def test_finds_evenings_that_lie_outside_the_hosts_hours(asking: Cast) -> None:
    asking.hannah.free_times = read_windows("Mon-Fri 18:00-20:00")
    db.session.commit()

    free = free_for_all(asking.hannah.id, asking.chloe.id, asking.jago.id, at=NOW)

    assert {london(one.starts_at).hour for one in free} == {18}
    assert all(one.outside for one in free)
