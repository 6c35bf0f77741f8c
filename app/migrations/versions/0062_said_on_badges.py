"""What stood on a badge, as a keyed digest: of those printed before nobody knows.

Revision ID: 0062
Revises: 0061
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("printed_badge", sa.Column("digest", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("printed_badge", "digest")
