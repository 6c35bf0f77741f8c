"""Survey results in steps: what is held back apart from what is shown, texts as rows, no order of answering.

Revision ID: 0059
Revises: 0058
"""

from __future__ import annotations

import json
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FEWEST = 5


def upgrade() -> None:
    bind = op.get_bind()
    replies = sorted(bind.scalars(sa.text("SELECT registration_id FROM survey_reply")))
    tallies = [_read(row) for row in bind.execute(sa.text("SELECT * FROM survey_tally")).mappings()]
    op.drop_table("survey_reply")
    op.drop_table("survey_tally")
    _tables(new=True)
    table = op.create_table(
        "survey_text",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_survey_text_meetup_id_meetup"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_text")),
    )
    op.create_index("ix_survey_text_of_question", "survey_text", ["meetup_id", "question", "id"])
    _insert("survey_reply", [{"registration_id": number} for number in replies])
    for each in tallies:
        texts = each.pop("texts")
        counted = {key: {"written": len(said)} for key, said in texts.items()}
        whole = {"answers": each["answers"], "counts": each["counts"] | counted, "texts": texts}
        if each["answers"] < FEWEST:
            nothing = {"answers": 0, "counts": {}, "texts": {}}
            _insert(
                "survey_tally", [each | {"answers": 0, "counts": {}, "waiting": 0, "held": [nothing, whole]}]
            )
            continue
        _insert("survey_tally", [each | {"counts": whole["counts"], "waiting": 0, "held": []}])
        rows = [
            {"id": secrets.randbits(62), "meetup_id": each["meetup_id"], "question": key, "text": text}
            for key, said in texts.items()
            for text in said
        ]
        if rows:
            op.bulk_insert(table, sorted(rows, key=lambda row: row["id"]))


def downgrade() -> None:
    """What was held back is shown with the rest again, as it was."""
    bind = op.get_bind()
    replies = sorted(bind.scalars(sa.text("SELECT registration_id FROM survey_reply")))
    tallies = [_read(row) for row in bind.execute(sa.text("SELECT * FROM survey_tally")).mappings()]
    texts = bind.execute(sa.text("SELECT meetup_id, question, text FROM survey_text ORDER BY id")).all()
    op.drop_index("ix_survey_text_of_question", table_name="survey_text")
    op.drop_table("survey_text")
    op.drop_table("survey_reply")
    op.drop_table("survey_tally")
    _tables(new=False)
    _insert("survey_reply", [{"registration_id": number} for number in replies])
    for each in tallies:
        said: dict[str, list[str]] = {}
        for row in texts:
            if row.meetup_id == each["meetup_id"]:
                said.setdefault(row.question, []).append(row.text)
        counts = {key: dict(of) for key, of in each["counts"].items()}
        answers = each["answers"]
        for heap in each["held"]:
            answers += heap["answers"]
            for key, of in heap["counts"].items():
                mine = counts.setdefault(key, {})
                for choice, number in of.items():
                    mine[choice] = mine.get(choice, 0) + number
            for key, more in heap["texts"].items():
                said.setdefault(key, []).extend(more)
        chosen = {key: of for key, of in counts.items() if "written" not in of}
        _insert(
            "survey_tally",
            [{"meetup_id": each["meetup_id"], "answers": answers, "counts": chosen, "texts": said}],
        )


def _tables(*, new: bool) -> None:
    number = [] if new else [sa.Column("id", BIG, nullable=False)]
    keys: list[Any] = [sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_survey_reply"))]
    if not new:
        keys = [
            sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_reply")),
            sa.UniqueConstraint("registration_id", name=op.f("uq_survey_reply_registration_id")),
        ]
    op.create_table(
        "survey_reply",
        *number,
        sa.Column("registration_id", BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_survey_reply_registration_id_registration"),
            ondelete="RESTRICT",
        ),
        *keys,
        **({} if new else {"sqlite_autoincrement": True}),
    )
    held = (
        [
            sa.Column("waiting", sa.Integer(), nullable=False),
            sa.Column("held", sa.JSON(), nullable=False),
        ]
        if new
        else [sa.Column("texts", sa.JSON(), nullable=False)]
    )
    op.create_table(
        "survey_tally",
        sa.Column("id", BIG, nullable=False),
        sa.Column("meetup_id", BIG, nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        *held,
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name=op.f("fk_survey_tally_meetup_id_meetup"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_tally")),
        sa.UniqueConstraint("meetup_id", name=op.f("uq_survey_tally_meetup_id")),
        sqlite_autoincrement=True,
    )
    if new:
        op.create_index(op.f("ix_survey_tally_waiting"), "survey_tally", ["waiting"])


def _read(row: Any) -> dict[str, Any]:
    """SQLite gives JSON as text."""
    json_columns = {"counts", "texts", "held"}
    return {
        name: json.loads(value) if name in json_columns and isinstance(value, str) else value
        for name, value in row.items()
        if name != "id"
    }


def _insert(name: str, rows: list[dict[str, Any]]) -> None:
    """With numbers of their own, where they have any."""
    if not rows:
        return
    kinds = {"counts": sa.JSON(), "texts": sa.JSON(), "held": sa.JSON()}
    op.bulk_insert(sa.table(name, *(sa.column(key, kinds.get(key, BIG)) for key in rows[0])), rows)
