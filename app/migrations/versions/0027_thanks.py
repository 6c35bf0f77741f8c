"""Whether those who were at a meetup are thanked, and when.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meetup", sa.Column("thanks", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("meetup", sa.Column("thanks_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_meetup_thanks_at"), "meetup", ["thanks_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_meetup_thanks_at"), table_name="meetup")
    op.drop_column("meetup", "thanks_at")
    op.drop_column("meetup", "thanks")
