"""The database: session, column types, locks, and the one place where a transaction is committed.

Acts add rows and never commit; views, webhooks, worker jobs and the CLI call `transact(act)`.
SQLite is made to behave like the server it stands in for: every transaction that may write begins
with BEGIN IMMEDIATE, so two writers queue instead of failing late. A request reads beside the
writers, and takes the writer's place only while it runs an act: a hundred forms at one instant
wait for each other's acts, not for each other's pages.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import Flask, Response, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    DateTime,
    Executable,
    MetaData,
    String,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
    PendingRollbackError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeout,
)
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from app import engines
from app.engines import WROTE
from app.errors import TAKEN, Conflict, DomainError, Gone, Stale, fail, page_for
from app.windows import Windows

T = TypeVar("T")
P = ParamSpec("P")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values and returns aware UTC (SQLite alone would return naive)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        """In one step from what the driver gives: a page reads hundreds of instants."""
        return from_text if dialect.name == "sqlite" else from_aware


def from_text(value: str | None) -> datetime | None:
    """An instant as SQLite keeps it, '2026-03-03 14:30:00.000000': UTC, without saying so."""
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def from_aware(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class WindowsType(TypeDecorator[Windows]):
    """Weekly times, stored as JSON."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Windows | None, dialect: Dialect) -> Any:
        return None if value is None else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> Windows | None:
        return None if value is None else Windows.from_json(value)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    registry = registry(
        metadata=METADATA,
        type_annotation_map={
            datetime: UtcDateTime,
            str: String,
            Windows: WindowsType,
            dict[str, Any]: Json,
            list[str]: Json,
            list[Any]: Json,
        },
    )
    metadata = METADATA


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"autoflush": True},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

LOCK = text(
    "SELECT pg_advisory_xact_lock(kind, subject) "
    "FROM unnest(CAST(:kinds AS int[]), CAST(:subjects AS int[])) AS wanted (kind, subject)"
)

# The database is down, locked or full: to be tried again. Any other error is about one row.
NOT_THERE = (OperationalError, InterfaceError, PendingRollbackError, PoolTimeout)

# Constraint name -> (sentence for staff, form field). Filled beside the models that own them.
SENTENCES: dict[str, tuple[str, str | None]] = {}


def say(constraint: str, sentence: str, field: str | None = None) -> None:
    """What a person reads when the database refuses by this constraint."""
    SENTENCES[constraint] = (sentence, field)


def transact(act: Callable[[], T]) -> T:
    """Run an act and commit it: all of it or nothing. The only commit of pages and jobs.

    An act that met a deadlock or a serialization failure is repeated once, whole. A constraint's
    refusal becomes the DomainError that was written for it. Of an act that refused before it wrote
    anything, what it read stays read: the page that says why goes on with it.
    """
    for repeat in (True, False):
        try:
            with writing():
                made = act()
                db.session.commit()
            return made
        except IntegrityError as error:
            db.session.rollback()
            raise refusal(error) from error
        except DomainError:
            undo()
            raise
        except OperationalError as error:
            db.session.rollback()
            if not (repeat and may_repeat(error)):
                raise
        except BaseException:
            db.session.rollback()
            raise
    raise AssertionError("unreachable")


def undo() -> None:
    """End a refused act's transaction, and its locks, with nothing of it stored."""
    session = db.session()
    pending = session.new or session.dirty or session.deleted
    if pending or not session.in_transaction() or session.connection().info.get(WROTE):
        session.rollback()
        return
    with keeping_what_is_read():
        session.commit()


@contextmanager
def writing() -> Iterator[None]:
    """What a request reads in here is read for writing: on SQLite nobody else writes meanwhile.

    The transaction in which the page was read so far ends; its rows stay as they were read, as
    they do on PostgreSQL, where an act locks and reads again what it decides upon.
    """
    if not has_request_context() or "writing" in g:
        yield
        return
    end_reading()
    g.writing = True
    try:
        yield
    finally:
        g.pop("writing", None)


def end_reading() -> None:
    session = db.session()
    if db.engine.dialect.name != "sqlite" or session.new or session.dirty or session.deleted:
        return
    with keeping_what_is_read():
        session.commit()


@contextmanager
def keeping_what_is_read() -> Iterator[None]:
    """A commit in here leaves the rows of the session as they were read."""
    session = db.session()
    before, session.expire_on_commit = session.expire_on_commit, False
    try:
        yield
    finally:
        session.expire_on_commit = before


