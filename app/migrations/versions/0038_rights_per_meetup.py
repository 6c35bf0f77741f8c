"""Rights at one meetup, and invitations to them.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "meetup_membership",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_meetup_membership_meetup_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_meetup_membership_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetup_membership")),
        sa.UniqueConstraint(
            "meetup_id", "account_id", name=op.f("uq_meetup_membership_meetup_id_account_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meetup_membership_account_id"), "meetup_membership", ["account_id"])
    with op.batch_alter_table("account_invitation", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("meetup_id", BIG))
        table.create_foreign_key(
            op.f("fk_account_invitation_meetup_id"), "meetup", ["meetup_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_index(op.f("ix_account_invitation_meetup_id"), ["meetup_id"])
    op.add_column(
        "enrolment", sa.Column("is_own", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )


def downgrade() -> None:
    op.drop_column("enrolment", "is_own")
    op.execute("DELETE FROM account_invitation WHERE meetup_id IS NOT NULL")
    with op.batch_alter_table("account_invitation", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_index(op.f("ix_account_invitation_meetup_id"))
        table.drop_constraint(op.f("fk_account_invitation_meetup_id"), type_="foreignkey")
        table.drop_column("meetup_id")
    op.drop_table("meetup_membership")
