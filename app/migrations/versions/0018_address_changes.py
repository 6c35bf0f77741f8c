"""Changes of address, while the former one can object.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _to(target: str) -> sa.ForeignKeyConstraint:
    column = f"{target}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_address_change_{column}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("former", sa.String(255), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("objected_at", INSTANT),
        _to("person"),
        _to("registration"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("uid", name=op.f("uq_address_change_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("person_id", "registration_id"):
        op.create_index(op.f(f"ix_address_change_{column}"), "address_change", [column])


def downgrade() -> None:
    op.drop_table("address_change")
