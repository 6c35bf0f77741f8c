"""Indexes from which the numbers of a meetup with 100,000 registrations are counted without reading a row.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BY_COHORT = "ix_registration_meetup_id_status_cohort_id"
COMPANIONS, WITH_COMPANIONS = "ix_registration_companions", sa.text("companions > 0")
ADMITTED, CAME_IN = "ix_registration_admitted", sa.text("admitted_at IS NOT NULL")
NUMBERS = "ix_registration_numbers"
COMPLETED = "ix_roster_entry_cohort_id_completed_person_id"


def upgrade() -> None:
    op.drop_index(BY_COHORT, table_name="registration")
    _index(NUMBERS, "status", "cohort_id", "companions", "host_entry")
    op.drop_index(COMPANIONS, table_name="registration")
    _index(COMPANIONS, "status", "companions", where=WITH_COMPANIONS)
    _index(ADMITTED, "status", "cohort_id", "admitted_count", "admitted_at", where=CAME_IN)
    op.create_index(op.f(COMPLETED), "roster_entry", ["cohort_id", "completed", "person_id"])


def downgrade() -> None:
    op.drop_index(op.f(COMPLETED), table_name="roster_entry")
    op.drop_index(ADMITTED, table_name="registration")
    op.drop_index(COMPANIONS, table_name="registration")
    _index(COMPANIONS, where=WITH_COMPANIONS)
    op.drop_index(NUMBERS, table_name="registration")
    op.create_index(op.f(BY_COHORT), "registration", ["meetup_id", "status", "cohort_id"])


def _index(name: str, *columns: str, where: sa.TextClause | None = None) -> None:
    op.create_index(name, "registration", ["meetup_id", *columns], sqlite_where=where, postgresql_where=where)
