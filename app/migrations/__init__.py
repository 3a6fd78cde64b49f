"""The schema's history (alembic), and the guards that only the database can keep (`guards.py`)."""
