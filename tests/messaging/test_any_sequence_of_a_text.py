"""Whatever happens to a text in whatever order, its row never leaves the table of states and the
provider never gets it twice: claims, answers and no answers, senders that sleep or die, receipts in
any order and more than once, leases that run out, lists, people who hold, release, hurry and stop.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.db import db, transact
from app.errors import DomainError
from app.messaging import holding, send
from app.messaging.claim import claim_next
from app.messaging.models import Outbox
from app.messaging.outbox import drop_waiting
from app.messaging.outcomes import apply_status
from app.messaging.states import GONE, SAID, may_go
from app.messaging.transports import Lost, Outcome, Parcel, Trace
from tests.cast import NOW
from tests.messaging.steps import forget, stored

STATUSES = ("queued", "sending", "sent", "delivered", "undelivered", "failed")
WAITS = (timedelta(seconds=20), timedelta(seconds=70), timedelta(minutes=6), timedelta(hours=1))
NUMBERS = count(1)
BEGINS_WITHIN = timedelta(seconds=15)  # a quarter of the lease, which `send.attempted` keeps
# What became of a post: what its sender is told, and whether the provider has the text.
ANSWERS = {
    "accepted": (Outcome("accepted", sid="SM{}"), True),
    "slow down": (Outcome("again", "slow down"), False),
    "refused": (Outcome("refused", "no such number", code="21211"), False),
    "lost after": (Outcome("unknown", "no answer"), True),
    "lost before": (Outcome("unknown", "no answer"), False),
    "late": (Outcome("unknown", "no answer"), None),
}


@dataclass
class World:
    """One row, its provider, and the senders that had it in hand. `has` are the attempts of which
    the provider has the text; `coming`, those that it will have a moment later.
    """

    row_id: int
    about: int
    now: datetime = NOW
    parcels: list[tuple[Parcel, datetime]] = field(default_factory=list)
    posted: list[tuple[Parcel, Outcome]] = field(default_factory=list)
    has: list[int] = field(default_factory=list)
    coming: list[int] = field(default_factory=list)
    paced = False

    def send(self, parcel: Parcel) -> Outcome:
        raise AssertionError("senders post by an event of their own")

    def find(self, lost: Lost) -> Trace:
        sid = f"SM{self.row_id}.{lost.attempt}"
        return (
            Trace("found", sid=sid, status="sent") if lost.attempt in self.has else Trace("absent")
        )


def claim(world: World, _: int) -> None:
    found = claim_next(f"sender {len(world.parcels)}", at=world.now)
    if isinstance(found, Parcel):
        world.parcels.append((found, world.now))


def post(world: World, which: int) -> None:
    """The oldest sender with the row in hand posts it, or finds that it slept for too long."""
    if not world.parcels:
        return
    parcel, claimed_at = world.parcels.pop(0)
    if world.now - claimed_at > BEGINS_WITHIN:
        world.posted.append((parcel, Outcome("again", "held up")))
        return
    outcome, has = list(ANSWERS.values())[which % len(ANSWERS)]
    if has:
        world.has.append(parcel.attempt)
    elif has is None:
        world.coming.append(parcel.attempt)
    sid = f"SM{world.row_id}.{parcel.attempt}" if outcome.kind == "accepted" else None
    world.posted.append((parcel, Outcome(outcome.kind, outcome.words, sid=sid, code=outcome.code)))


def record(world: World, _: int) -> None:
    if world.posted:
        send.record(world.posted.pop(0), at=world.now)


def die(world: World, which: int) -> None:
    """A sender is killed: what it had in hand, or was about to write down, is forgotten."""
    for held in (world.parcels, world.posted):
        if held and which % 2:
            held.pop()


def wait(world: World, which: int) -> None:
    world.now += WAITS[which % len(WAITS)]
    world.has += world.coming
    world.coming.clear()


def receipt(world: World, which: int) -> None:
    """Of any attempt that the provider has, any status, any number of times."""
    for attempt in world.has[which % 2 :]:
        status = STATUSES[which % len(STATUSES)]
        sid = f"SM{world.row_id}.{attempt}"
        at = world.now
        transact(
            lambda: apply_status(world.row_id, attempt, status, sid=sid, code=None, at=at)  # noqa: B023
        )


def lease(world: World, _: int) -> None:
    send.expire_next(at=world.now)


def look(world: World, _: int) -> None:
    send.reconcile_next("who looks", at=world.now)


def drop(world: World, _: int) -> None:
    about = ("appointment", world.about)
    transact(lambda: drop_waiting(about, reason="It was moved.", at=world.now))


def expire_held(world: World, _: int) -> None:
    send.expire_held_next(at=world.now)


def person(world: World, which: int) -> None:
    acts = (holding.hold_text, holding.release_text, holding.send_now, holding.stop_text)
    try:
        transact(
            lambda: acts[which % len(acts)](
                db.session.get_one(Outbox, world.row_id), by="staff:1", at=world.now
            )
        )
    except DomainError:
        db.session.rollback()


EVENTS: tuple[Callable[[World, int], None], ...] = (
    claim, post, record, die, wait, receipt, lease, look, drop, expire_held, person,
)  # fmt: skip
ORDINARY = st.sampled_from([claim, post, record, wait, lease, look])
steps = st.lists(
    st.tuples(st.one_of(ORDINARY, st.sampled_from(EVENTS)), st.integers(0, 11)), max_size=40
)


# A sender sleeps until another has looked for its text in vain, and has it in hand.
SLEEPER = [
    (claim, 0), (wait, 1), (lease, 0), (wait, 2), (look, 0), (claim, 0), (post, 0), (post, 0),
]  # fmt: skip


def is_kept(world: World, before: str, event: Callable[[World, int], None]) -> str:
    state = stored(world.row_id).state
    assert state == before or may_go(before, state), f"{event.__name__}: {before} to {state}"
    assert len(world.has) + len(world.coming) <= 1, f"{event.__name__}: texted twice"
    return state


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
@example(SLEEPER)
def test_no_sequence_leaves_the_table_or_texts_twice(
    app: Flask, queue: Callable[..., int], sequence: list[tuple[Callable[..., None], int]]
) -> None:
    db.session.rollback()
    number = next(NUMBERS)
    world = World(
        queue(
            number, to=("carer", number % 999 + 1), dedupe=f"sequence {number}", now=True,
            expires_at=NOW + timedelta(hours=9),
        ),
        number,
    )  # fmt: skip
    app.extensions["transports"] = {"text": world, "email": world}
    try:
        state = "ready"
        for event, which in sequence:
            event(world, which)
            forget()
            state = is_kept(world, state, event)
        end(world, state)
    finally:
        del app.extensions["transports"]
        transact(lambda: db.session.delete(db.session.get_one(Outbox, world.row_id)))


def end(world: World, state: str) -> None:
    """Every sender dies, a day passes, and who comes after finishes: nothing is left in between,
    and what the row says is what the provider has.
    """
    world.parcels.clear()
    world.posted.clear()
    for _ in range(4):
        for event in (wait, lease, look):
            event(world, 2)
            forget()
            state = is_kept(world, state, event)
    assert state not in ("sending", "unknown")
    if state in GONE:
        assert len(world.has) == 1
    if world.has:
        assert state in SAID
