"""Draws: commitments, published files, and pseudonyms.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CURRENT = sa.text("ended_at IS NULL")


def _columns() -> list[sa.Column[object]]:
    """Of a meetup; each has a default, so that rows made before stay as they are."""
    return [
        sa.Column("draw_until", INSTANT),
        sa.Column("draw_closed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("draw_seats", sa.Integer(), nullable=False, server_default=sa.text("0")),
    ]


def upgrade() -> None:
    for column in _columns():
        op.add_column("meetup", column)
    op.create_table(
        "draw",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("cohorts", sa.JSON(), nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("entries", sa.Text()),
        sa.Column("held_at", INSTANT),
        sa.Column("held_by", sa.String(64)),
        sa.Column("opening", sa.Text()),
        sa.Column("result", sa.Text()),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_draw_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("uid", name=op.f("uq_draw_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draw_meetup_id"), "draw", ["meetup_id"])
    for index, indexed, unique in (
        ("uq_draw_current", "meetup_id", True),
        ("ix_draw_deadline", "deadline", False),
    ):
        op.create_index(
            index, "draw", [indexed], unique=unique, sqlite_where=CURRENT, postgresql_where=CURRENT
        )
    op.create_table(
        "draw_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("pseudonym", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_draw_entry_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_entry")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_draw_entry_registration_id")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_draw_entry_pseudonym")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("draw_entry", "draw"):
        op.drop_table(table)
    for column in reversed(_columns()):
        op.drop_column("meetup", column.name)
