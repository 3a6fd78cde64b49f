"""the time that each person's calendar was told"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
TIMES = ("starts_at", "ends_at")


def upgrade() -> None:
    for name in TIMES:
        op.add_column("invitation", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.execute(
            f"UPDATE invitation SET {name} = (SELECT appointment.{name} FROM appointment "
            "WHERE appointment.id = invitation.appointment_id)"
        )
    with op.batch_alter_table("invitation") as batch_op:
        for name in TIMES:
            batch_op.alter_column(
                name, existing_type=sa.DateTime(timezone=True), nullable=False
            )


def downgrade() -> None:
    with op.batch_alter_table("invitation") as batch_op:
        for name in TIMES:
            batch_op.drop_column(name)
