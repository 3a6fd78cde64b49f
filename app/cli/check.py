"""What is wrong with the settings and the database, in sentences: for `flask check`, and what the
site and the worker refuse to start on.
"""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.models import Staff
from app.config import Misconfigured
from app.db import db
from app.migrations import guards

NO_GUARD = "The database lacks its guard “{}”: run flask db upgrade."


def problems() -> list[str]:
    """Every problem found, gravest first; empty where the service may run."""
    try:
        with db.engine.connect() as connection:
            found = [NO_GUARD.format(name) for name in guards.missing(connection)]
            newest = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
            if MigrationContext.configure(connection).get_current_revision() != newest:
                return ["The database is not up to date: run flask db upgrade.", *found]
            if connection.dialect.name == "sqlite":
                found += sqlite_problems(connection.exec_driver_sql("PRAGMA quick_check").scalar())
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return ["The database cannot be reached: is DATABASE_URL right?"]
    if current_app.config["SERVICE"].production:
        found += production_problems()
    return found


def refuse_to_start(app: Flask) -> None:
    """Raise Misconfigured where the site or the worker must not run on this database: its guards
    are missing, or the sample service's well-known password would open it. A database that cannot
    be reached now may be reached in a minute, so it is no reason.
    """
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                missing = guards.every(connection).keys() - guards.names(connection)
            if missing:
                raise Misconfigured(NO_GUARD.format(min(missing)))
            if app.config["SERVICE"].production and (found := production_problems()):
                raise Misconfigured(found[0])
        except SQLAlchemyError:
            return
        finally:
            db.session.remove()
            db.engine.dispose()  # a server's own processes open connections of their own


def sqlite_problems(answer: str | None) -> list[str]:
    return [] if answer == "ok" else ["The database file is damaged: restore the last copy."]


def production_problems() -> list[str]:
    """What must not be in production: sample accounts."""
    samples = db.session.scalars(select(Staff.id).where(Staff.demo, Staff.left_at.is_(None)))
    return (
        ["Sample accounts are in the database: they must not go live."] if samples.first() else []
    )
