"""when calendars last heard of an appointment, and what a feed's reader had last"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("appointment", sa.Column("sequence_at", TIME, nullable=True))
    op.add_column("link", sa.Column("tag", sa.String(length=64), nullable=True))
    op.add_column("link", sa.Column("changed_at", TIME, nullable=True))
    index_people("starts_at", "status", "version")
    op.create_index("ix_place_kind", "place", ["kind", "version"])


def downgrade() -> None:
    op.drop_index("ix_place_kind", table_name="place")
    index_people("starts_at")
    for table, names in (("link", ("tag", "changed_at")), ("appointment", ("sequence_at",))):
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.drop_column(name)


def index_people(*then: str) -> None:
    for name in ("staff_id", "second_id"):
        op.drop_index(f"ix_appointment_{name}", table_name="appointment")
        op.create_index(f"ix_appointment_{name}", "appointment", [name, *then])
