"""what people answered to invitations, and how far the mailbox of answers is read"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("answered_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("answer_stamp", TIME, nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_invitation_answer"),
            "answer IN ('accepted', 'declined', 'tentative', 'counter')",
        )
        batch_op.create_index("ix_invitation_uid", ["uid"])
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("good_at", TIME, nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=True),
        sa.Column("validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )


def downgrade() -> None:
    op.drop_table("mailbox")
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_index("ix_invitation_uid")
        batch_op.drop_constraint(op.f("ck_invitation_answer"), type_="check")
        for name in ("answer_stamp", "answered_at", "answer"):
            batch_op.drop_column(name)
