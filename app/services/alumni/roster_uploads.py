"""Files between upload and apply: kept under DATA_DIR/incoming for their uploader alone, then destroyed."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.rosters import Hints
from app.models import Meetup, RosterUpload
from app.services.alumni.rosters import Source, read

KEPT_FOR = dt.timedelta(hours=2)
UNDER_WAY = dt.timedelta(hours=1)
BUSY_FOR = dt.timedelta(minutes=10)  # then whoever was bringing it in has died over it
PASTE_NAME = "paste.txt"
MOST_TOLD = 20


def keep(
    program_id: int, account_id: int, cohort_id: int | None, source: Source, *, meetup_id: int | None = None
) -> RosterUpload:
    """Set a file aside until its uploader applies it. Raises `DomainError` for one that is no list at all.

    `meetup_id`: it is an edited list of this meetup.
    """
    _refuse_unreadable(source)
    name = PASTE_NAME if source.is_paste else source.file_name[:255]
    return _kept(
        source.data,
        program_id=program_id,
        cohort_id=cohort_id,
        meetup_id=meetup_id,
        account_id=account_id,
        file_name=name,
        file_sha256=source.sha256,
        is_paste=source.is_paste,
    )


def keep_way_back(meetup: Meetup, account_id: int, data: bytes, name: str, rows: int) -> RosterUpload:
    """For whoever is about to change it: what stands there before."""
    return _kept(
        data,
        program_id=meetup.program_id,
        meetup_id=meetup.id,
        account_id=account_id,
        file_name=name[:255],
        file_sha256=hashlib.sha256(data).hexdigest(),
        takes_back=rows,
    )


def rewrite_way_back(reference: str, data: bytes, rows: int) -> None:
    """What is left of it when all is done: not all that was wanted became true."""
    path = _path(reference)
    with transaction() as session:
        upload = session.scalars(
            select(RosterUpload).where(RosterUpload.reference == reference)
        ).one_or_none()
        if upload is None:  # somebody was erased meanwhile
            return
        upload.takes_back = rows
        upload.file_sha256 = hashlib.sha256(data).hexdigest()
        session.flush()
        other = path.with_name(f"{reference}.new")
        _write(other, data)
        other.replace(path)


def _kept(data: bytes, **columns: Any) -> RosterUpload:
    """The row comes before the file, and goes after it: no file lies on the disk that nothing remembers."""
    reference = tokens.uid()
    with transaction() as session:
        upload = RosterUpload(reference=reference, expires_at=now() + KEPT_FOR, **columns)
        session.add(upload)
    _write(_path(reference), data)
    return upload


def find(program_id: int, account_id: int, reference: str) -> RosterUpload | None:
    """The upload, if it is this account's own, of this programme, and still kept."""
    return db.session.scalars(
        select(RosterUpload).where(RosterUpload.reference == reference, *_own(program_id, account_id))
    ).one_or_none()


def ways_back(program_id: int, account_id: int, meetup_id: int) -> Sequence[RosterUpload]:
    """What this account can still take back at the meetup, the latest first."""
    of_meetup = RosterUpload.meetup_id == meetup_id, RosterUpload.takes_back.is_not(None)
    query = select(RosterUpload).where(*_own(program_id, account_id), *of_meetup)
    return db.session.scalars(query.order_by(RosterUpload.id.desc()).limit(MOST_TOLD)).all()


def _own(program_id: int, account_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        RosterUpload.program_id == program_id,
        RosterUpload.account_id == account_id,
        RosterUpload.expires_at > now(),
    )


@contextmanager
def busy(upload_id: int) -> Iterator[None]:
    """While it is brought in. Raises `DomainError` for whoever presses a second time meanwhile."""
    free = or_(RosterUpload.busy_since.is_(None), RosterUpload.busy_since < now() - BUSY_FOR)
    if not _set_busy(RosterUpload.id == upload_id, free, since=now()):
        raise DomainError("being_brought_in")
    try:
        yield
    finally:
        end_reading()
        _set_busy(RosterUpload.id == upload_id, since=None)


def _set_busy(*which: ColumnElement[bool], since: dt.datetime | None) -> bool:
    statement = update(RosterUpload).where(*which).values(busy_since=since)
    with transaction() as session:
        result: Any = session.execute(statement.execution_options(synchronize_session=False))
        return bool(result.rowcount)


def forget(session: Session, *which: ColumnElement[bool]) -> None:
    """In the caller's transaction: nothing is left of these files, whoever brought them."""
    references = session.scalars(select(RosterUpload.reference).where(*which)).all()
    session.execute(delete(RosterUpload).where(*which).execution_options(synchronize_session=False))
    for reference in references:
        _path(reference).unlink(missing_ok=True)


def source_of(upload: RosterUpload) -> Source:
    """The kept bytes. Raises `upload_gone` when a clean-up was quicker."""
    try:
        return Source(_path(upload.reference).read_bytes(), upload.file_name, upload.is_paste)
    except FileNotFoundError as error:
        raise DomainError("upload_gone") from error


def discard(upload_id: int, reference: str) -> None:
    """Destroy a kept file: after it was applied, or because its uploader says so."""
    _path(reference).unlink(missing_ok=True)
    with transaction() as session:
        session.execute(delete(RosterUpload).where(RosterUpload.id == upload_id))


def discard_expired() -> int:
    """Destroy what nobody applied in time; how many. For the worker's rounds."""
    gone = db.session.execute(
        select(RosterUpload.id, RosterUpload.reference).where(RosterUpload.expires_at <= now()).limit(100)
    ).all()
    for upload_id, reference in gone:
        discard(upload_id, reference)
    _remove_others(set(db.session.scalars(select(RosterUpload.reference))))
    return len(gone)


def _remove_others(kept: Collection[str]) -> None:
    """Files that no row names, as after a restore; one that is being uploaded is younger."""
    for path in _folder().glob("*"):
        at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        if path.name not in kept and at < now() - UNDER_WAY:
            path.unlink(missing_ok=True)


def _refuse_unreadable(source: Source) -> None:
    """Refuse at the door what no choice of encoding or column can turn into a list."""
    try:
        read(source, Hints())
    except DomainError as refusal:
        if refusal.code != "unknown_encoding":
            raise


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _path(reference: str) -> Path:
    return _folder() / reference


def _folder() -> Path:
    data: Path = current_app.config["SETTINGS"].DATA_DIR
    return data / "incoming"