def write_in_get(act: Callable[[], T]) -> T:
    """Commit a small write during a GET (a read is recorded before it is shown).

    What the page has read before, such as who is signed in, stays read.
    """
    with keeping_what_is_read():
        return transact(act)


def plain_rows(statement: Executable, **given: Any) -> Sequence[Any]:
    """Rows of plain columns, read on the session's own connection after what is pending is written.

    For what is read often and becomes values: a session takes longer to prepare a statement than a
    database to answer it.
    """
    session = db.session()
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, given).all()


def once_a_page(read: Callable[P, T]) -> Callable[P, T]:
    """A read that several parts of a page ask for: while a page is made its answer is kept.

    Only during GET and HEAD, which change nothing, and while a page's frame is drawn; an act always
    reads afresh. Arguments are positional and hashable.
    """
    name = f"{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        if not makes_page():
            return read(*args, **kwargs)
        answers: dict[Any, T] = g.setdefault("once_a_page", {})
        key = (name, args)
        if key not in answers:
            answers[key] = read(*args, **kwargs)
        return answers[key]

    return kept


def makes_page() -> bool:
    return has_request_context() and (request.method in ("GET", "HEAD") or "drawing" in g)


@contextmanager
def drawing() -> Iterator[None]:
    """What is read in here is a page's, also of one that answers a POST: its act is over."""
    g.drawing = True
    try:
        yield
    finally:
        g.pop("drawing")
        if request.method not in ("GET", "HEAD"):
            g.pop("once_a_page", None)


def refusal(error: IntegrityError) -> DomainError:
    """The sentence for a refused write; an unknown constraint gets a general one."""
    name = constraint_of(error)
    if name == "reservation_overlap":
        return Conflict(TAKEN, "slot", family=TAKEN)
    sentence, field = SENTENCES.get(
        name, ("This could not be saved: it contradicts something that is stored already.", None)
    )
    return DomainError(sentence, field)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused, on either database; '' where there is none."""
    diag = getattr(error.orig, "diag", None)
    if diag is not None:
        return diag.constraint_name or ""
    words = str(error.orig)
    if "reservation_overlap" in words:
        return "reservation_overlap"
    if match := re.search(r"UNIQUE constraint failed: (\w+)\.(\w+)", words):
        return f"uq_{match[1]}_{match[2]}"
    if match := re.search(r"CHECK constraint failed: (\w+)", words):
        return match[1]
    return ""


def may_repeat(error: OperationalError) -> bool:
    """Whether the database asked to try again: serialization failure or deadlock."""
    return getattr(error.orig, "sqlstate", None) in ("40001", "40P01")


def lock(subjects: Iterable[tuple[int, int]]) -> None:
    """Hold (kind, id) pairs until the transaction ends, taken in sorted order.

    On PostgreSQL these are advisory locks: without them simultaneous inserts under the exclusion
    constraint can deadlock (reference/scheduling.md: slowest 22 s without, 0.07 s with). One
    statement takes them one after the other, as `unnest` gives its rows. On SQLite the writer's
    transaction is alone already.
    """
    wanted = sorted(set(subjects))
    if wanted and db.engine.dialect.name == "postgresql":
        kinds, numbers = zip(*wanted, strict=True)
        plain_rows(LOCK, kinds=list(kinds), subjects=list(numbers))


def hold(row: Base, expected: int | None = None, what: str = "This") -> None:
    """Lock a row until the transaction ends, as it is stored now.

    Raises Stale where its `version` is not the `expected` one any more (None: not asked), and Gone
    where it is not stored any more. Other rows may still come to refer to it (FOR NO KEY UPDATE),
    so an act elsewhere that only names it does not wait, and cannot deadlock with this one.
    """
    columns = [attribute.key for attribute in inspect(row).mapper.column_attrs]
    try:
        db.session.refresh(row, columns, with_for_update={"key_share": True})
    except InvalidRequestError as error:
        if not inspect(row).persistent:
            raise
        raise Gone(what) from error
    if expected is not None and row.version != expected:  # type: ignore[attr-defined]
        raise Stale(what)


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        engines.prepare(db.engine)

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> Response:
        """A writer waited longer than it may: nothing was changed, and it can be tried again."""
        db.session.rollback()
        return page_for(503) if is_busy(error) else fail(error)


def is_busy(error: OperationalError) -> bool:
    return may_repeat(error) or "database is locked" in str(error.orig)
