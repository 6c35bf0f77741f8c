"""Whether somebody was mailed is read from an index alone.

Revision ID: 0066
Revises: 0065
"""

from __future__ import annotations

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

BEFORE, NOW = "ix_outbox_mail_registration_id", "ix_outbox_mail_registration_id_state"


def upgrade() -> None:
    op.create_index(NOW, "outbox_mail", ["registration_id", "state"])
    op.drop_index(BEFORE, table_name="outbox_mail")


def downgrade() -> None:
    op.create_index(BEFORE, "outbox_mail", ["registration_id"])
    op.drop_index(NOW, table_name="outbox_mail")
