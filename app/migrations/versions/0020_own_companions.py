"""How many companions people may bring by themselves.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meetup", sa.Column("companions_most", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("meetup", "companions_most")
