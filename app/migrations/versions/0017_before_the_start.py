"""What happens to seats before a meetup begins: reminders, the release of unanswered ones, no-shows behind.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

from app.clock import now

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
INDEXED = ("releases_at", "week_reminder_at", "day_reminder_at")
FLAGS = {"reminds_week": sa.true(), "reminds_day": sa.true(), "no_shows_behind": sa.false()}
REMINDERS = {"week_reminder_at": dt.timedelta(days=7), "day_reminder_at": dt.timedelta(days=1)}


def upgrade() -> None:
    op.add_column("meetup", sa.Column("release_hours", sa.Integer()))
    for column in INDEXED:
        op.add_column("meetup", sa.Column(column, INSTANT))
        op.create_index(op.f(f"ix_meetup_{column}"), "meetup", [column])
    for column, value in FLAGS.items():
        op.add_column("meetup", sa.Column(column, sa.Boolean(), nullable=False, server_default=value))
    for column in ("answer_by", "kept_for"):
        op.add_column("registration", sa.Column(column, INSTANT))
    _remind_from_now_on()


def _remind_from_now_on() -> None:
    """Of meetups to come, the reminders whose time has not passed: nobody gets a late one by an upgrade."""
    connection, at = op.get_bind(), now()
    meetup = sa.table(
        "meetup",
        sa.column("id"),
        sa.column("starts_at", INSTANT),
        *(sa.column(c, INSTANT) for c in REMINDERS),
    )
    for row in connection.execute(sa.select(meetup.c.id, meetup.c.starts_at)).all():
        starts = row.starts_at if row.starts_at.tzinfo else row.starts_at.replace(tzinfo=dt.UTC)
        times = {column: starts - before for column, before in REMINDERS.items() if starts - before > at}
        if times:
            connection.execute(sa.update(meetup).where(meetup.c.id == row.id).values(**times))


def downgrade() -> None:
    for column in ("kept_for", "answer_by"):
        op.drop_column("registration", column)
    for column in FLAGS:
        op.drop_column("meetup", column)
    for column in reversed(INDEXED):
        op.drop_index(op.f(f"ix_meetup_{column}"), table_name="meetup")
        op.drop_column("meetup", column)
    op.drop_column("meetup", "release_hours")
