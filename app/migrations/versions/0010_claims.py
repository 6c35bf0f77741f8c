"""List checks: what somebody said whose address is on no list, and what became of it.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _to(table: str) -> sa.ForeignKeyConstraint:
    column = f"{table}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_claim_{column}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("cohort_id", BIG),
        sa.Column("former_address", sa.String(255), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", BIG),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("registration"),
        _to("cohort"),
        _to("person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_claim_registration_id")),
        sqlite_autoincrement=True,
    )
    for column in ("cohort_id", "person_id"):
        op.create_index(op.f(f"ix_claim_{column}"), "claim", [column])


def downgrade() -> None:
    op.drop_table("claim")
