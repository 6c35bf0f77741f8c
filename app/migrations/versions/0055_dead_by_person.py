"""An index of the addresses where no mail arrives, which are few: by whose they are.

Revision ID: 0055
Revises: 0054
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

DEAD = sa.text("dead_since IS NOT NULL")


def upgrade() -> None:
    op.drop_index(op.f("ix_person_address_dead_since"), "person_address")
    op.create_index(
        "ix_person_address_dead", "person_address", ["person_id"], sqlite_where=DEAD, postgresql_where=DEAD
    )


def downgrade() -> None:
    op.drop_index("ix_person_address_dead", "person_address")
    op.create_index(op.f("ix_person_address_dead_since"), "person_address", ["dead_since"])
