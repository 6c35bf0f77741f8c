"""Look-ups of a meetup's mails by what became of them and by address.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_outbox_mail_meetup_id"), table_name="outbox_mail")
    op.create_index(op.f("ix_outbox_mail_meetup_id_state_id"), "outbox_mail", ["meetup_id", "state", "id"])
    op.create_index(op.f("ix_outbox_mail_meetup_id_address"), "outbox_mail", ["meetup_id", "address"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_mail_meetup_id_address"), table_name="outbox_mail")
    op.drop_index(op.f("ix_outbox_mail_meetup_id_state_id"), table_name="outbox_mail")
    op.create_index(op.f("ix_outbox_mail_meetup_id"), "outbox_mail", ["meetup_id"])
