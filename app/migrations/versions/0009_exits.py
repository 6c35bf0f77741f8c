"""How many people of a ticket have left the meetup again.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    none = sa.text("0")
    op.add_column("registration", sa.Column("left_count", sa.Integer(), nullable=False, server_default=none))


def downgrade() -> None:
    op.drop_column("registration", "left_count")
