"""The worker's side of large files: one after the other, each under a lease.

A worker that is killed leaves its lease to run out, and another makes the file anew; what was half made is removed.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import threading
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import Table, and_, bindparam, or_, select, update

from app.clock import now
from app.db import db, end_reading, statements, transaction
from app.models import ExportJob, ExportState
from app.services import audit
from app.services.backups.files import restoring
from app.services.organizing import export_jobs, exports
from app.services.organizing.exports import Order

log = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=90)  # renewed each thousand rows; long enough for packing the whole at the end
TRIES = 3
ORDERS = "attendee_orders"
_job = cast("Table", ExportJob.__table__)
_DUE = or_(
    _job.c.state == ExportState.QUEUED,
    and_(_job.c.state == ExportState.RUNNING, _job.c.leased_until < bindparam("at")),
)
_ANY = select(_job.c.id).where(_DUE).limit(1)
_first = select(_job.c.id).where(_DUE).order_by(_job.c.id).limit(1).with_for_update(skip_locked=True).cte()
_LEASE = (
    update(_job)
    .where(_job.c.id.in_(select(_first.c.id)))
    .values(
        state=ExportState.RUNNING,
        leased_until=bindparam("until"),
        leased_by=bindparam("by"),
        tries=_job.c.tries + 1,
        done=0,
    )
    .returning(*_job.c)
)


class NoLongerWanted(Exception):
    """The file under way is not to be finished here."""


def tell_orders(extensions: dict[str, Any], of: Callable[[ExportJob], Order]) -> None:
    """Say, in the application's extensions, how a wish becomes an order. The columns' headings are the pages' business."""
    extensions[ORDERS] = of


def serve(app: Flask, worker: str, stop: threading.Event, pause: float) -> None:
    """Make files until stopped; for a thread of the worker's own, as no mail may wait for a file."""
    while not stop.is_set():
        made = False
        try:
            with app.app_context():
                made = not restoring().exists() and make_next(worker, stop)
        except Exception as error:
            log.error("making files stumbled", exc_info=error)
        if not made:
            stop.wait(pause)


def make_next(worker: str, stop: threading.Event | None = None) -> bool:
    """Make the file that waits longest, if any does."""
    job = _claim(worker)
    if job is None:
        return False
    try:
        if job.tries > TRIES:
            raise RuntimeError(f"given up after {TRIES} tries")
        _make(job, stop or threading.Event())
    except NoLongerWanted:
        shutil.rmtree(export_jobs.folder_of(job.reference, job.tries), ignore_errors=True)
    except Exception as error:
        log.error("a file could not be made", exc_info=error, extra={"job": job.id})
        end_reading()
        _end(job, ExportState.FAILED)
        shutil.rmtree(export_jobs.folder_of(job.reference, job.tries), ignore_errors=True)
    return True


def _claim(worker: str) -> ExportJob | None:
    """Apart from the session, as it is now."""
    waiting = db.session.scalar(_ANY, {"at": now()})
    end_reading()
    if waiting is None:
        return None
    with statements() as connection:
        given = {"at": now(), "until": now() + LEASE, "by": worker}
        row = connection.execute(_LEASE, given).one_or_none()
    return ExportJob(**row._mapping) if row else None


def _make(job: ExportJob, stop: threading.Event) -> None:
    folder = export_jobs.folder_of(job.reference, job.tries)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    order = _order_of(job)

    def tell(rows: int) -> None:
        _tell(job, rows, stop)

    handle = os.open(folder / export_jobs.NAME, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with force_locale(job.locale), os.fdopen(handle, "w+b") as file:
        rows = exports.write_xlsx(order, file, tell=tell, folder=folder)
        size = file.seek(0, os.SEEK_END)
    end_reading()
    _end(job, ExportState.DONE, done=rows, size=size, details=exports.details(order, "xlsx", rows))


def _order_of(job: ExportJob) -> Order:
    make: Callable[[ExportJob], Order] = current_app.extensions[ORDERS]
    with force_locale(job.locale):
        return make(job)


def _tell(job: ExportJob, rows: int, stop: threading.Event) -> None:
    """How far it is; that it is alive; and whether it is still wanted."""
    if stop.is_set():
        _hold(job, state=ExportState.QUEUED, leased_until=None, tries=job.tries - 1)
        raise NoLongerWanted
    if not _hold(job, done=rows, leased_until=now() + LEASE):
        raise NoLongerWanted


def _hold(job: ExportJob, **values: Any) -> bool:
    with statements() as connection:
        return bool(connection.execute(_held(job).values(**values)).rowcount)


def _held(job: ExportJob) -> Any:
    """This try of it, and no later one."""
    still = _job.c.id == job.id, _job.c.state == ExportState.RUNNING, _job.c.tries == job.tries
    return update(_job).where(*still)


def _end(job: ExportJob, state: ExportState, **values: Any) -> None:
    """Note what became of it, if this try still counts."""
    until = now() + export_jobs.KEPT
    with transaction() as session:
        ended = session.connection().execute(
            _held(job).values(state=state, leased_until=None, expires_at=until, **values)
        )
        if not ended.rowcount:
            raise NoLongerWanted
        if state is ExportState.DONE:
            audit.record(
                session,
                "attendees.file_made",
                f"meetup:{job.meetup_id}",
                f"account:{job.account_id}",
                program_id=job.program_id,
                reason=job.reason,
                **values["details"],
            )
