"""What people are told of a meetup that moves, and answers that count for one appointment.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ANSWERS = ("asked_for", "coming_for", "kept_for")


def upgrade() -> None:
    op.add_column("meetup", sa.Column("appointment", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("meetup", sa.Column("reconfirms_at", INSTANT))
    for column in ANSWERS:
        _count(column)
    op.create_table(
        "meetup_move",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("appointment", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reminded_at", INSTANT),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("place_ko", sa.String(255), nullable=False),
        sa.Column("place_en", sa.String(255), nullable=False),
        sa.Column("place_address", sa.String(255), nullable=False),
        sa.Column("online_url", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_meetup_move_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetup_move")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meetup_move_meetup_id"), "meetup_move", ["meetup_id"])


def _count(column: str) -> None:
    """What was about the start as it is now is about the first appointment; what was about another, about none."""
    op.add_column("registration", sa.Column(f"{column}_number", sa.Integer()))
    op.execute(
        f"UPDATE registration SET {column}_number = 1 WHERE {column} = "  # noqa: S608 - names of ours
        "(SELECT starts_at FROM meetup WHERE meetup.id = registration.meetup_id)"
    )
    op.drop_column("registration", column)
    op.execute(f"ALTER TABLE registration RENAME COLUMN {column}_number TO {column}")


def downgrade() -> None:
    op.drop_index(op.f("ix_meetup_move_meetup_id"), table_name="meetup_move")
    op.drop_table("meetup_move")
    for column in ANSWERS:
        _tell_the_time(column)
    op.drop_column("meetup", "reconfirms_at")
    op.drop_column("meetup", "appointment")


def _tell_the_time(column: str) -> None:
    """What is about the appointment of now is about its start."""
    op.add_column("registration", sa.Column(f"{column}_start", INSTANT))
    op.execute(
        f"UPDATE registration SET {column}_start = (SELECT starts_at FROM meetup "  # noqa: S608 - names of ours
        f"WHERE meetup.id = registration.meetup_id AND meetup.appointment = registration.{column})"
    )
    op.drop_column("registration", column)
    op.execute(f"ALTER TABLE registration RENAME COLUMN {column}_start TO {column}")
