"""Raising alarms, texting them, taking them.

Raising and texting are two transactions each: an alarm stands even where no text can be made, and
a text that could not be queued is tried at the next look. Nothing here reads what another job
keeps.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Staff
from app.accounts.queries import managers
from app.audit.record import actor, record
from app.db import db, hold, transact
from app.errors import DomainError
from app.lone_working import ladder, queries
from app.lone_working.models import Alarm, Watch
from app.lone_working.told import OnCall, told
from app.messaging.outbox import queue_text
from app.risk.duty import covering
from app.settings import store

log = logging.getLogger("app.watch")

OF_USE = timedelta(hours=12)  # after that a text about an alarm would only puzzle


def raise_due_alarms(at: datetime) -> int:
    """Raise every step that is due, each watch in a transaction of its own; answers how many.

    One watch that cannot be raised does not hold up another; its failure is raised at the end, so
    that the watch's beat is missing and every page says so.
    """
    ids = db.session.scalars(
        select(Watch.id)
        .where(Watch.closed_at.is_(None), or_(Watch.due_in <= at, Watch.due_out <= at))
        .order_by(Watch.due_out)
    ).all()
    db.session.rollback()
    made, failure = 0, None
    for watch_id in ids:
        try:
            made += transact(partial(raise_steps, watch_id, at=at))
        except Exception as error:
            log.error("the alarms of watch %s failed: %s", watch_id, type(error).__name__)
            failure = error
    if failure:
        raise failure
    return made


def raise_steps(watch_id: int, *, at: datetime) -> int:
    """Raise what is due for one watch, as it is stored now."""
    watch = db.session.get(Watch, watch_id)
    if watch is None:
        return 0
    hold(watch)
    raised = queries.alarms_of([watch_id])[watch_id]
    due = ladder.due_steps(queries.sight(watch, raised), store.current(), at)
    return sum(raise_step(watch, step.name, step.expected, by="job:watch", at=at) for step in due)


def raise_step(watch: Watch, step: str, expected: datetime, *, by: Any, at: datetime) -> int:
    """Store one alarm; 0 where another worker has raised it."""
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.add(Alarm(watch_id=watch.id, step=step, expected=expected, raised_at=at))
    except IntegrityError:
        return 0
    record("alarm:raised", watch, by=by, at=at, step=step)
    return 1


def call_for_help(watch: Watch, *, by: Any, at: datetime) -> None:
    """The worker asks for help, now: the duty manager and the buddy are texted at the next look."""
    hold(watch)
    if watch.closed_at is None:
        raise_step(watch, ladder.HELP, at, by=by, at=at)


def text_alarms(at: datetime) -> int:
    """Queue the texts of alarms that have none yet, and those of *all managers* again while nobody
    has taken it; answers how many alarms. A failure is logged, and tried again at the next look."""
    again = timedelta(minutes=store.current().alarm_again_minutes)
    ids = db.session.scalars(
        select(Alarm.id)
        .join(Watch, Watch.id == Alarm.watch_id)
        .where(
            Watch.closed_at.is_(None),
            Alarm.texted_at.is_(None)
            | (
                (Alarm.step == ladder.ALL_MANAGERS)
                & Alarm.acknowledged_at.is_(None)
                & (Alarm.texted_at <= at - again)
            ),
        )
        .order_by(Alarm.id)
    ).all()
    db.session.rollback()
    done = 0
    for alarm_id in ids:
        try:
            done += transact(partial(text_alarm, alarm_id, at=at))
        except Exception as error:
            log.error("the texts of alarm %s failed: %s", alarm_id, type(error).__name__)
    return done


def text_alarm(alarm_id: int, *, at: datetime) -> int:
    """Queue the texts of one alarm to whom its step tells; 0 where it has been answered, or where
    nobody could be texted (tried again, in case somebody's number is put in)."""
    alarm = db.session.get(Alarm, alarm_id)
    watch = db.session.get(Watch, alarm.watch_id) if alarm else None
    if alarm is None or watch is None:
        return 0
    if not ladder.is_live(alarm.step, alarm.expected, queries.sight(watch, [])):
        return 0
    texts = told(alarm.step, watch.staff_id, on_call(at))
    for purpose, staff_id in texts:
        queue_text(
            purpose, about=("watch", watch.id), to=("staff", staff_id), due_at=at,
            expires_at=at + OF_USE, at=at, payload={"alarm": alarm.id},
            dedupe=f"alarm:{alarm.id}:{purpose}:{staff_id}:{alarm.times_texted}",
        )  # fmt: skip
    if texts:
        alarm.texted_at, alarm.times_texted = at, alarm.times_texted + 1
    return int(bool(texts))


def on_call(at: datetime) -> OnCall:
    """Who can be texted now: whoever works here and has a mobile."""
    manager, buddy = covering(at, store.current())
    return OnCall(
        manager_id=manager.id if reachable(manager) and manager else None,
        buddy_id=buddy.id if reachable(buddy) and buddy else None,
        manager_ids=tuple(person.id for person in managers() if reachable(person)),
    )


def reachable(person: Staff | None) -> bool:
    return bool(person and person.active and person.mobile)


def acknowledge_alarm(watch: Watch, *, by: Any, at: datetime) -> None:
    """Somebody takes the alarm: their name stands beside it from now on.

    It still escalates at its times until it is closed, for whoever took it may need help; taking it
    over from somebody is the same act. Not by the person whom it is about.
    """
    hold(watch)
    if watch.closed_at is not None:
        raise DomainError("This alarm is closed: they are known to be safe.")
    if actor(by) == f"staff:{watch.staff_id}":
        raise DomainError("It is about you. Check out, or ring the person on duty.")
    raise_steps(watch.id, at=at)  # also where the watch itself has stopped
    alarms = queries.alarms_of([watch.id])[watch.id]
    seen = queries.sight(watch, alarms)
    live = [
        alarm
        for alarm in alarms
        if alarm.step in ladder.ALARMS and ladder.is_live(alarm.step, alarm.expected, seen)
    ]
    if not live:
        raise DomainError("There is no alarm about this visit now.")
    for alarm in live:
        alarm.acknowledged_at, alarm.acknowledged_by_id = at, by.id
        record("alarm:acknowledged", watch, by=by, at=at, step=alarm.step)
