"""When a meetup's personal data is destroyed, and what was.

What should be gone already goes a week after the upgrade, so that organizers are told before.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from app.clock import now

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTICED = sa.text(
    "SELECT meetup.id, meetup.ends_at, meetup.zone, notice_version.content "
    "FROM meetup JOIN notice_version ON notice_version.meetup_id = meetup.id"
).columns(
    sa.column("id", sa.Integer()),
    sa.column("ends_at", sa.DateTime(timezone=True)),
    sa.column("zone", sa.String()),
    sa.column("content", sa.JSON()),
)
WARNED = dt.timedelta(days=7)


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "destruction",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("registrations", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        _at("begun_at", nullable=False),
        _at("done_at"),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_destruction_meetup_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_destruction_meetup_id"), "destruction", ["meetup_id"])
    op.add_column("meetup", _at("destroys_at"))
    op.create_index(op.f("ix_meetup_destroys_at"), "meetup", ["destroys_at"])
    _set_dates()


def downgrade() -> None:
    op.drop_index(op.f("ix_meetup_destroys_at"), table_name="meetup")
    op.drop_column("meetup", "destroys_at")
    op.drop_table("destruction")


def _set_dates() -> None:
    """The earliest day that any version names; the worker looks then which of them people were shown."""
    bind, soonest = op.get_bind(), now() + WARNED
    dates: dict[int, dt.datetime] = {}
    for row in bind.execute(NOTICED):
        due = max(_due(row.ends_at, ZoneInfo(row.zone), row.content), soonest)
        dates[row.id] = min(due, dates.get(row.id, due))
    meetup = sa.table("meetup", sa.column("id", BIG), _at("destroys_at"))
    for number, due in dates.items():
        stored = due.replace(tzinfo=None) if bind.dialect.name == "sqlite" else due
        bind.execute(meetup.update().where(meetup.c.id == number).values(destroys_at=stored))


def _due(ends_at: dt.datetime, zone: ZoneInfo, content: Any) -> dt.datetime:
    said = json.loads(content) if isinstance(content, str) else content
    ends = ends_at if ends_at.tzinfo else ends_at.replace(tzinfo=dt.UTC)
    day = ends.astimezone(zone).date() + dt.timedelta(days=said["kept_days"] + 1)
    return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)
