"""Keeping where postcodes lie, from a file of 1.7 million lines, while the service goes on working.

The file is stored in parts, each committed by itself: no writer waits for longer than one part, and
a load that is broken off leaves positions that are old or new, all of them right. What the last
complete load no longer has of a postcode area goes at its end; other areas stay as they are, since
the file comes in one part for each area.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.record import actor, record
from app.db import db, transact
from app.places.code_point import Located, area_of, in_parts
from app.places.models import Postcode, PostcodeLoad

PART = 5000  # rows


def load_postcodes(rows: Iterator[Located], *, by: Any, at: datetime) -> int:
    """Store every row of a file, in parts; returns how many. For commands and pages, not for acts:
    it commits each part.
    """
    load_id = transact(lambda: begin_load(by=by, at=at))
    number, areas = 0, set()
    for part in in_parts(rows, PART):
        transact(lambda part=part: add_part(part, load_id))  # type: ignore[misc]
        areas |= {area_of(row.postcode) for row in part}
        number += len(part)
    transact(lambda: end_load(load_id, areas, number, by=by, at=at))
    return number


def begin_load(*, by: Any, at: datetime) -> int:
    load = PostcodeLoad(by=actor(by), at=at)
    db.session.add(load)
    db.session.flush()
    return load.id


def add_part(part: Sequence[Located], load_id: int) -> None:
    """Add or replace some rows."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    new: Any = insert(Postcode)
    changed = {name: new.excluded[name] for name in ("latitude", "longitude", "load_id")}
    db.session.execute(
        new.on_conflict_do_update(index_elements=["postcode"], set_=changed),
        [{**row._asdict(), "load_id": load_id} for row in part],
    )


def end_load(load_id: int, areas: Iterable[str], rows: int, *, by: Any, at: datetime) -> None:
    """Forget what earlier loads had of these areas and this one has not. A load that began later
    keeps what it has."""
    letters = func.rtrim(func.substr(Postcode.postcode, 1, 2), "0123456789")
    db.session.execute(
        delete(Postcode)
        .where(Postcode.load_id < load_id, letters.in_(sorted(areas)))
        .execution_options(synchronize_session=False)
    )
    load = db.session.get_one(PostcodeLoad, load_id)
    load.rows = rows
    record("postcodes:read", load, by=by, at=at, rows=rows)


def last_loads(most: int = 10) -> Sequence[PostcodeLoad]:
    return db.session.scalars(
        select(PostcodeLoad).order_by(PostcodeLoad.id.desc()).limit(most)
    ).all()


def where_lies(postcode: str | None) -> Postcode | None:
    """Where a full postcode lies, if the file has it."""
    return db.session.get(Postcode, postcode) if postcode else None
