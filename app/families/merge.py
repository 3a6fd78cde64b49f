"""Two records of one family become one. What stands above families moves its own rows through
`hooks.on_merge`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app import clock
from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.families import hooks
from app.families.models import Carer, Child, Family, FamilyNote
from app.families.names import folded
from app.links.tokens import revoke_links
from app.messaging.models import Call
from app.places.models import Place
from app.tasks.models import Task
from app.tasks.open import dedupe_key, open_by_key

STRICTNESS = ("strict", "neutral", "full")
MESSAGES = ("none", "neutral", "full")  # what may be left on a voicemail
FILLED_IN = (
    "practitioner_id",
    "preferred_place_id",
    "free_times",
    "gender_wish",
    "school",
    "interpreter",
)


def merge_families(duplicate: Family, into: Family, *, by: Any, at: datetime) -> None:
    """Move people, homes and notes of `duplicate` into `into`; the duplicate keeps only where it
    went.

    What `into` says of itself stays; gaps are filled. Where the two disagree about safety the
    stricter holds: a 'no' to texting, the shorter wording, the times that are safe by both, keeping
    carers apart, a closed record. A carer known by both becomes one, whose kept row decides; a
    'yes' to texting is never taken over.
    """
    for family in sorted((duplicate, into), key=lambda each: each.id):
        hold(family)
    if duplicate.id == into.id:
        raise DomainError("This is the same family.", "into")
    if duplicate.merged_into_id or into.merged_into_id:
        raise DomainError("One of the two has been joined with another family already.", "into")
    old_home = duplicate.home_id
    join_wishes(duplicate, into)
    join_carers(duplicate, into, at=at)
    join_homes(duplicate, into, at=at)
    for model in (Child, FamilyNote, Call, Task):
        db.session.execute(
            update(model).where(model.family_id == duplicate.id).values(family_id=into.id)
        )
    join_tasks(duplicate, into)
    duplicate.merged_into_id = into.id
    into.version += 1
    duplicate.version += 1
    record("family:merged", duplicate, by=by, at=at, family_id=into.id, into=into.reference)
    for follow in hooks.on_merge.values():
        follow(duplicate, into, by, at)
    doubt_old_home(old_home, into, by, at)
    db.session.flush()
    db.session.expire(duplicate)
    db.session.expire(into)


def join_tasks(duplicate: Family, into: Family) -> None:
    """Open tasks about the duplicate are about the record that stays; of two alike one stays."""
    rows = select(Task).where(
        Task.about_kind == "family", Task.about_id == duplicate.id, Task.closed_at.is_(None)
    )
    for task in db.session.scalars(rows).all():
        key = dedupe_key(task.kind, ("family", into.id))
        alike = open_by_key(key)
        if alike is None:
            task.about_id, task.dedupe = into.id, key
        else:
            alike.words = f"{alike.words} {task.words}"
            alike.due_at = min(alike.due_at, task.due_at)
            db.session.delete(task)
        db.session.flush()


def doubt_old_home(old_home_id: int | None, into: Family, by: Any, at: datetime) -> None:
    """Visits at a home that is not theirs any more ask a person, as when a family moves."""
    if old_home_id is None or into.home_id is None or old_home_id == into.home_id:
        return
    old, home = db.session.get_one(Place, old_home_id), db.session.get_one(Place, into.home_id)
    for follow in hooks.on_move.values():
        follow(into, old, home, by, at)


def join_wishes(duplicate: Family, into: Family) -> None:
    for name in FILLED_IN:
        if getattr(into, name) is None:
            setattr(into, name, getattr(duplicate, name))
    if into.where == "not_asked":
        into.where = duplicate.where
    into.circumstances = sorted({*into.circumstances, *duplicate.circumstances})
    into.not_outcodes = sorted({*into.not_outcodes, *duplicate.not_outcodes})
    into.ways_to_talk = into.ways_to_talk or duplicate.ways_to_talk
    into.near_is_fine = into.near_is_fine and duplicate.near_is_fine
    into.carers_keep_apart = into.carers_keep_apart or duplicate.carers_keep_apart
    into.closed_to_matchers = into.closed_to_matchers or duplicate.closed_to_matchers
    into.came_on = min(into.came_on, duplicate.came_on)


def join_carers(duplicate: Family, into: Family, *, at: datetime) -> None:
    """The duplicate's carers come after those of `into`; who is known there already becomes that
    one.
    """
    carers = select(Carer).order_by(Carer.position, Carer.id)
    known = db.session.scalars(carers.where(Carer.family_id == into.id)).all()
    last = max((carer.position for carer in known), default=0)
    for carer in db.session.scalars(carers.where(Carer.family_id == duplicate.id)).all():
        last += 1
        carer.family_id, carer.position = into.id, last
        carer.version += 1
        same = next((one for one in known if is_same_person(one, carer)), None)
        if same is not None and not carer.same_as_id:
            carer.same_as_id = same.id
            carer.left_on = carer.left_on or clock.london(at).date()
            keep_stricter(same, carer)
            revoke_links(person=("carer", same.id), at=at)
        revoke_links(person=("carer", carer.id), at=at)
    db.session.flush()


def is_same_person(one: Carer, other: Carer) -> bool:
    """The same first name, and the same surname or number; a missing surname differs from none."""
    if one.left_on or other.left_on or folded(one.first_name) != folded(other.first_name):
        return False
    surnames = {folded(carer.surname) for carer in (one, other) if carer.surname}
    if len(surnames) > 1:
        return False
    return one.mobile == other.mobile or not (one.mobile and other.mobile)


def keep_stricter(kept: Carer, other: Carer) -> None:
    if other.safe_to_text == "no":
        kept.safe_to_text = "no"
    if other.safe_to_email == "no":
        kept.safe_to_email, kept.prefers = "no", "text"
    if other.checked_on:  # a wording that nobody was asked about says nothing
        kept.wording = min(kept.wording, other.wording, key=STRICTNESS.index)
        kept.link_ok = kept.link_ok and other.link_ok
        kept.voicemail = min(kept.voicemail, other.voicemail, key=MESSAGES.index)
    if other.safe_times is not None:
        times = other.safe_times
        kept.safe_times = kept.safe_times.common(times) if kept.safe_times is not None else times
    if other.contact_note and other.contact_note not in (kept.contact_note or ""):
        kept.contact_note = "\n".join(filter(None, (kept.contact_note, other.contact_note)))
    kept.reads_texts = kept.reads_texts and other.reads_texts
    if kept.mobile is None and kept.safe_to_text != "yes":
        kept.mobile, kept.phone_owner = other.mobile, other.phone_owner
    kept.landline = kept.landline or other.landline
    kept.version += 1


def join_homes(duplicate: Family, into: Family, *, at: datetime) -> None:
    """The duplicate's home becomes theirs where they had none; else it is one they used to have."""
    for home in db.session.scalars(select(Place).where(Place.family_id == duplicate.id)):
        home.family_id = into.id
        if home.id == duplicate.home_id and into.home_id is None:
            into.home_id = home.id
        elif home.closed_at is None:
            home.closed_at = at
