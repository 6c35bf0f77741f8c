"""Addresses of which mail servers say that there is no such mailbox.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person_address", sa.Column("dead_since", sa.DateTime(timezone=True)))
    op.add_column("person_address", sa.Column("dead_words", sa.Text()))
    op.create_index(op.f("ix_person_address_dead_since"), "person_address", ["dead_since"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_address_dead_since"), "person_address")
    op.drop_column("person_address", "dead_words")
    op.drop_column("person_address", "dead_since")
