"""Files between upload and apply: kept under DATA_DIR/incoming for their uploader alone, then destroyed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.rosters import Hints
from app.models import RosterUpload
from app.services.alumni.rosters import Source, read

KEPT_FOR = dt.timedelta(hours=2)
UNDER_WAY = dt.timedelta(hours=1)
PASTE_NAME = "paste.txt"


def keep(program_id: int, account_id: int, cohort_id: int | None, source: Source) -> RosterUpload:
    """Set a file aside until its uploader applies it. Raises `DomainError` for one that is no list at all.

    The row comes before the file, and goes after it: no file lies on the disk that nothing remembers.
    """
    _refuse_unreadable(source)
    reference = tokens.uid()
    with transaction() as session:
        upload = RosterUpload(
            reference=reference,
            program_id=program_id,
            cohort_id=cohort_id,
            account_id=account_id,
            file_name=PASTE_NAME if source.is_paste else source.file_name[:255],
            file_sha256=source.sha256,
            is_paste=source.is_paste,
            expires_at=now() + KEPT_FOR,
        )
        session.add(upload)
    path = _path(reference)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source.data)
    return upload


def find(program_id: int, account_id: int, reference: str) -> RosterUpload | None:
    """The upload, if it is this account's own, of this programme, and still kept."""
    return db.session.scalars(
        select(RosterUpload).where(
            RosterUpload.reference == reference,
            RosterUpload.program_id == program_id,
            RosterUpload.account_id == account_id,
            RosterUpload.expires_at > now(),
        )
    ).one_or_none()


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


def _path(reference: str) -> Path:
    return _folder() / reference


def _folder() -> Path:
    data: Path = current_app.config["SETTINGS"].DATA_DIR
    return data / "incoming"
