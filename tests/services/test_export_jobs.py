"""Large files by the worker: made once, under a lease, for their maker, for a day."""

from __future__ import annotations

import datetime as dt
import signal
import stat
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.models import AuditEntry, ExportJob, ExportState, Meetup, Person
from app.services.organizing import attendees, export_jobs, export_making
from app.services.personal import destruction, erasure
from tests.factories import make_account, make_alumnus, make_cohort, make_meetup, make_registration
from tests.support.one_worker import known, python

WISH: dict[str, Any] = {
    "statuses": ["confirmed"],
    "cohorts": [],
    "consents": [],
    "columns": ["name", "status"],
    "several": "cell",
}
NAMES = ("가가가", "나나나", "다다다")


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort()])
    for name in NAMES:
        make_registration(meetup, make_alumnus(meetup.cohorts[0], name), cohort=meetup.cohorts[0])
    return meetup


def ask(meetup: Meetup, account_id: int | None = None, reason: str = "명찰", **wish: Any) -> ExportJob:
    account_id = account_id or make_account().id
    return export_jobs.ask(meetup, account_id, WISH | wish, reason, locale="ko", total=len(NAMES))


def now_is(job: ExportJob) -> ExportJob:
    end_reading()
    return db.session.get_one(ExportJob, job.id, populate_existing=True)


def files(app: Flask, reference: str) -> list[Path]:
    folders = (app.config["SETTINGS"].DATA_DIR / "exports").glob(f"{reference}-*")
    return [path for folder in folders for path in folder.iterdir()]


def entries(act: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.act == act)))


def test_the_worker_makes_the_file_and_its_maker_takes_it(app: Flask, meetup: Meetup) -> None:
    job = ask(meetup)

    assert export_making.make_next("worker")

    done = now_is(job)
    with export_jobs.take(done) as file:
        rows = [[cell.value for cell in row[-2:]] for row in load_workbook(file).active.iter_rows()]
    assert (done.state, done.done) == (ExportState.DONE, 3)
    assert rows == [["이름", "상태"], *([name, "확정"] for name in NAMES)]
    assert not export_making.make_next("worker")


def test_making_and_each_download_are_noted_with_the_reason_and_without_names(meetup: Meetup) -> None:
    job = ask(meetup)
    export_making.make_next("worker")

    for _ in range(2):
        export_jobs.take(now_is(job)).close()

    made, taken = entries("attendees.file_made"), entries("attendees.exported")
    actor = f"account:{job.account_id}"
    assert [(each.reason, each.actor) for each in made] == [("명찰", actor)]
    assert [(each.reason, each.actor, each.details["rows"]) for each in taken] == [("명찰", actor, 3)] * 2
    assert NAMES[0] not in str([each.details for each in made + taken])


def test_the_file_is_its_users_alone_on_the_disk_and_nothing_else_lies_there(
    app: Flask, meetup: Meetup
) -> None:
    job = ask(meetup)
    export_making.make_next("worker")

    (path,) = files(app, job.reference)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)]
    assert modes == [0o600, 0o700]


def test_the_same_wish_under_way_is_the_same_file_and_afterwards_a_new_one(meetup: Meetup) -> None:
    account = make_account().id
    first = ask(meetup, account)

    again, other = ask(meetup, account), ask(meetup, account, columns=["name"])
    for _ in range(2):
        export_making.make_next("worker")
    later = ask(meetup, account)

    assert again.id == first.id
    assert len({first.id, other.id, later.id}) == 3


