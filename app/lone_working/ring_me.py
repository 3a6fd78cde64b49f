"""An innocent way out: the buddy is asked to ring the worker now."""

from datetime import datetime, timedelta

from app.errors import DomainError
from app.lone_working.alarms import on_call
from app.lone_working.check_ins import refuse_closed
from app.lone_working.models import Watch
from app.messaging.outbox import queue_text

OF_USE = timedelta(minutes=30)


def ask_to_be_rung(watch: Watch, *, at: datetime) -> None:
    """Text the buddy, else the duty manager, else all managers, to ring this worker now. Once a
    minute, however often it is pressed."""
    refuse_closed(watch)
    others = on_call(at).without(watch.staff_id)
    helper = others.buddy_id or others.manager_id
    people = [helper] if helper else list(others.manager_ids)
    if not people:
        raise DomainError("Nobody with a mobile is on duty. Ring the office.")
    for staff_id in people:
        queue_text(
            "ring_me", about=("watch", watch.id), to=("staff", staff_id), due_at=at,
            expires_at=at + OF_USE, at=at,
            dedupe=f"watch:{watch.id}:ring_me:{staff_id}:{at:%Y%m%d%H%M}",
        )  # fmt: skip
