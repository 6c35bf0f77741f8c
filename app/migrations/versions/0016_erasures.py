"""Erasing a person: the code that it takes, the mark on what is left, and what keeps them from coming back.

Revision ID: 0016
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _to(table: str, target: str) -> sa.ForeignKeyConstraint:
    column = f"{target}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", INSTANT))
    op.create_table(
        "erased_address",
        sa.Column("id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        _to("erased_address", "program"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_address")),
        sa.UniqueConstraint(
            "program_id", "address_hash", name=op.f("uq_erased_address_program_id_address_hash")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fresh_proof",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *(sa.Column(column, INSTANT) for column in ("sent_at", "expires_at", "replaced_at", "proved_at")),
        _to("fresh_proof", "registration"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fresh_proof")),
        sa.UniqueConstraint("uid", name=op.f("uq_fresh_proof_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("registration_id", "created_at"):
        op.create_index(op.f(f"ix_fresh_proof_{column}"), "fresh_proof", [column])


def downgrade() -> None:
    op.drop_table("fresh_proof")
    op.drop_table("erased_address")
    op.drop_column("person", "erased_at")
