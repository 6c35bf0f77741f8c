"""The way back of an edited list among the kept uploads, and which of them is being brought in.

Revision ID: 0056
Revises: 0055
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MEETUP = "fk_roster_upload_meetup_id"


def upgrade() -> None:
    with op.batch_alter_table("roster_upload", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("meetup_id", BIG, nullable=True))
        batch.add_column(sa.Column("takes_back", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("busy_since", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f(MEETUP), "meetup", ["meetup_id"], ["id"], ondelete="CASCADE")
        batch.create_index(op.f("ix_roster_upload_meetup_id"), ["meetup_id"])


def downgrade() -> None:
    op.execute("DELETE FROM roster_upload WHERE takes_back IS NOT NULL")
    with op.batch_alter_table("roster_upload", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_index(op.f("ix_roster_upload_meetup_id"))
        batch.drop_constraint(op.f(MEETUP), type_="foreignkey")
        batch.drop_column("busy_since")
        batch.drop_column("takes_back")
        batch.drop_column("meetup_id")
