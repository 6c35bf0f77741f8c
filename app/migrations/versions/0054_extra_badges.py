"""Badges for those who have no registration.

Revision ID: 0054
Revises: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "extra_badge",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("line", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_extra_badge_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_badge")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_extra_badge_meetup_id"), "extra_badge", ["meetup_id"])
    op.create_index(op.f("ix_extra_badge_removed_at"), "extra_badge", ["removed_at"])
    with op.batch_alter_table("printed_badge", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("registration_id", existing_type=BIG, nullable=True)
        table.add_column(sa.Column("extra_id", BIG))
        table.create_foreign_key(
            op.f("fk_printed_badge_extra_id"), "extra_badge", ["extra_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_index(op.f("ix_printed_badge_extra_id"), ["extra_id"])


def downgrade() -> None:
    op.execute("DELETE FROM printed_badge WHERE registration_id IS NULL")
    with op.batch_alter_table("printed_badge", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_index(op.f("ix_printed_badge_extra_id"))
        table.drop_constraint(op.f("fk_printed_badge_extra_id"), type_="foreignkey")
        table.drop_column("extra_id")
        table.alter_column("registration_id", existing_type=BIG, nullable=False)
    op.drop_table("extra_badge")
