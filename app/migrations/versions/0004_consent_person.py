"""an index of consents by person"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index(
        "ix_consent_person", "consent", ["person_kind", "person_id", "purpose"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_consent_person", table_name="consent")
