"""Large files that the worker makes: asked for, followed, taken, cancelled, and gone after a day.

A file lies in a folder of its own under DATA_DIR/exports, private to the server's user. The row comes before the
folder and goes with it: no file lies on the disk that nothing remembers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from flask import current_app
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.models import ExportJob, ExportState, Meetup
from app.services import audit
from app.services.races import once_more

LARGE = 10_000  # rows; a file with more is not made while somebody waits for the page
KEPT = dt.timedelta(days=1)
SHOWN = 5
UNDER_WAY = (ExportState.QUEUED, ExportState.RUNNING)
NAME = "list.xlsx"


@once_more
def ask(
    meetup: Meetup, account_id: int, wish: Mapping[str, Any], reason: str, *, locale: str, total: int
) -> ExportJob:
    """Have the file made. The same wish for the same reason, while it is under way, is the same file."""
    told = json.dumps([wish, reason, locale], sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(told.encode()).hexdigest()
    with transaction() as session:
        same = ExportJob.wish_key == key, ExportJob.state.in_(UNDER_WAY)
        under_way: ExportJob | None = session.scalars(_of(account_id, meetup.id).where(*same)).one_or_none()
        if under_way:
            return under_way
        job = ExportJob(
            reference=tokens.uid(),
            program_id=meetup.program_id,
            meetup_id=meetup.id,
            account_id=account_id,
            wish=dict(wish),
            wish_key=key,
            locale=locale,
            reason=reason,
            total=total,
        )
        session.add(job)
    return job


def find(meetup_id: int, account_id: int, reference: str) -> ExportJob | None:
    """The file, if it is this account's own and still kept. Nobody else has it, whatever their role."""
    query = _of(account_id, meetup_id).where(ExportJob.reference == reference, _kept())
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def of_account(meetup_id: int, account_id: int) -> Sequence[ExportJob]:
    """The account's latest files of the meetup."""
    query = _of(account_id, meetup_id).where(_kept(), ExportJob.state != ExportState.CANCELLED)
    return db.session.scalars(query.order_by(ExportJob.id.desc()).limit(SHOWN)).all()


def cancel(job_id: int) -> None:
    """Make it no further, and keep nothing of it. A second time changes nothing."""
    with transaction() as session:
        job = session.get(ExportJob, job_id, with_for_update=True)
        if job is None or job.state is ExportState.CANCELLED:
            return
        job.state, job.leased_until, job.expires_at = ExportState.CANCELLED, None, now() + KEPT
        _remove([job.reference])


def take(job: ExportJob) -> IO[bytes]:
    """The file, to be sent. Each download is noted with the reason; it leaves only if the note was written."""
    if job.state is not ExportState.DONE:
        raise DomainError("file_not_ready")
    try:
        file = (folder_of(job.reference, job.tries) / NAME).open("rb")
    except FileNotFoundError as error:
        raise DomainError("file_gone") from error
    with transaction() as session:
        audit.record(
            session,
            "attendees.exported",
            f"meetup:{job.meetup_id}",
            f"account:{job.account_id}",
            program_id=job.program_id,
            reason=job.reason,
            **job.details,
        )
    return file


def forget(session: Session, *which: ColumnElement[bool]) -> None:
    """In the caller's transaction: nothing is left of these files, whoever had them made."""
    references = session.scalars(select(ExportJob.reference).where(*which)).all()
    session.execute(delete(ExportJob).where(*which).execution_options(synchronize_session=False))
    _remove(references)


def discard_expired() -> int:
    """What was kept for a day, and folders of files that were given up; how many. For the worker's rounds."""
    over = ExportJob.expires_at <= now()
    with transaction() as session:
        gone = session.scalars(select(ExportJob.reference).where(over).limit(100)).all()
        session.execute(
            delete(ExportJob)
            .where(ExportJob.reference.in_(gone))
            .execution_options(synchronize_session=False)
        )
    _remove(gone)
    kept = db.session.execute(select(ExportJob.reference, ExportJob.tries)).all()
    _remove_others({f"{row.reference}-{row.tries}" for row in kept})
    return len(gone)


def folder_of(reference: str, tries: int) -> Path:
    """Where this try makes the file: a worker that was thought dead does not write into the next one's."""
    return _root() / f"{reference}-{tries}"


def _of(account_id: int, meetup_id: int) -> Any:
    return select(ExportJob).where(ExportJob.account_id == account_id, ExportJob.meetup_id == meetup_id)


def _kept() -> ColumnElement[bool]:
    return ExportJob.expires_at.is_(None) | (ExportJob.expires_at > now())


def _root() -> Path:
    folder: Path = current_app.config["SETTINGS"].DATA_DIR
    return folder / "exports"


def _remove(references: Collection[str]) -> None:
    for reference in references:
        for folder in _root().glob(f"{reference}-*"):
            shutil.rmtree(folder, ignore_errors=True)


def _remove_others(kept: Collection[str]) -> None:
    """Folders that no row has; one that is being made has one since before."""
    for folder in _root().glob("*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
