"""Files that the worker makes.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDER_WAY = sa.text("state IN ('queued', 'running')")
INDEXED = ("account_id", "expires_at", "meetup_id", "program_id")


def upgrade() -> None:
    op.create_table(
        "export_job",
        sa.Column("id", BIG, nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("wish_key", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("leased_by", sa.String(255)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_export_job_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_export_job_meetup_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_export_job_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
        sa.UniqueConstraint("reference", name=op.f("uq_export_job_reference")),
        sqlite_autoincrement=True,
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_export_job_{column}"), "export_job", [column])
    op.create_index(op.f("ix_export_job_state_id"), "export_job", ["state", "id"])
    op.create_index(
        "uq_export_job_under_way",
        "export_job",
        ["account_id", "meetup_id", "wish_key"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_table("export_job")
