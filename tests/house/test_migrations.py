"""The migrations make exactly the tables that the models describe, forward and back."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from app import create_app
from app.clock import now
from app.db import db, transaction
from app.models import AuditEntry, Meetup, SurveyTally, SurveyText, Ticket
from app.services import audit
from tests.factories import make_meetup, make_registration
from tests.support.databases import settings_for


@pytest.fixture
def own_app(database: str, make_database: Callable[[str], str], tmp_path: Path) -> Flask:
    """An application on a migrated database that no other test uses."""
    return create_app(settings_for(make_database(database), tmp_path))


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def test_the_migrated_tables_are_those_of_the_models(own_app: Flask) -> None:
    with own_app.app_context():
        assert differences() == []
        db.engine.dispose()


def test_forward_back_and_forward_again_ends_at_the_same_tables(own_app: Flask) -> None:
    with own_app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
        upgrade()
        assert differences() == []
        db.engine.dispose()


def test_meetups_from_before_there_were_reminders_get_those_whose_time_has_not_passed(own_app: Flask) -> None:
    with own_app.app_context():
        ids = {
            days: make_meetup(
                starts_at=now() + dt.timedelta(days=days), ends_at=now() + dt.timedelta(days=days, hours=3)
            ).id
            for days in (14, 3)
        }
        db.session.close()
        downgrade(revision="0016")
        upgrade()

        found = {days: db.session.get_one(Meetup, number) for days, number in ids.items()}

        assert found[14].week_reminder_at == found[14].starts_at - dt.timedelta(days=7)
        assert found[3].week_reminder_at is None
        assert found[3].day_reminder_at == found[3].starts_at - dt.timedelta(days=1)
        assert found[3].reminds_week
        db.session.close()
        db.engine.dispose()


def test_records_from_before_are_found_by_their_meetup(own_app: Flask) -> None:
    with own_app.app_context():
        row = make_registration()
        ticket = db.session.scalars(select(Ticket.id)).one()
        meetup_id, program_id = row.meetup_id, row.meetup.program_id
        with transaction() as session:
            for subject, details in (
                (f"registration:{row.id}", {}),
                (f"ticket:{ticket}", {}),
                (f"meetup:{meetup_id}", {}),
                ("meetup_membership:99", {"meetup": meetup_id}),
                (f"program:{program_id}", {}),
            ):
                audit.record(session, "x.y", subject, "worker", program_id=program_id, **details)
        db.session.close()
        downgrade(revision="0060")
        upgrade()

        found = db.session.execute(
            select(AuditEntry.subject, AuditEntry.meetup_id).where(AuditEntry.act == "x.y")
        )

        meetups = {subject.partition(":")[0]: number for subject, number in found}
        assert meetups.pop("program") is None
        assert set(meetups.values()) == {meetup_id}
        assert len(meetups) == 4
        db.session.close()
        db.engine.dispose()


def test_answers_of_surveys_from_before_are_shown_in_steps_and_back_as_they_were(own_app: Flask) -> None:
    said = {"q6": ["좋았어요", "또 봐요"]}
    with own_app.app_context():
        few, many = (make_meetup().id for _ in range(2))
        db.session.close()
        downgrade(revision="0053")
        for meetup_id, answers in ((few, 4), (many, 6)):
            _told(meetup_id, answers, said)
        upgrade()
        kept = {row.meetup_id: row for row in db.session.scalars(select(SurveyTally))}
        shown = [row.text for row in db.session.scalars(select(SurveyText))]
        db.session.close()

        assert (kept[few].answers, kept[few].held[1]["texts"], kept[few].waiting) == (0, said, 0)
        assert (kept[many].answers, kept[many].held) == (6, [])
        assert sorted(shown) == sorted(said["q6"])
        downgrade(revision="0053")
        back = db.session.execute(text("SELECT meetup_id, answers FROM survey_tally ORDER BY meetup_id"))
        assert [tuple(row) for row in back] == [(few, 4), (many, 6)]
        db.session.close()
        upgrade()
        db.engine.dispose()


def _told(meetup_id: int, answers: int, said: dict[str, list[str]]) -> None:
    row = {"m": meetup_id, "a": answers, "c": json.dumps({"q1": {"5": answers}}), "t": json.dumps(said)}
    insert = "INSERT INTO survey_tally (meetup_id, answers, counts, texts) VALUES (:m, :a, :c, :t)"
    with transaction() as session:
        session.execute(text(insert), row)
