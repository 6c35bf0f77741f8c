"""The words of a change that the audit trail leaves out: which tag, from what to what.

Revision ID: 0065
Revises: 0064
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "told_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("change", sa.String(64), nullable=False),
        sa.Column("part", sa.String(64), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_told_change_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_told_change_registration_id"), "told_change", ["registration_id"])


def downgrade() -> None:
    op.drop_table("told_change")
