"""Talks and guests that are announced later.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("talk") as table:
        table.add_column(sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("announces_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("talk") as table:
        table.drop_column("announces_at")
        table.drop_column("hidden")
