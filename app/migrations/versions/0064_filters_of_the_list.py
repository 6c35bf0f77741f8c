"""An index of those who were compared with the list of the larger event's host, for the filter of the attendee list.

Revision ID: 0064
Revises: 0063
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

INDEX = "ix_registration_host_listed"


def upgrade() -> None:
    compared = sa.text("host_listed IS NOT NULL")
    columns = ["meetup_id", "status", "host_listed"]
    op.create_index(INDEX, "registration", columns, sqlite_where=compared, postgresql_where=compared)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="registration")
