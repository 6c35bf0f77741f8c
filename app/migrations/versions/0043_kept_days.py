"""For how many days a programme's new meetups keep personal data.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("program", sa.Column("kept_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("program", "kept_days")
