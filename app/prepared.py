"""Statements that stay prepared on PostgreSQL.

Planning the statement of the work list takes as long as running it. psycopg prepares what a
connection has asked five times, and forgets all of it at every ROLLBACK (objects may have gone with
it), which is how a session ends that has only read: every page planned everything anew. Where a
transaction said nothing but SELECT there is nothing to take back, and it ends with COMMIT instead.
"""

from contextlib import suppress
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from app.db import WROTE, db


def init_app(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            keep_prepared(db.engine)


def keep_prepared(engine: Engine) -> None:
    """For an engine of psycopg. What wrote, or failed, is rolled back as ever."""

    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        if connection.closed or connection.invalidated or connection.info.get(WROTE, True):
            return
        driver: Any = connection.connection.driver_connection
        if driver.info.transaction_status.name == "INTRANS":  # neither failed nor cut off
            with suppress(driver.Error):  # the server went: the rollback that follows meets it
                driver.commit()
