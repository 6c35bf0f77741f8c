"""Who sits at which table.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "table_plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("how", sa.String(length=24), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_table_plan_meetup_id_meetup"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_plan")),
        sa.UniqueConstraint("meetup_id", name=op.f("uq_table_plan_meetup_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "table_seat",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("fixed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("beside", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_table_seat_registration_id_registration"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_seat")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_table_seat_registration_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("table_seat")
    op.drop_table("table_plan")
