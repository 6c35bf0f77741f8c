"""Counts are counted by one request at a time, and no other waits for it."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from app.db import db
from app.services.door import door_counts
from app.services.door.door_counts import CohortCount, Counts
from tests.factories import make_meetup

OLD, NEW = (Counts((CohortCount(3, came, came, 40),)) for came in (5, 6))


def test_while_one_request_counts_anew_others_are_told_what_there_was(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    meetup_id = make_meetup().id
    monkeypatch.setattr(door_counts, "_counted", lambda _: OLD)
    door_counts.of(meetup_id)
    monkeypatch.setattr(door_counts, "FRESH_SECONDS", 0.0)  # old already
    counting, go_on, answers = threading.Event(), threading.Event(), []

    def slowly(_: int) -> Counts:
        counting.set()
        go_on.wait(10)
        return NEW

    def asks() -> None:
        with app.app_context():
            answers.append(door_counts.of(meetup_id))
            db.session.remove()

    monkeypatch.setattr(door_counts, "_counted", slowly)
    first = threading.Thread(target=asks)
    first.start()
    assert counting.wait(10)
    monkeypatch.setattr(door_counts, "FRESH_SECONDS", 60.0)

    assert door_counts.of(meetup_id) == OLD

    go_on.set()
    first.join(10)
    assert answers == [NEW]
    assert door_counts.of(meetup_id) == NEW
