"""People who come together on one ticket, whose arrival is told, seats released at the door, kiosks.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WITH_COMPANIONS = sa.text("companions > 0")


def _columns() -> dict[str, list[sa.Column[object]]]:
    """By table; each has a default, so that rows made before stay as they are."""
    none, one = sa.text("0"), sa.text("1")
    return {
        "meetup": [
            sa.Column("door_releases_after", sa.Integer()),
            sa.Column("door_kiosk_code", sa.String(64)),
        ],
        "registration": [
            sa.Column("companions", sa.Integer(), nullable=False, server_default=none),
            sa.Column("admitted_count", sa.Integer(), nullable=False, server_default=none),
            sa.Column("arrival_alert", sa.String(255)),
        ],
        "check_in": [sa.Column("admits", sa.Integer(), nullable=False, server_default=one)],
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "ix_registration_companions",
        "registration",
        ["meetup_id"],
        sqlite_where=WITH_COMPANIONS,
        postgresql_where=WITH_COMPANIONS,
    )
    op.execute("UPDATE registration SET admitted_count = 1 WHERE admitted_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_registration_companions", "registration")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
