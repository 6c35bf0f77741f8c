"""Who is on the list of whoever hosts the larger event.

Revision ID: 0052
Revises: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "host_list",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_host_list_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_list")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_host_list_meetup_id"), "host_list", ["meetup_id"])
    op.add_column("registration", sa.Column("host_listed", sa.String(24), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("registration") as table:
        table.drop_column("host_listed")
    op.drop_table("host_list")
