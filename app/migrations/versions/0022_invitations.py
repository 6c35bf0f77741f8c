"""Invitations to a meetup.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", BIG, nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "invitation_batch",
        _id(),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("is_reminder", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        _at("created_at"),
        _to("invitation_batch", "meetup_id", "meetup"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_batch")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invitation_batch_meetup_id"), "invitation_batch", ["meetup_id"])
    op.create_table(
        "meetup_invitation",
        _id(),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("batch_id", BIG, nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        _at("created_at"),
        _at("mailed_at"),
        sa.Column("reminders", sa.Integer(), nullable=False),
        _at("declined_at", nullable=True),
        _to("meetup_invitation", "meetup_id", "meetup"),
        _to("meetup_invitation", "person_id", "person"),
        _to("meetup_invitation", "batch_id", "invitation_batch"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetup_invitation")),
        sa.UniqueConstraint("uid", name=op.f("uq_meetup_invitation_uid")),
        sa.UniqueConstraint("meetup_id", "person_id", name=op.f("uq_meetup_invitation_meetup_id_person_id")),
        sqlite_autoincrement=True,
    )
    for column in ("person_id", "batch_id"):
        op.create_index(op.f(f"ix_meetup_invitation_{column}"), "meetup_invitation", [column])


def downgrade() -> None:
    op.drop_table("meetup_invitation")
    op.drop_table("invitation_batch")
