"""What a member of staff's calendar feed holds, and what tells that it has changed.

One statement finds the feed of a token and sums up its rows: a calendar program that has them
already is told so, and nothing is read or written out for it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.models import Staff
from app.calendars.invitations import Entry
from app.calendars.invitations import feed as feed_bytes
from app.db import UtcDateTime, db, plain_rows
from app.families.models import Family
from app.links.models import Link
from app.links.tokens import digests
from app.places.models import Place
from app.prepared import built_once
from app.scheduling.models import KINDS, Appointment
from app.settings import store
from app.settings.models import Setting

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
KEPT = timedelta(days=30)  # how long one that was cancelled stays, as cancelled
READ_EVERY = timedelta(hours=1)
NAMED = ("venue", "school", "hospital", "online", "phone")  # places: a home is just "Home"
FORM = 1  # raised with every change to what the bytes look like
STAMP = func.coalesce(Appointment.sequence_at, Appointment.created_at, type_=UtcDateTime())


@dataclass(frozen=True)
class Feed:
    """A live feed. `tag` differs where its bytes do; `changed_at` is when that was first seen."""

    digest: str
    staff_id: int
    first_name: str
    read_at: datetime | None
    tag: str
    changed_at: datetime
    known: bool  # whether `tag` is stored already


def find_feed(token: str, *, at: datetime) -> Feed | None:
    """The feed behind a token: one statement. None for every token that opens none."""
    keys = digests("feed", token)
    row = plain_rows(heads(), digests=keys, at=at, **window(at)) if keys else ()
    if not row:
        return None
    digest, read_at, stored, changed_at, staff_id, name, *said = row[0]
    # One that was cancelled goes by itself in the end: with any of those a tag is good for a day.
    day = "" if said[0].endswith(":0") else clock.london(at).date()
    words = "|".join(map(str, (FORM, name, day, *said)))
    tag = hashlib.sha256(words.encode()).hexdigest()[:32]
    if tag != stored:
        changed_at = at if changed_at is None else max(at, changed_at + timedelta(seconds=1))
    return Feed(digest, staff_id, name.split()[0], read_at, tag, changed_at, tag == stored)


def body_of(feed: Feed, *, at: datetime) -> bytes:
    """The feed's bytes: the same for the same rows."""
    rules = store.current()
    return feed_bytes(
        entries(feed.staff_id, at), f"{rules.service_name}: {feed.first_name}",
        rules.service_name, rules.service_email,
    )  # fmt: skip


def worth_noting(feed: Feed, at: datetime) -> bool:
    """Whether a reading is written down: once an hour, and whenever something had changed."""
    return not feed.known or feed.read_at is None or at - feed.read_at >= READ_EVERY


def note_reading(feed: Feed, *, at: datetime) -> None:
    db.session.execute(
        update(Link)
        .where(Link.digest == feed.digest)
        .values(read_at=at, tag=feed.tag, changed_at=feed.changed_at)
    )


def window(at: datetime) -> dict[str, datetime]:
    """From 30 days back to a year ahead, by whole days of London: nothing shifts within a day."""
    today = clock.london(at).date()
    return {"first": clock.midnight(today - BACK), "until": clock.midnight(today + AHEAD)}


def within() -> Sequence[ColumnElement[bool]]:
    return (
        Appointment.starts_at >= bindparam("first", type_=UtcDateTime()),
        Appointment.starts_at < bindparam("until", type_=UtcDateTime()),
    )


@built_once
def heads() -> Select[Any]:
    """The live feed with its owner, and sums over the rows of which its bytes are made: read from
    indexes alone.

    A row's version rises with every change to it, and the sum over the squares of their numbers
    tells one set of rows from another. Of places all but homes are named.
    """
    theirs = union_all(
        *(
            select(Appointment.id, Appointment.version, Appointment.status)
            .where(part == Staff.id, *within())
            .correlate(Staff)
            for part in (Appointment.staff_id, Appointment.second_id)
        )
    ).subquery()
    number = cast(theirs.c.id, BigInteger)
    gone = func.sum(case((theirs.c.status == "cancelled", 1), else_=0))
    sums = (
        func.count(), func.sum(number * number), func.sum(number * theirs.c.version), gone,
    )  # fmt: skip
    words: Any = literal("")
    for one in sums:
        words = words + ":" + cast(func.coalesce(one, 0), String)
    rows = select(words).select_from(theirs).correlate(Staff).scalar_subquery()
    named = select(func.sum(Place.version)).where(Place.kind.in_(NAMED)).scalar_subquery()
    settings = select(func.max(Setting.id)).scalar_subquery()
    found: Any = (
        select(
            Link.digest, Link.read_at, Link.tag, Link.changed_at, Staff.id, Staff.name,
            rows, named, settings,
        )
        .join(Staff, Staff.id == Link.person_id)
        .where(
            Link.digest.in_(bindparam("digests", expanding=True)),
            Link.purpose == "feed",
            Link.revoked_at.is_(None),
            Link.expires_at > bindparam("at", type_=UtcDateTime()),
            Staff.left_at.is_(None),
        )
    )  # fmt: skip
    return found  # type: ignore[no-any-return]


def entries(staff_id: int, at: datetime) -> list[Entry]:
    """A person's appointments within the window, as events; without those cancelled long ago."""
    kept_from = clock.midnight(clock.london(at).date() - KEPT)
    found = plain_rows(rows_of(), staff_id=staff_id, **window(at))
    return [
        entry(row, staff_id) for row in found if row.status != "cancelled" or row.stamp >= kept_from
    ]


@built_once
def rows_of() -> Select[Any]:
    place = aliased(Place)
    found: Any = (
        select(
            Appointment.uid, Appointment.sequence, Appointment.starts_at, Appointment.ends_at,
            Appointment.kind, Appointment.status, STAMP.label("stamp"), Family.reference,
            place.kind.label("place_kind"), place.name.label("place_name"),
        )
        .join(Family, Family.id == Appointment.family_id)
        .outerjoin(place, place.id == Appointment.place_id)
        .where(
            or_(
                Appointment.staff_id == bindparam("staff_id"),
                Appointment.second_id == bindparam("staff_id"),
            ),
            *within(),
        )
    )  # fmt: skip
    return found  # type: ignore[no-any-return]


def entry(row: Any, staff_id: int) -> Entry:
    """Kind, reference and town only: whoever has the address can read it."""
    provisional = row.status == "provisional"
    return Entry(
        uid=f"{row.uid}-s{staff_id}",
        sequence=row.sequence,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=f"{KINDS[row.kind]}: {row.reference}{' (provisional)' if provisional else ''}",
        stamp=row.stamp,
        location="Home" if row.place_kind == "home" else row.place_name,
        cancelled=row.status == "cancelled",
        tentative=provisional,
    )
