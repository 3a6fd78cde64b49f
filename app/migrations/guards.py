"""What the database itself refuses: two reservations of one subject that overlap, and a changed
audit entry.

DDL only, for both databases. `env.py` puts the guards in place after every migration, because
SQLite drops triggers with the tables that alembic's batch mode rebuilds; start-up and `flask check`
refuse a database without them.
"""

from sqlalchemy import Connection, text

OVERLAP = """
SELECT RAISE(ABORT, 'reservation_overlap') WHERE EXISTS (
    SELECT 1 FROM reservation AS held
    WHERE held.kind = NEW.kind AND held.subject_id = NEW.subject_id AND held.id IS NOT NEW.id
      AND held.starts_at < NEW.ends_at AND NEW.starts_at < held.ends_at
)
"""
SQLITE = {
    "reservation_overlap_insert": f"""
        CREATE TRIGGER reservation_overlap_insert BEFORE INSERT ON reservation
        BEGIN {OVERLAP}; END""",
    "reservation_overlap_update": f"""
        CREATE TRIGGER reservation_overlap_update BEFORE UPDATE ON reservation
        BEGIN {OVERLAP}; END""",
    "audit_update": """
        CREATE TRIGGER audit_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END""",
    "audit_delete": """
        CREATE TRIGGER audit_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END""",
}
POSTGRESQL = {
    "reservation_overlap": """
        ALTER TABLE reservation ADD CONSTRAINT reservation_overlap EXCLUDE USING gist (
            int4range(kind::int, kind::int, '[]') WITH &&,
            int4range(subject_id, subject_id, '[]') WITH &&,
            tstzrange(starts_at, ends_at) WITH &&
        )""",
    "audit_kept": """
        CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()""",
}
AUDIT_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$
"""


def names(connection: Connection) -> set[str]:
    """The guards that this database has."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(
            text(
                "SELECT conname FROM pg_constraint WHERE contype = 'x' "
                "UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            )
        )
    return {row[0] for row in rows}


def tables(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    else:
        rows = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
    return {row[0] for row in rows}


def every(connection: Connection) -> dict[str, str]:
    """The guards of a database that is up to date: name -> DDL."""
    return SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL


def wanted(connection: Connection) -> dict[str, str]:
    """Those of them whose tables exist already."""
    there = tables(connection)
    return {n: ddl for n, ddl in every(connection).items() if n.split("_")[0] in there}


def missing(connection: Connection) -> list[str]:
    """The names of guards that are not in place."""
    there = names(connection)
    return [name for name in wanted(connection) if name not in there]


def install(connection: Connection) -> None:
    """Put missing guards in place; existing ones stay."""
    lacking = missing(connection)
    if connection.dialect.name == "postgresql" and "audit_kept" in lacking:
        connection.execute(text(AUDIT_FUNCTION))
    for name in lacking:
        connection.execute(text(wanted(connection)[name]))
