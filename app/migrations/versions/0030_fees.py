"""A fee by bank transfer, and what became of each seat's.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", BIG, nullable=False)


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _line(name: str, length: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "fee",
        _id(),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("of_companions", sa.Boolean(), nullable=False),
        _line("bank"),
        _line("account"),
        _line("holder"),
        sa.Column("days", sa.Integer(), nullable=True),
        _at("until"),
        sa.Column("passes_on", sa.Boolean(), nullable=False),
        _at("told_at", nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_fee_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint("meetup_id", name=op.f("uq_fee_meetup_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "payment",
        _id(),
        sa.Column("registration_id", BIG, nullable=False),
        _line("depositor"),
        _at("paid_at"),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        _line("booked_by", 64),
        _line("batch", 64),
        _at("kept_at"),
        _line("refund_account"),
        _at("refunded_at"),
        _at("created_at", nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_payment_registration_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_payment_registration_id")),
        sqlite_autoincrement=True,
    )
    for column in ("paid_at", "batch"):
        op.create_index(op.f(f"ix_payment_{column}"), "payment", [column])


def downgrade() -> None:
    op.drop_table("payment")
    op.drop_table("fee")
