"""The organizer's side of the door: settings, walk-ins, ticks, exits, what phones say of themselves.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WALKED_IN = sa.text("source = 'walk_in'")


def _columns() -> dict[str, list[sa.Column[object]]]:
    """By table; each has a default, so that rows made before stay as they are."""
    none, no, yes = sa.text("'[]'"), sa.false(), sa.true()
    return {
        "meetup": [
            sa.Column("door_gates", sa.JSON(), nullable=False, server_default=none),
            sa.Column("door_host_patterns", sa.JSON(), nullable=False, server_default=none),
            sa.Column("door_ticks", sa.JSON(), nullable=False, server_default=none),
            sa.Column("door_tracks_exits", sa.Boolean(), nullable=False, server_default=no),
            sa.Column("door_lists_people", sa.Boolean(), nullable=False, server_default=no),
            sa.Column("door_takes_walk_ins", sa.Boolean(), nullable=False, server_default=yes),
            sa.Column("door_counts_walk_ins", sa.Boolean(), nullable=False, server_default=yes),
        ],
        "enrolment": [sa.Column("gate", sa.String(255))],
        "device": [
            sa.Column("list_made_at", sa.DateTime(timezone=True)),
            sa.Column("scans_waiting", sa.Integer()),
        ],
        "registration": [
            sa.Column("source", sa.String(24), nullable=False, server_default="person"),
            sa.Column("is_verified", sa.Boolean(), nullable=False, server_default=yes),
            sa.Column("left_at", sa.DateTime(timezone=True)),
        ],
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "ix_registration_walk_in",
        "registration",
        ["meetup_id"],
        sqlite_where=WALKED_IN,
        postgresql_where=WALKED_IN,
    )
    op.create_table(
        "tick_mark",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("mark_id", sa.String(36), nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("tick", sa.String(64), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("device_id", BIG),
        sa.Column("account_id", BIG),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_tick_mark_meetup_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_tick_mark_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_tick_mark_device_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_tick_mark_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick_mark")),
        sa.UniqueConstraint("meetup_id", "mark_id", name=op.f("uq_tick_mark_meetup_id_mark_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tick_mark_registration_id_tick", "tick_mark", ["registration_id", "tick"])


def downgrade() -> None:
    op.drop_table("tick_mark")
    op.drop_index("ix_registration_walk_in", "registration")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
