"""A key by which companions are found by name, made of the names that are there.

Revision ID: 0060
Revises: 0059
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from app.domain.writing.names import search_key

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

INDEX = "ix_registration_companion_key"


def upgrade() -> None:
    op.add_column(
        "registration", sa.Column("companion_key", sa.String(1000), nullable=False, server_default="")
    )
    _fill()
    named = sa.text("companion_key != ''")
    op.create_index(INDEX, "registration", ["meetup_id"], sqlite_where=named, postgresql_where=named)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="registration")
    op.drop_column("registration", "companion_key")


def _fill() -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, companion_names FROM registration WHERE companions > 0")).all()
    # SQLite gives JSON as text.
    read = ((number, json.loads(names) if isinstance(names, str) else names) for number, names in rows)
    keys = [{"number": number, "key": search_key("", names)} for number, names in read if any(names)]
    if keys:
        bind.execute(sa.text("UPDATE registration SET companion_key = :key WHERE id = :number"), keys)
