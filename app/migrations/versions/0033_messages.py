"""What organizers write to many people of a meetup at once.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject_ko", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.Text(), nullable=False),
        sa.Column("words_ko", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(300), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("repeats_id", BIG, nullable=True),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_message_meetup_id_meetup"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sqlite_autoincrement=True,
    )
    for column in ("meetup_id", "repeats_id", "begins_at"):
        op.create_index(op.f(f"ix_message_{column}"), "message", [column])
    op.add_column("outbox_mail", sa.Column("of_message", BIG, nullable=True))
    op.create_index(op.f("ix_outbox_mail_of_message_state"), "outbox_mail", ["of_message", "state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_mail_of_message_state"), "outbox_mail")
    op.drop_column("outbox_mail", "of_message")
    op.drop_table("message")
