"""Sets of columns that organizers take away together.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "column_set",
        sa.Column("id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("several", sa.String(16), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_column_set_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_set")),
        sa.UniqueConstraint("program_id", "key", name=op.f("uq_column_set_program_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_column_set_default",
        "column_set",
        ["program_id"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )


def downgrade() -> None:
    op.drop_table("column_set")
