"""indexes of messages by the number or address they went to, and by state whatever their lane"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_outbox_to_address", "outbox", ["to_address"])
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_state", table_name="outbox")
    op.drop_index("ix_outbox_to_address", table_name="outbox")
