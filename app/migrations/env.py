"""Runs the migrations on the service's own engine; guards are put back after every run."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.db import Base, Json, UtcDateTime, WindowsType
from app.migrations import guards

engine = current_app.extensions["migrate"].db.engine


def render_item(kind, value, autogen):
    """Own column types by the plain type that they store, so that old migrations never need this
    code.
    """
    if kind != "type":
        return False
    if isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, WindowsType):
        return "JSON"
    if value is Json or type(value).__name__ in ("JSON", "JSONB"):
        return "JSON"
    return False


def run() -> None:
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            # Batch mode rebuilds tables: with foreign keys on, dropping the old one would cascade.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=False,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        guards.install(connection)
        connection.commit()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"foreign keys broken after migration: {broken[:5]}")


run()
