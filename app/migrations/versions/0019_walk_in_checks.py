"""Walk-ins that are verified afterwards: whether a meetup does, and whom on the roster each was found to be.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = {
    "registration_id": "registration",
    "person_id": "person",
    "came_as_id": "person",
    "said_cohort_id": "cohort",
}


def _to(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_walk_in_check_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.add_column(
        "meetup",
        sa.Column("door_verifies_walk_ins", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "walk_in_check",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("person_id", BIG),
        sa.Column("came_as_id", BIG, nullable=False),
        sa.Column("said_cohort_id", BIG, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(_to(column, table) for column, table in COLUMNS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_in_check")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_walk_in_check_registration_id")),
        sqlite_autoincrement=True,
    )
    for column in ("person_id", "came_as_id", "said_cohort_id"):
        op.create_index(op.f(f"ix_walk_in_check_{column}"), "walk_in_check", [column])


def downgrade() -> None:
    op.drop_table("walk_in_check")
    op.drop_column("meetup", "door_verifies_walk_ins")
