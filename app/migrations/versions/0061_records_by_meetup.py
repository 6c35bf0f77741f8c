"""The meetup of each entry of the audit trail, found by an index; for what is there by its subject, or its details.

Revision ID: 0061
Revises: 0060
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_MEETUP = (
    "account_invitation",
    "check_in",
    "device",
    "enrolment",
    "meetup_invitation",
    "meetup_membership",
    "message",
    "outbox_mail",
    "registration",
    "story_photo",
)
ENTRY = sa.table(
    "audit_entry",
    sa.column("meetup_id", BIG),
    sa.column("subject", sa.String),
    sa.column("details", sa.JSON),
)
REGISTRATION = sa.table("registration", sa.column("id", BIG), sa.column("meetup_id", BIG))


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("meetup_id", BIG, nullable=True))
    _write("meetup", _number("meetup"))
    for kind in OF_MEETUP:
        row = sa.table(kind, sa.column("id", BIG), sa.column("meetup_id", BIG))
        _write(kind, sa.select(row.c.meetup_id).where(row.c.id == _number(kind)).scalar_subquery())
    ticket = sa.table("ticket", sa.column("id", BIG), sa.column("registration_id", BIG))
    held = sa.select(REGISTRATION.c.meetup_id).join(ticket, ticket.c.registration_id == REGISTRATION.c.id)
    _write("ticket", held.where(ticket.c.id == _number("ticket")).scalar_subquery())
    said = ENTRY.c.details["meetup"].as_integer()
    op.execute(sa.update(ENTRY).where(ENTRY.c.meetup_id.is_(None)).values(meetup_id=said))
    op.create_index(op.f("ix_audit_entry_meetup_id_id"), "audit_entry", ["meetup_id", "id"])


def _number(kind: str) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.substr(ENTRY.c.subject, len(kind) + 2), BIG)


def _write(kind: str, meetup: sa.ColumnElement[int]) -> None:
    mine = ENTRY.c.subject.startswith(f"{kind}:", autoescape=True)
    op.execute(sa.update(ENTRY).where(mine).values(meetup_id=meetup))


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_entry_meetup_id_id"), "audit_entry")
    op.drop_column("audit_entry", "meetup_id")
