"""How a meetup's badges look, and which were printed.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "badge_design",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_badge_design_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_design")),
        sa.UniqueConstraint("meetup_id", name=op.f("uq_badge_design_meetup_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "badge_print",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("badges", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_badge_print_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_print")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_badge_print_meetup_id"), "badge_print", ["meetup_id"])
    op.create_table(
        "printed_badge",
        sa.Column("id", BIG, nullable=False),
        sa.Column("print_id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("companion", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["print_id"], ["badge_print.id"], name=op.f("fk_printed_badge_print_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_printed_badge_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_badge")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_printed_badge_print_id"), "printed_badge", ["print_id"])
    op.create_index(op.f("ix_printed_badge_registration_id"), "printed_badge", ["registration_id"])


def downgrade() -> None:
    op.drop_table("printed_badge")
    op.drop_table("badge_print")
    op.drop_table("badge_design")
