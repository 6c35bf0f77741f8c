"""Whether those who have a seat are asked if they still come, and what they said.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("meetup", sa.Column("still_coming_hours", sa.Integer()))
    op.add_column("meetup", sa.Column("asks_at", INSTANT))
    op.create_index(op.f("ix_meetup_asks_at"), "meetup", ["asks_at"])
    for column in ("asked_for", "coming_for", "coming_at"):
        op.add_column("registration", sa.Column(column, INSTANT))


def downgrade() -> None:
    for column in ("coming_at", "coming_for", "asked_for"):
        op.drop_column("registration", column)
    op.drop_index(op.f("ix_meetup_asks_at"), table_name="meetup")
    op.drop_column("meetup", "asks_at")
    op.drop_column("meetup", "still_coming_hours")
