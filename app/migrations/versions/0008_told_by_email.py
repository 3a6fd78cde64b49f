"""whether e-mail is safe for a carer, and what they would rather have

Nobody was asked: 'not asked' means that no e-mail takes a text's place.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

CHECKS = {
    "safe_to_email": "safe_to_email IN ('yes', 'no', 'not_asked')",
    "prefers": "prefers IN ('text', 'email')",
}


def upgrade() -> None:
    with op.batch_alter_table("carer") as batch:
        batch.add_column(
            sa.Column("safe_to_email", sa.String(10), server_default="not_asked", nullable=False)
        )
        batch.add_column(sa.Column("prefers", sa.String(6), server_default="text", nullable=False))
        for name, words in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_carer_{name}"), words)
    with op.batch_alter_table("carer") as batch:
        for name in CHECKS:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("carer") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_carer_{name}"), type_="check")
            batch.drop_column(name)
