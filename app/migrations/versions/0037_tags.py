"""Tags and notes of organizers on registrations.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "tag",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        _refers("tag", "meetup_id", "meetup"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("meetup_id", "key", name=op.f("uq_tag_meetup_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "registration_tag",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("tag_id", BIG, nullable=False),
        _refers("registration_tag", "registration_id", "registration"),
        _refers("registration_tag", "tag_id", "tag"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_tag")),
        sa.UniqueConstraint(
            "registration_id", "tag_id", name=op.f("uq_registration_tag_registration_id_tag_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_registration_tag_tag_id_registration_id"), "registration_tag", ["tag_id", "registration_id"]
    )
    op.create_table(
        "registration_note",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        _refers("registration_note", "registration_id", "registration"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_note")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_registration_note_registration_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("registration_note")
    op.drop_table("registration_tag")
    op.drop_table("tag")
