"""Seals over the audit trail, a mark for each reason, and an index for searching a programme's entries.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("reason_mark", sa.String(64), nullable=False, server_default=""))
    op.drop_index(op.f("ix_audit_entry_program_id"), "audit_entry")
    op.create_index(op.f("ix_audit_entry_program_id_id"), "audit_entry", ["program_id", "id"])
    op.create_table(
        "audit_seal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", BIG, nullable=False),
        sa.Column("last_id", BIG, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("first_id", name=op.f("uq_audit_seal_first_id")),
        sa.UniqueConstraint("last_id", name=op.f("uq_audit_seal_last_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_seal_checked_at"), "audit_seal", ["checked_at"])


def downgrade() -> None:
    op.drop_table("audit_seal")
    op.drop_index(op.f("ix_audit_entry_program_id_id"), "audit_entry")
    op.create_index(op.f("ix_audit_entry_program_id"), "audit_entry", ["program_id"])
    op.drop_column("audit_entry", "reason_mark")
