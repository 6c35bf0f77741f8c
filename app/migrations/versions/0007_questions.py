"""Questions of a meetup, version by version, and the answers to them.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, owner: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG, nullable=False),
        sa.Column(f"{owner}_id", BIG, nullable=False),
        *columns,
        sa.Column("actor", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_{name}_{owner}_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_autoincrement=True,
    )


def upgrade() -> None:
    op.add_column(
        "meetup", sa.Column("questions_version", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("meetup", sa.Column("answers_until", sa.DateTime(timezone=True)))
    _table(
        "questions_version",
        "meetup",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("meetup_id", "version", name=op.f("uq_questions_version_meetup_id_version")),
    )
    _table(
        "answer_sheet",
        "registration",
        sa.Column("companion", sa.Integer(), nullable=False),
        sa.Column("questions_version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        op.f("ix_answer_sheet_registration_id_companion"), "answer_sheet", ["registration_id", "companion"]
    )


def downgrade() -> None:
    for table in ("answer_sheet", "questions_version"):
        op.drop_table(table)
    op.drop_column("meetup", "answers_until")
    op.drop_column("meetup", "questions_version")
