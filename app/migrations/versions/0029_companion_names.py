"""Whether a meetup asks for the names of companions, and the names.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "meetup", sa.Column("companion_names", sa.String(24), nullable=False, server_default="none")
    )
    op.add_column(
        "registration", sa.Column("companion_names", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    op.drop_column("registration", "companion_names")
    op.drop_column("meetup", "companion_names")
