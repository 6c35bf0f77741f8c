"""Views of attendee lists that are kept; people by name, registrations by time.

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_saved_view_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "program_id", "account_id", "name", name=op.f("uq_saved_view_program_id_account_id_name")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_saved_view_account_id"), "saved_view", ["account_id"])
    op.create_index(
        op.f("ix_registration_meetup_id_created_at_id"), "registration", ["meetup_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_person_program_id_name_id"), "person", ["program_id", "name", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_registration_meetup_id_created_at_id"), table_name="registration")
    op.drop_index(op.f("ix_person_program_id_name_id"), table_name="person")
    op.drop_table("saved_view")
