"""Notices with their consents, version by version; what people consented to; texts kept by programmes.

A meetup that was published before has none: it stays published, and the desk asks for one.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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
        "meetup", sa.Column("notice_version", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("registration", sa.Column("notice_version", sa.Integer()))
    _table(
        "notice_version",
        "meetup",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("meetup_id", "version", name=op.f("uq_notice_version_meetup_id_version")),
    )
    _table(
        "consent_record",
        "registration",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        op.f("ix_consent_record_registration_id_key"), "consent_record", ["registration_id", "key"]
    )
    _table(
        "text_template",
        "program",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("program_id", "kind", "name", name=op.f("uq_text_template_program_id_kind_name")),
    )


def downgrade() -> None:
    for table in ("text_template", "consent_record", "notice_version"):
        op.drop_table(table)
    op.drop_column("registration", "notice_version")
    op.drop_column("meetup", "notice_version")