def test_presses_at_once_are_one_file(app: Flask, meetup: Meetup) -> None:
    account, here = make_account().id, meetup.id
    found: list[int] = []

    def press() -> None:
        with app.app_context():
            found.append(ask(db.session.get_one(Meetup, here), account).id)

    presses = [threading.Thread(target=press) for _ in range(8)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_nobody_else_has_the_file(meetup: Meetup) -> None:
    job = ask(meetup)
    elsewhere = make_meetup()

    assert export_jobs.find(meetup.id, job.account_id, job.reference)
    assert export_jobs.find(meetup.id, make_account().id, job.reference) is None
    assert export_jobs.find(elsewhere.id, job.account_id, job.reference) is None


def test_what_is_not_ready_cannot_be_taken(meetup: Meetup) -> None:
    with pytest.raises(DomainError) as refusal:
        export_jobs.take(ask(meetup))

    assert refusal.value.code == "file_not_ready"
    assert entries("attendees.exported") == []


def test_a_cancelled_file_is_made_no_further_and_nothing_of_it_is_left(
    app: Flask, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendees, "CHUNK", 1)
    job, told = ask(meetup), export_making._tell

    def cancelled(*given: Any) -> None:
        export_jobs.cancel(job.id)
        told(*given)

    monkeypatch.setattr(export_making, "_tell", cancelled)
    assert export_making.make_next("worker")
    export_jobs.cancel(job.id)

    assert now_is(job).state is ExportState.CANCELLED
    assert files(app, job.reference) == []
    assert entries("attendees.file_made") == []


def test_a_worker_that_stops_hands_the_file_back_and_the_next_makes_it(app: Flask, meetup: Meetup) -> None:
    job, stop = ask(meetup), threading.Event()
    stop.set()

    export_making.make_next("worker", stop)
    handed_back = now_is(job).state
    export_making.make_next("another")

    assert handed_back is ExportState.QUEUED
    assert (now_is(job).state, now_is(job).tries) == (ExportState.DONE, 1)


def test_an_error_is_said_and_nothing_half_made_stays(
    app: Flask, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> int:
        raise OSError(28, "no space left on the device")

    job = ask(meetup)
    monkeypatch.setattr(export_making.exports, "write_xlsx", full)
    export_making.make_next("worker")

    assert now_is(job).state is ExportState.FAILED
    assert files(app, job.reference) == []


KILLED = """
    from app.services.organizing import attendees, export_making
    attendees.CHUNK, told = 1, export_making._tell
    def tell(job, rows, stop):
        told(job, rows, stop)
        if rows == 2:
            os.kill(os.getpid(), signal.SIGKILL)
    export_making._tell = tell
    export_making.make_next("killed")
"""


def test_a_file_whose_worker_is_killed_is_made_anew_once_the_lease_is_over(
    app: Flask, meetup: Meetup, tmp_path: Path
) -> None:
    settings, job = app.config["SETTINGS"], ask(meetup)
    end_reading()

    command = python(settings, tmp_path, KILLED)
    died = subprocess.run(command, env=known(settings), check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-2000:]
    half = now_is(job)
    assert (half.state, half.done) == (ExportState.RUNNING, 2)
    assert not export_making.make_next("too early")
    with transaction() as session:
        session.execute(update(ExportJob).values(leased_until=now() - dt.timedelta(seconds=1)))

    assert export_making.make_next("another")

    assert now_is(job).state is ExportState.DONE
    export_jobs.discard_expired()
    assert [path.name for path in files(app, job.reference)] == [export_jobs.NAME]
    assert len(entries("attendees.file_made")) == 1


def test_a_worker_that_was_thought_dead_does_not_end_the_file_of_the_next(app: Flask, meetup: Meetup) -> None:
    job = ask(meetup)
    slow = export_making._claim("slow")
    assert slow
    with transaction() as session:
        session.execute(update(ExportJob).values(leased_until=now() - dt.timedelta(seconds=1)))
    export_making.make_next("another")

    with pytest.raises(export_making.NoLongerWanted):
        export_making._make(slow, threading.Event())

    assert now_is(job).state is ExportState.DONE
    assert len(entries("attendees.file_made")) == 1


def test_what_kills_each_worker_is_given_up(meetup: Meetup) -> None:
    job = ask(meetup)
    with transaction() as session:
        session.execute(update(ExportJob).values(tries=export_making.TRIES))

    export_making.make_next("worker")

    assert now_is(job).state is ExportState.FAILED


def test_after_a_day_row_and_file_are_gone(app: Flask, meetup: Meetup) -> None:
    job = ask(meetup)
    export_making.make_next("worker")
    reference, over = job.reference, now_is(job).expires_at
    assert over
    assert over - now() > dt.timedelta(hours=23)
    with transaction() as session:
        session.execute(update(ExportJob).values(expires_at=now() - dt.timedelta(seconds=1)))

    assert export_jobs.find(meetup.id, job.account_id, reference) is None
    assert export_jobs.discard_expired() == 1

    assert (db.session.scalars(select(ExportJob)).all(), files(app, reference)) == ([], [])


def test_with_a_meetups_data_its_files_are_destroyed(app: Flask, meetup: Meetup) -> None:
    job = ask(meetup)
    export_making.make_next("worker")
    reference = job.reference
    assert files(app, reference)

    with transaction() as session:
        destruction.forget_files(session, session.get_one(Meetup, meetup.id))

    assert (db.session.scalars(select(ExportJob)).all(), files(app, reference)) == ([], [])


def test_what_an_export_of_another_meetup_searched_for_goes_with_the_person(
    app: Flask, meetup: Meetup
) -> None:
    job = ask(make_meetup(cohorts=list(meetup.cohorts)), search=NAMES[0])
    export_making.make_next("worker")
    reference = job.reference
    assert files(app, reference)
    person = db.session.scalars(select(Person.id).where(Person.name == NAMES[0])).one()
    end_reading()

    erasure.erase(person, "person", Asked.LINK)

    assert (db.session.scalars(select(ExportJob)).all(), files(app, reference)) == ([], [])
