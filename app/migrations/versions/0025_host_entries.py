"""Until when one registers for the larger event, and what people say of their place there.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meetup", sa.Column("host_event_closes_at", sa.DateTime(timezone=True)))
    op.add_column("registration", sa.Column("host_entry", sa.String(24)))


def downgrade() -> None:
    op.drop_column("registration", "host_entry")
    op.drop_column("meetup", "host_event_closes_at")
