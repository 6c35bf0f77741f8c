"""How a meetup's certificates of attendance look.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate_design",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("signer_ko", sa.String(255), nullable=False),
        sa.Column("signer_en", sa.String(255), nullable=False),
        sa.Column("position_ko", sa.String(255), nullable=False),
        sa.Column("position_en", sa.String(255), nullable=False),
        sa.Column("words_ko", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("seal_id", BIG, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"],
            ["meetup.id"],
            name=op.f("fk_certificate_design_meetup_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["image.id"], name=op.f("fk_certificate_design_seal_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_design")),
        sa.UniqueConstraint("meetup_id", name=op.f("uq_certificate_design_meetup_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_certificate_design_seal_id"), "certificate_design", ["seal_id"])


def downgrade() -> None:
    op.drop_table("certificate_design")
