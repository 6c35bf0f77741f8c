"""Each badge's place in its print, so that a print's files never shift.

Revision ID: 0053
Revises: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("printed_badge", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE printed_badge SET place = counted.place FROM"
        " (SELECT id, row_number() OVER (PARTITION BY print_id ORDER BY id) - 1 AS place FROM printed_badge)"
        " AS counted WHERE counted.id = printed_badge.id"
    )


def downgrade() -> None:
    op.drop_column("printed_badge", "place")
