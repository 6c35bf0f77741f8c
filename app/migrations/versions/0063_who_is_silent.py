"""Who of those who may come has registered is counted without reading a registration.

Revision ID: 0063
Revises: 0062
"""

from __future__ import annotations

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

NUMBERS = "ix_registration_numbers"


def upgrade() -> None:
    _index("meetup_id", "status", "cohort_id", "companions", "host_entry", "person_id")


def downgrade() -> None:
    _index("meetup_id", "status", "cohort_id", "companions", "host_entry")


def _index(*columns: str) -> None:
    op.drop_index(NUMBERS, table_name="registration")
    op.create_index(NUMBERS, "registration", list(columns))
