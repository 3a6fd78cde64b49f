"""Who may open a visit's page and act on it: those who arrange, whoever is on duty, and the workers
of the visit themselves.

On the shared board every member of staff sees reference and town.
"""

from datetime import datetime

from flask import g, has_app_context

from app.access import ARRANGERS, User
from app.lone_working.models import Watch
from app.risk.duty import covering
from app.settings import store


def on_duty_ids(at: datetime) -> set[int]:
    if has_app_context() and "on_duty_ids" in g:
        known: set[int] = g.on_duty_ids
        return known
    found = {person.id for person in covering(at, store.current()) if person}
    if has_app_context():
        g.on_duty_ids = found
    return found


def may_act(user: User, at: datetime) -> bool:
    """Whether this member of staff takes alarms, closes them and checks others out."""
    return user.role in ARRANGERS or user.id in on_duty_ids(at)


def may_open(user: User, watch: Watch, at: datetime) -> bool:
    """Whether they may open a visit's page: its workers and those who arrange always, who is on
    duty while it is live."""
    if user.role in ARRANGERS:
        return True
    workers = {watch.staff_id, watch.appointment.staff_id, watch.appointment.second_id}
    return user.id in workers or (watch.closed_at is None and user.id in on_duty_ids(at))
