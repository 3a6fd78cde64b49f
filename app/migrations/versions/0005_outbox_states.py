"""an outbox row's states told apart, lanes to claim from, and the account's pace

What was `not_sent` becomes `cancelled`, `suppressed` or `expired` by the reason that it stores; on
the way down those are `not_sent` again, and so is what a person holds back: it must not go.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

LANES = "lane IN ('alarm', 'news', 'reminder', 'email')"
BEFORE = (
    "state IN ('ready', 'sending', 'unknown', 'accepted', 'sent', 'delivered', 'undelivered', "
    "'failed', 'not_sent', 'gave_up')"
)
AFTER = (
    "state IN ('ready', 'held', 'sending', 'unknown', 'accepted', 'sent', 'delivered', "
    "'undelivered', 'failed', 'gave_up', 'cancelled', 'suppressed', 'expired')"
)
EXPIRED = ("It was too late to be of use.", "No safe time for a text came before it was too late.")
# Patterns of the reasons for which a message may not go.
SUPPRESSED = (
    "This phone %", "Twilio stopped texts %", "There is no mobile number%", "There is no e-mail%",
    "There is only a landline%", "% no mobile number on record.", "Nothing may be said %",
    "The service could not write it %", "The service does not know this kind %",
    "Another text about this went less than %", "They said that texting is not safe%",
    "Not asked whether texting is safe%", "Nobody has asked%", "Texting is not safe%",
    "This number is on another%", "Peer parents get no e-mails.", "No e-mail%",
    "% has left%", "They cannot read texts%", "They have not asked for invitations%",
    "We never text a child%", "They are not a peer parent now.",
)
ALARMS = (
    "check_in_asked", "check_in_missed", "check_out_reminder", "overdue_buddy", "overdue_manager",
    "overdue_all", "help_asked", "stood_down", "ring_me", "noted_in", "noted_longer", "noted_out",
    "danger_reply",
)
REMINDERS = (
    "reminder", "reminder_early", "conversation_reminder", "conversation_reminder_early",
)


def outbox() -> sa.TableClause:
    return sa.table(
        "outbox", *(sa.column(name, sa.String()) for name in (
            "state", "reason", "lane", "purpose", "channel",
        )), sa.column("due_at"), sa.column("final_at"),
    )


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("name", sa.String(length=6), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    without_checks(sa.Column("lane", sa.String(length=8), nullable=True))
    row = outbox()
    not_sent = row.c.state == "not_sent"
    change(row, row.c.reason.in_(EXPIRED) & not_sent, state="expired")
    refused = sa.or_(*(row.c.reason.like(words) for words in SUPPRESSED))
    change(row, refused & not_sent, state="suppressed")
    change(row, not_sent, state="cancelled")
    change(row, sa.true(), lane="news")
    change(row, row.c.purpose.in_(REMINDERS), lane="reminder")
    change(row, row.c.purpose.in_(ALARMS), lane="alarm")
    change(row, row.c.channel == "email", lane="email")
    with_checks(AFTER, lanes=True)
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.create_index("ix_outbox_due", "outbox", ["state", "lane", "due_at", "id"])
    op.create_index("ix_outbox_lease", "outbox", ["state", "lease_until"])


def downgrade() -> None:
    op.drop_index("ix_outbox_lease", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    without_checks()
    row = outbox()
    change(row, row.c.state == "held", state="not_sent", final_at=row.c.due_at)
    change(row, row.c.state.in_(("cancelled", "suppressed", "expired")), state="not_sent")
    with_checks(BEFORE, lanes=False)
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.drop_table("pace")


def change(row: sa.TableClause, which: sa.ColumnElement[bool], **values: object) -> None:
    op.execute(sa.update(row).where(which).values(**values))


def without_checks(*added: sa.Column) -> None:
    """The table without a rule about states, in which rows can be given others."""
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_state"), type_="check")
        if not added:
            batch.drop_constraint(op.f("ck_outbox_lane"), type_="check")
        for column in added:
            batch.add_column(column)


def with_checks(states: str, *, lanes: bool) -> None:
    checks = {"state": states} | ({"lane": LANES} if lanes else {})
    with op.batch_alter_table("outbox") as batch:
        if lanes:
            batch.alter_column("lane", existing_type=sa.String(length=8), nullable=False)
        else:
            batch.drop_column("lane")
        for name, words in checks.items():
            batch.create_check_constraint(op.f(f"ck_outbox_{name}"), words)
