"""What a meetup was like, told in public afterwards.

Revision ID: 0046
Revises: 0045
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def _link(table: str, column: str, target: str) -> Any:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("words_ko", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.Column("published_at", WHEN, nullable=True),
        _link("story", "meetup_id", "meetup"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("meetup_id", name=op.f("uq_story_meetup_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story_photo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("image_id", BIG, nullable=False),
        sa.Column("small_id", BIG, nullable=False),
        sa.Column("caption_ko", sa.String(length=255), nullable=False),
        sa.Column("caption_en", sa.String(length=255), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("hidden_at", WHEN, nullable=True),
        sa.Column("asked_words", sa.Text(), nullable=False),
        _link("story_photo", "meetup_id", "meetup"),
        _link("story_photo", "image_id", "image"),
        _link("story_photo", "small_id", "image"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_photo")),
        sa.UniqueConstraint("uid", name=op.f("uq_story_photo_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("meetup_id", "image_id", "small_id"):
        op.create_index(op.f(f"ix_story_photo_{column}"), "story_photo", [column])
    op.create_table(
        "story_quote",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("talk", sa.String(length=255), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("approved_at", WHEN, nullable=True),
        sa.Column("refused_at", WHEN, nullable=True),
        _link("story_quote", "meetup_id", "meetup"),
        _link("story_quote", "registration_id", "registration"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_quote")),
        sqlite_autoincrement=True,
    )
    for column in ("meetup_id", "registration_id"):
        op.create_index(op.f(f"ix_story_quote_{column}"), "story_quote", [column])


def downgrade() -> None:
    op.drop_table("story_quote")
    op.drop_table("story_photo")
    op.drop_table("story")
