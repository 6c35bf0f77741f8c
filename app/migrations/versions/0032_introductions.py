"""Whether attendees may introduce themselves to each other, and their cards.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "meetup", sa.Column("introductions", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "introduction_card",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("nickname", sa.String(255), nullable=False),
        sa.Column("affiliation", sa.String(255), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_introduction_card_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_card")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_introduction_card_registration_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("introduction_card")
    op.drop_column("meetup", "introductions")
