"""What companions answered who no longer come goes, as it does from now on when an organizer says fewer come.

Revision ID: 0057
Revises: 0056
"""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DELETE FROM answer_sheet WHERE companion > 0 AND companion >"
        " (SELECT companions FROM registration WHERE registration.id = answer_sheet.registration_id)"
    )


def downgrade() -> None:
    """What nobody was to keep doesn't come back."""
