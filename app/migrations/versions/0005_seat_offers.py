"""Seats that are offered for a time, modes of giving seats, and what the worker did when it was due.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OFFERED = sa.text("offered_until IS NOT NULL")


def _columns() -> dict[str, list[sa.Column[object]]]:
    """By table; each has a default, so that rows made before stay as they are."""
    instant = sa.DateTime(timezone=True)
    return {
        "meetup": [
            sa.Column("mode", sa.String(24), nullable=False, server_default="first_come"),
            sa.Column("freed_seats", sa.String(24), nullable=False, server_default="confirm"),
            sa.Column("offer_hours", sa.Integer(), nullable=False, server_default=sa.text("24")),
            sa.Column("last_call_hours", sa.Integer()),
            sa.Column("promotion_paused_at", instant),
            sa.Column("promotion_pause_reason", sa.String(255), nullable=False, server_default=""),
        ],
        "registration": [sa.Column("offered_until", instant)],
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "ix_registration_offered_until",
        "registration",
        ["offered_until"],
        sqlite_where=IS_OFFERED,
        postgresql_where=IS_OFFERED,
    )
    op.create_table(
        "scheduled_act",
        sa.Column("id", BIG, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.String(255)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_act")),
        sa.UniqueConstraint(
            "act", "subject_id", "due_at", name=op.f("uq_scheduled_act_act_subject_id_due_at")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("scheduled_act")
    op.drop_index("ix_registration_offered_until", "registration")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
