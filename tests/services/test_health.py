"""Readiness: what is looked at, and that looking never fails."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text

from app.db import db, transaction
from app.services.running import health

PLENTY = health.ROOM_NEEDED * 2


def _set_version(version: str) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_a_migrated_database_with_room_on_the_disk_is_ready(app: Flask):
    report = health.ready(PLENTY)

    assert report == {"database": True, "schema": health.newest_schema(), "disk": True, "ready": True}
    assert not health.ready(0)["ready"]


def test_another_schema_than_ours_is_not_ready(app: Flask):
    ours = health.newest_schema() or ""
    _set_version("0000")
    try:
        assert health.ready(PLENTY)["ready"] is False
    finally:
        db.session.rollback()
        _set_version(ours)


def test_first_probes_at_once_are_all_ready(app: Flask):
    start = threading.Barrier(6)

    def probe(_: int) -> bool:
        with app.app_context():
            start.wait()
            return bool(health.ready(PLENTY)["ready"])

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(probe, range(6)))


def test_a_file_that_cannot_be_opened_is_not_ready_and_no_error(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def locked() -> None:
        raise PermissionError

    monkeypatch.setattr(health, "_write", locked)

    assert health.ready(PLENTY)["ready"] is False
