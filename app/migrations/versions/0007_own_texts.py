"""the team's own words for texts, and in which language a text went"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "own_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", app.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.String(length=120), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", app.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_text")),
    )
    op.create_index("ix_own_text_kept", "own_text", ["language", "purpose", "wording", "id"])
    op.add_column("outbox", sa.Column("language", sa.String(length=5), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "language")
    op.drop_index("ix_own_text_kept", table_name="own_text")
    op.drop_table("own_text")
