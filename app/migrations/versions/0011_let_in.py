"""How many people a phone let in by its own list, before it had an answer.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_in", sa.Column("let_in", sa.Integer()))


def downgrade() -> None:
    op.drop_column("check_in", "let_in")
