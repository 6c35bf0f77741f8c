"""Mails that somebody waits for go first.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="1"))
        batch_op.drop_index(batch_op.f("ix_outbox_mail_state_due_at"))
        batch_op.create_index(
            batch_op.f("ix_outbox_mail_state_priority_due_at"), ["state", "priority", "due_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mail_state_priority_due_at"))
        batch_op.create_index(batch_op.f("ix_outbox_mail_state_due_at"), ["state", "due_at"], unique=False)
        batch_op.drop_column("priority")
