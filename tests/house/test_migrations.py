"""The migrations make exactly the tables that the models describe, forward and back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.db import db
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
