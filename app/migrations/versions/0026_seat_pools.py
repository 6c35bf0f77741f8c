"""Seats that are kept: quotas of cohorts until a date, and reserved ones with the persons who have them.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_COHORT = "ix_registration_meetup_id_status_cohort_id"


def _to(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_reserved_seat_{table}_id")
    return sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.add_column("meetup", sa.Column("reserved_seats", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("meetup", sa.Column("quotas", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("meetup", sa.Column("quotas_until", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_meetup_quotas_until"), "meetup", ["quotas_until"])
    op.create_index(op.f(BY_COHORT), "registration", ["meetup_id", "status", "cohort_id"])
    op.create_table(
        "reserved_seat",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("meetup"),
        _to("person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_seat")),
        sa.UniqueConstraint("meetup_id", "person_id", name=op.f("uq_reserved_seat_meetup_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reserved_seat_person_id"), "reserved_seat", ["person_id"])


def downgrade() -> None:
    op.drop_table("reserved_seat")
    op.drop_index(op.f(BY_COHORT), "registration")
    op.drop_index(op.f("ix_meetup_quotas_until"), "meetup")
    for name in ("quotas_until", "quotas", "reserved_seats"):
        op.drop_column("meetup", name)
